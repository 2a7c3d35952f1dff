import { addDays, citizenIdCheckDigit, dayOf, uuidv7 } from '@vigil/codes'
import type { PurchaseInput } from '@vigil/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { takeOver } from '../opening/index.ts'
import { createPharmacyCity, mobile, type PharmacyCity, password } from '../pharmacy/pharmacy.fixture.ts'

let city: PharmacyCity
let auditor: Client
const hour = 3_600_000

/** A valid citizen ID; every `n` has an area and birthday of its own. */
function person(n: number): string {
  const day = new Date(Date.UTC(1960, 0, 1 + n * 37)).toISOString().slice(0, 10).replaceAll('-', '')
  const first17 = `350582${day}${String((n * 13) % 1000).padStart(3, '0')}`
  return first17 + citizenIdCheckDigit(first17)
}

/** A sale some hours ago to the n-th person. */
function sale(storeCode: string, n: number, hoursAgo: number, change: Partial<PurchaseInput> = {}): PurchaseInput {
  const soldAt = new Date(city.clock.now().getTime() - hoursAgo * hour)
  return city.sale({
    id: uuidv7(soldAt.getTime()),
    storeCode,
    soldAt: soldAt.toISOString(),
    documentNumber: person(n),
    person: {
      name: `林${'甲乙丙丁戊己庚辛壬癸'[n % 10]}${'一二三四五六七八九十'[Math.floor(n / 10) % 10]}`,
      mobile: mobile(n),
      residenceAreaCode: '350582',
      residenceAddress: '青阳街道 1 号',
    },
    ...change,
  })
}

const judgeAll = async () => {
  expect((await city.director.call('POST', '/api/compliance/runs', {})).statusCode).toBe(202)
  await city.app.modules.compliance.loop.work()
}
const storeOf = async (code: string, as: Client = city.supervisor) =>
  (await as.call('GET', `/api/compliance/stores/${code}`)).json()
const rulesOf = async (code: string) =>
  (await storeOf(code)).store.parts.map((part: { rule: string }) => part.rule).sort()

beforeAll(async () => {
  city = await createPharmacyCity()
  auditor = await city.person('auditor-c', 'auditor', '350500')
  // STORE-A: one document under many names. STORE-B: nothing wrong. Each sale reached the server when it was made.
  const all = Array.from({ length: 12 }, (_, n) => [
    sale('STORE-A', n, 13 - n, { documentNumber: person(500) }),
    sale('STORE-B', 100 + n, 13.3 - n),
  ]).flat()
  for (const one of all) {
    city.clock.offsetMs = Date.parse(one.soldAt) - Date.now()
    const [result] = await city.register([one])
    expect(result?.status).toBe('registered')
  }
  city.clock.offsetMs = 0
  await judgeAll()
}, 120_000)
afterAll(() => city.close())

test('a store with one document for many names is found, its neighbour is not', async () => {
  expect(await rulesOf('STORE-A')).toEqual(['shared-id'])
  expect(await rulesOf('STORE-B')).toEqual([])
  const { store, evidence, days } = await storeOf('STORE-A')
  expect(store).toMatchObject({ score: 50, grade: 'orange', entries: 12 })
  expect(evidence).toMatchObject([
    { rule: 'shared-id', count: 12, entries: 12, text: expect.stringContaining('12 个姓名') },
  ])
  expect(days.at(-1)).toMatchObject({ score: 50, grade: 'orange' })
  const list = (await city.supervisor.call('GET', '/api/compliance/stores?grade=any')).json()
  expect(list.items.map((item: { storeCode: string }) => item.storeCode)).toEqual(['STORE-A'])
  expect(list.counts).toEqual({ blue: 0, yellow: 0, orange: 1, red: 0, none: 1, overdue: 0 })
})

test('evidence names its entries masked, to those who may see entries', async () => {
  const [{ rule, key }] = (await storeOf('STORE-A')).evidence
  const url = `/api/compliance/stores/STORE-A/entries?rule=${rule}&key=${encodeURIComponent(key)}`
  const { items } = (await city.supervisor.call('GET', url)).json()
  expect(items).toHaveLength(12)
  for (const item of items)
    expect(item).toMatchObject({ name: expect.stringMatching(/^林\*/), mobile: expect.stringContaining('****') })
  expect((await auditor.call('GET', url)).statusCode).toBe(403)
})

test('nothing that was derived holds a name, a number or a birthday', async () => {
  const rows = await city.owner<{ text: string }>(`SELECT entries::text AS text FROM compliance.fact_day
    UNION ALL SELECT row_to_json(e)::text FROM compliance.evidence e`)
  expect(rows.length).toBeGreaterThan(2)
  for (const { text } of rows) {
    expect(text).not.toMatch(/林[甲-癸]/)
    expect(text).not.toContain(person(500).slice(6, 14))
    expect(text).not.toContain(mobile(1))
  }
})

test('judging again derives nothing anew, and says who was decrypted once', async () => {
  const derived = () => city.owner<{ n: number }>(`SELECT sum(derived)::int AS n FROM compliance.run`)
  const audited = () =>
    city.owner<{ n: number }>(`SELECT count(*)::int AS n FROM audit.entry WHERE action = 'compliance.derive'`)
  const before = [await derived(), await audited()]
  const kept = await city.owner(`SELECT * FROM compliance.evidence ORDER BY store_code, rule, key`)
  await judgeAll()
  expect([await derived(), await audited()]).toEqual(before)
  expect(await city.owner(`SELECT * FROM compliance.evidence ORDER BY store_code, rule, key`)).toEqual(kept)
})

test('only the days that changed are derived again', async () => {
  const [one] = await city.register([sale('STORE-B', 300, 0.01)])
  expect(one?.status).toBe('registered')
  await judgeAll()
  const [run] = await city.owner(`SELECT derived FROM compliance.run ORDER BY id DESC LIMIT 1`)
  expect(run).toEqual({ derived: 1 })
})

test('a run that is cut off goes on where its last part was kept', async () => {
  await city.owner(`UPDATE compliance.store SET entries = 0`)
  // Ordered past the route, which would set this process to work at once.
  await city.owner(
    `INSERT INTO compliance.run (id, kind, path, day, cursor, judged, asked_by, created_at)
     VALUES ($1, 'demand', '/', $2, 'STORE-A', 1, '测试', now())`,
    [uuidv7(), dayOf(city.clock.now())],
  )
  await city.app.modules.compliance.loop.work()
  const rows = await city.owner(`SELECT store_code, entries FROM compliance.store ORDER BY 1 LIMIT 2`)
  expect(rows).toEqual([
    { store_code: 'STORE-A', entries: 0 },
    { store_code: 'STORE-B', entries: 13 },
  ])
  expect(await city.owner(`SELECT 1 FROM compliance.run WHERE finished_at IS NULL`)).toEqual([])
  await judgeAll()
})

test('the loop closes when it is told to, and works after a failed part', async () => {
  await city.director.call('POST', '/api/compliance/runs', {})
  await city.owner(`ALTER TABLE compliance.score_day RENAME TO score_day_away`)
  await expect(city.app.modules.compliance.loop.work()).rejects.toThrow()
  await city.owner(`ALTER TABLE compliance.score_day_away RENAME TO score_day`)
  await city.app.modules.compliance.loop.work()
  expect(await city.owner(`SELECT 1 FROM compliance.run WHERE finished_at IS NULL`)).toEqual([])
})

test('a warning reaches the counter, is answered there, and is closed with a result', async () => {
  const order = { kind: 'warning', storeCodes: ['STORE-A'], note: '请尽快核实', dueDays: 3 }
  const made = await city.supervisor.call('POST', '/api/compliance/measures', order)
  expect(made.statusCode).toBe(201)
  const [{ id, rules, reasons }] = made.json().items
  expect(rules).toEqual(['shared-id'])
  expect(reasons[0]).toContain('12 个姓名')
  expect((await city.supervisor.call('POST', '/api/compliance/measures', order)).json().code).toBe('open-already')

  const own = (await city.clerk.call('GET', '/api/notices/own')).json()
  expect(own).toMatchObject({ open: 1, overdue: 0, items: [{ kind: 'warning', state: 'sent', needs: 'answer' }] })
  const notice = own.items[0]
  expect(notice.body).toContain('请尽快核实')
  expect((await city.clerk.call('POST', `/api/notices/${notice.id}/read`)).json().state).toBe('read')
  const part = { name: '王店长', replies: [{ code: 'cause', value: '店员图快' }] }
  const short = await city.clerk.call('POST', `/api/notices/${notice.id}/answer`, part)
  expect([short.statusCode, short.json().detail]).toEqual([400, '请回答“整改措施”'])
  const replies = [...part.replies, { code: 'measure', value: '已培训' }, { code: 'when', value: '已改好' }]
  const answered = await city.clerk.call('POST', `/api/notices/${notice.id}/answer`, { ...part, replies })
  expect(answered.json()).toMatchObject({ state: 'done', signedBy: '王店长' })
  expect((await city.clerk.call('POST', `/api/notices/${notice.id}/answer`, { ...part, replies })).statusCode).toBe(409)

  const [measure] = (await storeOf('STORE-A')).measures
  expect(measure).toMatchObject({ id, state: 'answered', reply: { signedBy: '王店长' } })
  expect(measure.reply.lines).toContain('原因说明：店员图快')
  const result = { outcome: 'confirmed', result: '现场核实，店员冒用他人证件' }
  expect((await city.supervisor.call('POST', `/api/compliance/measures/${id}/result`, result)).json().state).toBe(
    'done',
  )
  expect((await city.supervisor.call('POST', `/api/compliance/measures/${id}/result`, result)).statusCode).toBe(409)
  const { items } = (await city.supervisor.call('GET', '/api/compliance/rules')).json()
  expect(items.find(({ rule }: { rule: string }) => rule === 'shared-id').record).toEqual({
    stores: 1,
    confirmed: 1,
    unfounded: 0,
    dismissed: 0,
  })
})

test('a letter has a number of its own, is a PDF, and shows who signed', async () => {
  const order = { kind: 'letter', storeCodes: ['STORE-A', 'STORE-B'], note: '', dueDays: 5 }
  const { items } = (await city.supervisor.call('POST', '/api/compliance/measures', order)).json()
  const year = new Date(city.clock.now().getTime() + 8 * hour).getUTCFullYear()
  expect(items.map((item: { number: string }) => item.number)).toEqual([
    `药规告诫〔${year}〕0001号`,
    `药规告诫〔${year}〕0002号`,
  ])
  const [{ id }] = (await city.clerk.call('GET', '/api/notices/own')).json().items
  expect((await city.clerk.call('POST', `/api/notices/${id}/sign`, { name: ' ' })).statusCode).toBe(400)
  expect((await city.clerk.call('POST', `/api/notices/${id}/sign`, { name: '王店长' })).json().state).toBe('done')
  const pdf = await auditor.call('GET', `/api/compliance/measures/${items[0].id}/letter`)
  expect(pdf.headers['content-type']).toBe('application/pdf')
  expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
  const cancelled = await city.supervisor.call('POST', `/api/compliance/measures/${items[1].id}/cancel`, {
    reason: '误发',
  })
  expect(cancelled.json()).toMatchObject({ state: 'cancelled', result: '误发' })
  expect(await city.owner(`SELECT state FROM notice.notice WHERE store_code = 'STORE-B'`)).toEqual([
    { state: 'withdrawn' },
  ])
})

test('a pledge that is signed needs nothing more; a task needs a name', async () => {
  const pledge = { kind: 'pledge', storeCodes: ['STORE-A'], note: '', dueDays: 5 }
  await city.supervisor.call('POST', '/api/compliance/measures', pledge)
  const { items } = (await city.clerk.call('GET', '/api/notices/own')).json()
  await city.clerk.call('POST', `/api/notices/${items[0].id}/sign`, { name: '王店长' })
  const task = { kind: 'task', storeCodes: ['STORE-A'], note: '', dueDays: 5 }
  expect((await city.supervisor.call('POST', '/api/compliance/measures', task)).statusCode).toBe(400)
  const people = async (q = '') =>
    (await city.supervisor.call('GET', `/api/compliance/people?store=STORE-A&q=${encodeURIComponent(q)}`)).json().items
  const names = (list: { name: string }[]) => list.map(({ name }) => name)
  // The nearest first; those of another county and those who may only look are not among them.
  expect(names(await people())).toEqual(['测试supervisor', '测试director'])
  expect(names(await people('SUPER'))).toEqual(['测试supervisor'])
  const [inspector] = await people('supervisor')
  const stranger = await city.owner<{ id: string }>(`SELECT id FROM access.account WHERE username = 'auditor-c'`)
  for (const [assigneeId, storeCodes] of [
    [stranger[0]!.id, ['STORE-A']],
    [inspector.id, ['STORE-A', 'STORE-C']],
  ] as const) {
    const refused = await city.director.call('POST', '/api/compliance/measures', { ...task, storeCodes, assigneeId })
    expect([refused.statusCode, refused.json().errors?.[0]?.pointer]).toEqual([400, '/assigneeId'])
  }
  await city.supervisor.call('POST', '/api/compliance/measures', { ...task, assigneeId: inspector.id })
  await city.owner(`INSERT INTO compliance.measure (id, store_code, path, kind, rules, reasons, note, assignee, due_at, created_at, created_by)
    SELECT '00000000-0000-7000-8000-000000000001', code, path, 'task', '{}', '{}', '', '老李', now() + '1 day', now(), '' FROM pharmacy.store WHERE code = 'STORE-B'`)
  expect((await storeOf('STORE-B')).measures.at(-1)).toMatchObject({ assignee: '老李', assigneeId: null })
  const { measures } = await storeOf('STORE-A')
  expect(measures.slice(0, 2)).toMatchObject([
    { kind: 'task', state: 'open', assignee: '测试supervisor', assigneeId: inspector.id },
    { kind: 'pledge', state: 'done', closedBy: '药店' },
  ])
})

test('a store that was never judged is not taken for one that does not exist', async () => {
  await city.owner(`INSERT INTO pharmacy.store (code, name, address, county, area_code, path, lon, lat)
    SELECT 'STORE-NEW', '新开药房', address, county, area_code, replace(path, code, 'STORE-NEW'), lon, lat FROM pharmacy.store WHERE code = 'STORE-A'`)
  const answer = await city.supervisor.call('GET', '/api/compliance/stores/STORE-NEW')
  expect([answer.statusCode, answer.json().code]).toEqual([409, 'not-judged'])
  expect((await city.supervisor.call('GET', '/api/compliance/stores/STORE-NONE')).statusCode).toBe(404)
})

test('another area and another store see and do nothing', async () => {
  const other = await city.person('neighbour-c', 'county-supervisor', '350583')
  expect((await other.call('GET', '/api/compliance/stores/STORE-A')).statusCode).toBe(404)
  expect((await other.call('GET', '/api/compliance/stores')).json().items).not.toMatchObject([{ storeCode: 'STORE-A' }])
  const order = { kind: 'warning', storeCodes: ['STORE-A'], note: '', dueDays: 3 }
  expect((await other.call('POST', '/api/compliance/measures', order)).statusCode).toBe(404)
  const { id } = (await storeOf('STORE-A')).measures[0]
  expect((await other.call('POST', `/api/compliance/measures/${id}/cancel`, { reason: '误发' })).statusCode).toBe(404)
})

test('a finding that is held off takes no points, now and after the next run', async () => {
  const body = { rule: 'shared-id', reason: '集体代购，已核实', days: 30 }
  const held = await city.supervisor.call('POST', '/api/compliance/stores/STORE-A/dismissals', body)
  expect(held.json()).toMatchObject({ score: 100, grade: null, parts: [{ dismissed: true, points: 0 }] })
  expect((await city.supervisor.call('POST', '/api/compliance/stores/STORE-A/dismissals', body)).statusCode).toBe(409)
  await judgeAll()
  expect((await storeOf('STORE-A')).store).toMatchObject({ score: 100, grade: null })
  expect((await storeOf('STORE-A')).dismissals).toMatchObject([{ rule: 'shared-id', reason: '集体代购，已核实' }])
})

test('a rule with impossible parameters is refused with the reason; a changed one judges anew', async () => {
  const url = '/api/compliance/rules/shared-id'
  const values = (names: number) => [
    { name: 'names', value: names },
    { name: 'full', value: 20 },
  ]
  const body = { version: 1, enabled: true, weight: 50, values: values(1), note: '放宽' }
  const refused = await city.director.call('PUT', url, body)
  expect([refused.statusCode, refused.json().detail]).toEqual([400, '“同一证件至少几个姓名”应在 2 到 20 之间'])
  const changed = await city.director.call('PUT', url, { ...body, values: values(20) })
  expect(changed.statusCode).toBe(200)
  expect((await city.director.call('PUT', url, { ...body, values: values(9) })).statusCode).toBe(409)
  await city.app.modules.compliance.loop.work()
  expect(await rulesOf('STORE-A')).toEqual([])
})

test('the nightly run comes once a day, whoever looks', async () => {
  const nightly = () =>
    city.owner<{ n: number }>(`SELECT count(*)::int AS n FROM compliance.run WHERE kind = 'nightly'`)
  const atFive = new Date(city.clock.now().getTime() + 8 * hour)
  atFive.setUTCHours(29, 0, 0, 0)
  city.clock.forward(atFive.getTime() - 8 * hour - city.clock.now().getTime())
  const [before] = await nightly()
  await city.app.modules.compliance.loop.work()
  await city.app.modules.compliance.loop.work()
  expect(await nightly()).toEqual([{ n: before!.n + 1 }])
})

test('a store that said it is closed is not found silent; one that said nothing is', async () => {
  const silent = () =>
    city.owner<{ store_code: string; count: number }>(
      `SELECT store_code, count FROM compliance.evidence WHERE rule = 'silent' ORDER BY 1`,
    )
  city.clock.forward(5 * 24 * hour)
  await city.app.modules.compliance.loop.work()
  expect((await silent()).map((row) => row.store_code)).toEqual(['STORE-A', 'STORE-B'])
  const saidAt = new Date(city.clock.now().getTime() - 5 * 24 * hour)
  const backOn = addDays(dayOf(saidAt), 30)
  const said = { storeCode: 'STORE-B', state: 'closed', reason: 'renovation', note: '', backOn, saidAt } as const
  expect(await takeOver(city.app.kernel, city.app.modules.pharmacy.purchases.reference, [said])).toBe(1)
  await city.director.signIn('director', { password })
  await judgeAll()
  expect((await silent()).map((row) => row.store_code)).toEqual(['STORE-A'])
})

test('what nobody does in time is told level by level, once each, with the next step', async () => {
  const messages = () =>
    city.owner<{ title: string; text: string; path: string; told: number }>(
      `SELECT title, text, path, (SELECT count(*)::int FROM channel.delivery d WHERE d.message_id = m.id) AS told
       FROM channel.message m WHERE kind = 'compliance' ORDER BY id`,
    )
  const signIn = async () => {
    await city.director.signIn('director', { password })
    await city.supervisor.signIn('supervisor', { password })
  }
  const mailbox = { name: '邮箱', kind: 'email', address: 'a@example.cn', grades: [], quiet: null, active: true }
  await signIn()
  for (const client of [city.supervisor, city.director])
    expect((await client.call('POST', '/api/me/channels', { ...mailbox, grades: ['red'] })).statusCode).toBe(201)
  await city.owner(`UPDATE compliance.measure SET state = 'done' WHERE state IN ('open', 'answered')`)
  const rule = { areaCode: '350582', from: dayOf(city.clock.now()), upDays: 2, note: '' }
  expect((await city.director.call('POST', '/api/compliance/overdue-rules', rule)).statusCode).toBe(201)
  const storeCodes = ['STORE-A', 'STORE-B']
  for (const [kind, dueDays] of [
    ['warning', 1],
    ['letter', 1],
    ['interview', 9],
  ] as const)
    expect(
      (await city.supervisor.call('POST', '/api/compliance/measures', { kind, storeCodes, note: '', dueDays }))
        .statusCode,
    ).toBe(201)
  const overdue = async () => {
    await signIn()
    const list = (await city.supervisor.call('GET', '/api/compliance/measures?state=overdue')).json()
    const stores = (await city.supervisor.call('GET', '/api/compliance/stores?measure=overdue')).json()
    const found = list.items.map(({ kind, proposal }: { kind: string; proposal: string }) => [kind, proposal])
    return { found, count: list.overdue, stores: stores.items.length, counted: stores.counts.overdue }
  }
  expect(await city.app.modules.compliance.escalate()).toBe(0)
  expect(await overdue()).toEqual({ found: [], count: 0, stores: 0, counted: 0 })

  city.clock.forward(25 * hour)
  const other = await city.another()
  await Promise.all([city.app, other].map((app) => app.modules.compliance.escalate()))
  await city.app.modules.compliance.escalate()
  const letters = ['letter', 'interview']
  const warnings = ['warning', 'letter']
  expect(await overdue()).toEqual({ found: [letters, letters, warnings, warnings], count: 4, stores: 2, counted: 2 })
  // Nobody at the office wants messages: the county is told at once.
  const first = { title: '350582测试所 4 项药店规范处置逾期', told: 1, path: expect.stringMatching(/350582S01\/$/) }
  expect(await messages()).toMatchObject([first])
  expect((await messages())[0]!.text).toContain('提醒 2 项，建议下一步：提醒告诫书')

  city.clock.forward(47 * hour)
  await city.app.modules.compliance.escalate()
  expect(await messages()).toHaveLength(1)
  await city.owner(`UPDATE compliance.measure SET state = 'answered' WHERE kind = 'warning' AND state = 'open'`)
  city.clock.forward(2 * hour)
  await city.app.modules.compliance.escalate()
  await signIn()
  const [, second, ...more] = await messages()
  expect(more).toEqual([])
  expect(second).toMatchObject({ title: '泉州市 2 项药店规范处置逾期', told: 1 })
  const { items } = (await city.supervisor.call('GET', '/api/compliance/measures?state=overdue')).json()
  expect(items[0].escalated.areaName).toBe('泉州市')
  city.clock.forward(4 * 24 * hour)
  await city.app.modules.compliance.escalate()
  expect(await messages()).toHaveLength(2)
})
