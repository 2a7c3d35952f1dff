import { addDays, dayOf } from '@vigil/codes'
import type { BodyOf, Contract, FollowupDetail, FollowupItem, PurchaseInput } from '@vigil/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { openTable } from '../../kernel/tabular/index.ts'
import { createTestApp, createTestDatabase, type TestApp, type TestDatabase } from '../../testing/index.ts'
import { callerAt, citizenId, cityPath, createShop, purchase, sell } from '../../testing/shop.ts'
import { defaultRules } from './rules.domain.ts'

class Clock {
  offset = 0
  now = () => new Date(Date.now() + this.offset)
}
const clock = new Clock()
const hourMs = 3_600_000
let database: TestDatabase
let app: TestApp
/** A second process over the same database. */
let other: TestApp
let n = 0
const officer = callerAt(cityPath, 'followup.read', 'followup.handle', 'purchase.reveal', 'rule.manage')
const jinjiang = '/350000/350500/350582/'

beforeAll(async () => {
  database = await createTestDatabase()
  app = await createShop({ clock, database })
  other = await createTestApp({ clock, database, dataDir: app.kernel.config.dataDir })
})
afterAll(async () => {
  await other.close()
  await app.close()
  await database.drop()
})
beforeEach(() => {
  clock.offset = 0
})

type Name = keyof Contract & `followup.${string}`
const call = <K extends Name>(name: K, input: object = {}, caller: Caller = officer) =>
  app.modules.handlers[name]({ caller, params: {}, query: {}, body: {}, ...input } as never) as Promise<never>

const inDatabase = <T>(work: Parameters<typeof withScope<T>>[2]) => withScope(app.kernel.db, systemScope, work)
const look = () => app.modules.followups.loop.compare()
const well = { symptoms: [], temperatureTenths: null } satisfies Partial<PurchaseInput>
/** A sale to a person of whom no other test has heard; `person` changes who it is. */
function sale(person: number, change: Partial<PurchaseInput> = {}, home: Partial<PurchaseInput['person']> = {}) {
  const one = purchase(app, person, change)
  const own = { residenceAddress: `青阳街道${person}号`, ...home }
  return { ...one, person: { ...one.person!, ...own } }
}
const someone = () => ++n + 100
async function entryOf(person: number): Promise<FollowupItem | undefined> {
  const body = { number: citizenId(person), purpose: 'follow-up', reason: '测试' }
  return ((await call('followup.lookup', { body })) as { items: FollowupItem[] }).items[0]
}
const page = (id: string, caller = officer): Promise<FollowupDetail> =>
  call('followup.read', { params: { id } }, caller)
const refused = (status: number) => ({ details: { status } })
const audited = async (action: string) =>
  inDatabase((tx) => tx.selectFrom('audit.entry').selectAll().where('action', '=', action).orderBy('seq').execute())

describe('finding', () => {
  test('a fever buyer is found once, masked, due a day after the sale became known, at the office of the store', async () => {
    const person = someone()
    await sell(app, [sale(person)])
    expect(await look()).toMatchObject({ persons: 1, open: 1 })
    const entry = (await entryOf(person))!
    expect(entry).toMatchObject({
      state: 'new',
      causes: ['fever'],
      grade: 'orange',
      areaCode: '350582S01',
      name: '林**',
      overdue: false,
    })
    expect(entry.documentNumber).not.toContain(citizenId(person).slice(6, 14))
    const hours = (Date.parse(entry.dueAt!) - clock.now().getTime()) / hourMs
    expect(Math.abs(hours - 24)).toBeLessThan(0.1)
    expect(await look()).toMatchObject({ persons: 0, open: 0 })
    expect(await app.modules.followups.loop.compare(true)).toMatchObject({ open: 0, join: 0, reopen: 0, grow: 0 })
    const { purchases, timeline } = await page(entry.id)
    expect(purchases).toMatchObject([{ storeCode: 'JJ-0001', temperatureTenths: 385, kinds: ['fever'] }])
    expect(timeline).toMatchObject([{ kind: 'opened', causes: ['fever'] }])
    expect((await audited('followup.open')).at(-1)).toMatchObject({
      object: `followup:${entry.id}`,
      path: `${jinjiang}350582S01/`,
    })
  })

  test('who was told of a sale looks at its store; what nobody told of is found by the totals', async () => {
    const [told, forgotten] = [someone(), someone()]
    await sell(app, [sale(told)])
    await expect.poll(async () => (await app.modules.followups.loop.tick())?.open ?? 0, { timeout: 5000 }).toBe(1)
    expect(await entryOf(told)).toBeDefined()
    await sell(app, [sale(forgotten)])
    // As after a crash: found by a process that was told nothing.
    expect(await other.modules.followups.loop.compare()).toMatchObject({ open: 1 })
    expect(await entryOf(forgotten)).toBeDefined()
  })

  test('repeat purchases over stores open one, and a fever joins it with its earlier time', async () => {
    const person = someone()
    await sell(app, [sale(person, well), sale(person, { ...well, storeCode: 'NA-0001' })])
    await look()
    expect(await entryOf(person)).toBeUndefined()
    await sell(app, [sale(person, well)])
    await look()
    const before = (await entryOf(person))!
    expect(before).toMatchObject({ causes: ['repeat'], grade: 'yellow' })
    await sell(app, [sale(person)])
    expect(await look()).toMatchObject({ join: 1, open: 0 })
    const after = (await entryOf(person))!
    expect(after).toMatchObject({ id: before.id, grade: 'orange' })
    expect([...after.causes].sort()).toEqual(['fever', 'repeat'])
    expect(Date.parse(after.dueAt!)).toBeLessThan(Date.parse(before.dueAt!))
    expect((await page(after.id)).causes.find(({ kind }) => kind === 'repeat')!.detail).toMatchObject({ stores: 2 })
  })

  test('the fourth buyer at a mobile brings the other three along; a household of three that are ill is red', async () => {
    const four = [someone(), someone(), someone(), someone()]
    const mobile = '13900000444'
    await sell(
      app,
      four.slice(0, 3).map((person) => sale(person, well, { mobile })),
    )
    await look()
    expect(await entryOf(four[0]!)).toBeUndefined()
    await sell(app, [sale(four[3]!, well, { mobile })])
    await look()
    for (const person of four) expect((await entryOf(person))?.causes).toEqual(['mobile'])
    const links = (await page((await entryOf(four[0]!))!.id)).links
    expect(links).toMatchObject([{ kind: 'mobile', persons: 3 }])
    expect(links[0]!.entries.length).toBe(3)

    const family = [someone(), someone(), someone()]
    await inDatabase((tx) =>
      sql`insert into channel.target (id, kind, name, area_code, path, sealed_address, hint, grades, active, created_at, created_by)
        values (gen_random_uuid(), 'wecom', '群', '350582', ${jinjiang}, '\\x00', '', '{red}', true, now(), '')`.execute(
        tx,
      ),
    )
    const written = ['梅岭街道 9 号 3 幢 201', '福建省泉州市晋江市梅岭街道９号３栋201室', '梅岭街道9号3座-201']
    for (const [index, person] of family.entries()) {
      await sell(app, [sale(person, {}, { residenceAddress: written[index]! })])
      await look()
    }
    for (const person of family)
      expect(await entryOf(person)).toMatchObject({ causes: ['fever', 'address'], grade: 'red' })
    const told = await inDatabase((tx) =>
      tx.selectFrom('channel.message').selectAll().where('kind', '=', 'followup').execute(),
    )
    expect(told.map(({ grade }) => grade)).toContain('red')
    expect(JSON.stringify(told)).not.toContain('林')
    await inDatabase((tx) => sql`update channel.target set active = false`.execute(tx))
  })

  test('the area of residence follows up who bought elsewhere; of that sale it is told the number only', async () => {
    const person = someone()
    await sell(app, [sale(person, { storeCode: 'NA-0001' })])
    await look()
    const entry = (await entryOf(person))!
    expect(entry.areaCode).toBe('350582')
    const county = callerAt(jinjiang, 'followup.read')
    expect(await page(entry.id, county)).toMatchObject({ purchases: [], elsewhere: 1 })
    const neighbour = callerAt('/350000/350500/350583/', 'followup.read', 'followup.handle')
    await expect(page(entry.id, neighbour)).rejects.toMatchObject(refused(404))
    const take = call('followup.take', { params: { id: entry.id }, body: { revision: 0 } }, neighbour)
    await expect(take).rejects.toMatchObject(refused(404))
    const listed = (await call('followup.list', {}, neighbour)) as { items: FollowupItem[] }
    expect(listed.items.map(({ id }) => id)).not.toContain(entry.id)
  })

  test('an entry that was undone or lost its fever is withdrawn, unless somebody has it in hand', async () => {
    const [undone, corrected, taken] = [someone(), someone(), someone()]
    const sales = [sale(undone), sale(corrected), sale(taken)]
    await sell(app, sales)
    await look()
    const held = (await entryOf(taken))!
    await call('followup.take', { params: { id: held.id }, body: { revision: held.revision } })
    const clerk = { ...callerAt(cityPath, 'purchase.register', 'purchase.correct'), storeCode: 'JJ-0001' }
    const change = (name: 'purchase.undo' | 'purchase.correct', id: string, body = {}) =>
      app.modules.handlers[name]({ caller: clerk, params: { id }, body } as never)
    await change('purchase.undo', sales[0]!.id)
    const cooler = { revision: 0, reason: '误填', changes: { symptoms: [], temperatureTenths: 366 } }
    await change('purchase.correct', sales[1]!.id, cooler)
    await change('purchase.undo', sales[2]!.id)
    let ended = 0
    await expect
      .poll(async () => (ended += (await app.modules.followups.loop.tick())?.withdrawn ?? 0), { timeout: 5000 })
      .toBe(2)
    for (const person of [undone, corrected])
      expect(await entryOf(person)).toMatchObject({ state: 'closed', outcome: 'withdrawn', dueAt: null })
    expect(await entryOf(taken)).toMatchObject({ state: 'in-hand' })
    expect((await page(held.id)).purchases).toMatchObject([{ undone: true }])
  })

  test('two processes that look at once open one entry for each person', async () => {
    const persons = Array.from({ length: 40 }, someone)
    await sell(
      app,
      persons.map((person) => sale(person)),
    )
    const { loop } = other.modules.followups
    const results = await Promise.all([app.modules.followups.loop.compare(true), loop.compare(true)])
    expect(results.filter(Boolean).length).toBeGreaterThan(0)
    expect(results.reduce((sum, one) => sum + (one?.open ?? 0), 0)).toBe(40)
    for (const person of persons.slice(0, 3)) expect(await entryOf(person)).toMatchObject({ state: 'new' })
  })

  test('a process that died in the middle is taken up when its lease is over', async () => {
    const person = someone()
    await sell(app, [sale(person)])
    await inDatabase((tx) =>
      sql`update followup.lease set holder = gen_random_uuid(), until = now() + interval '1 minute'`.execute(tx),
    )
    expect(await look()).toBeUndefined()
    await inDatabase((tx) => sql`update followup.lease set until = now() - interval '1 second'`.execute(tx))
    expect(await look()).toMatchObject({ open: 1 })
  })
})

describe('handling', () => {
  async function opened(): Promise<{ person: number; entry: FollowupItem }> {
    const person = someone()
    await sell(app, [sale(person)])
    await look()
    return { person, entry: (await entryOf(person))! }
  }
  const act = (
    name: Name,
    { id, revision }: FollowupItem,
    body: object = {},
    caller = officer,
  ): Promise<FollowupItem> => call(name, { params: { id }, body: { revision, ...body } }, caller)

  test('taken, noted, closed, and taken up again by a new cause; each with its audit row', async () => {
    const { person, entry } = await opened()
    const taken = await act('followup.take', entry)
    expect(taken).toMatchObject({ state: 'in-hand', assignee: officer.name })
    await expect(act('followup.take', entry)).rejects.toMatchObject({ details: { status: 409, code: 'stale' } })
    await act('followup.note', taken, { text: '电话 13900001234 无人接听' })
    const { rows } = await inDatabase((tx) =>
      sql<{ all: string }>`select json_agg(e)::text as all from followup.event e`.execute(tx),
    )
    expect(rows[0]!.all).not.toContain('无人接听')
    const noted = await page(entry.id)
    expect(noted.timeline[0]).toMatchObject({ kind: 'noted', text: '电话 13900001234 无人接听' })
    const closed = await act('followup.close', noted.entry, { outcome: 'sent', note: '' })
    expect(closed).toMatchObject({ state: 'closed', outcome: 'sent', dueAt: null, overdue: false })
    await expect(act('followup.note', closed, { text: '再来' })).rejects.toMatchObject(refused(409))
    await sell(app, [sale(person, { temperatureTenths: 391 })])
    expect(await look()).toMatchObject({ reopen: 1, open: 0 })
    expect(await entryOf(person)).toMatchObject({ id: entry.id, state: 'new', reopened: 1, outcome: null })
    for (const action of ['followup.take', 'followup.note', 'followup.close', 'followup.reopen'])
      expect((await audited(action)).map(({ object }) => object)).toContain(`followup:${entry.id}`)
  })

  test('reopening by hand needs a closed one; closing as other needs a word', async () => {
    const { entry } = await opened()
    await expect(act('followup.reopen', entry, { reason: '复查' })).rejects.toMatchObject(refused(409))
    await expect(act('followup.close', entry, { outcome: 'other', note: ' ' })).rejects.toMatchObject(refused(400))
    const closed = await act('followup.close', entry, { outcome: 'other', note: '本人外出' })
    expect(await act('followup.reopen', closed, { reason: '复查' })).toMatchObject({ state: 'new', reopened: 1 })
  })

  test('what is due is overdue after its time, first in the list, and counted on the board', async () => {
    const { entry } = await opened()
    clock.offset = 25 * hourMs
    expect((await page(entry.id)).entry.overdue).toBe(true)
    const listed = (await call('followup.list', { query: { overdue: '1' } })) as {
      items: FollowupItem[]
      total: { count: number }
    }
    expect(listed.items.every(({ overdue }) => overdue)).toBe(true)
    const times = listed.items.map(({ dueAt }) => dueAt!)
    expect(times).toEqual([...times].sort())
    const board = (await call('followup.board')) as { columns: { state: string; count: number; overdue: number }[] }
    expect(board.columns.reduce((sum, { overdue }) => sum + overdue, 0)).toBe(listed.total.count)
  })

  test('what is overdue is told once to the nearest level that wants to know, and again for a new time', async () => {
    const manager = callerAt(cityPath, 'channel.manage')
    const duty = {
      name: '值班邮箱',
      kind: 'email',
      address: 'a@example.cn',
      grades: ['red'],
      quiet: null,
      active: true,
    }
    for (const areaCode of ['350582', '350500'])
      await call('channel.create' as never, { body: { ...duty, areaCode } }, manager)
    const tell = () => Promise.all([app, other].map((one) => one.modules.followups.loop.tellOverdue()))
    const messages = () =>
      inDatabase((tx) => tx.selectFrom('channel.message').selectAll().where('kind', '=', 'followup').execute())
    const overdue = async () =>
      (await messages()).filter(({ title, path }) => title.includes('超期') && path.endsWith('/350582S01/'))
    const person = someone()
    await sell(app, [sale(person)])
    await look()
    const entry = (await entryOf(person))!
    // What fell due in other tests is told of first.
    await tell()
    const before = (await overdue()).length
    clock.offset = 25 * hourMs
    await tell()
    await tell()
    const fresh = (await overdue()).slice(before)
    expect(fresh).toMatchObject([{ title: expect.stringMatching(/^350582监管所 \d+ 人随访已超期$/) }])
    const told = await inDatabase((tx) =>
      tx.selectFrom('channel.delivery').select('path').where('messageId', '=', fresh[0]!.id).execute(),
    )
    // The office has nobody; its county is told, the city is not.
    expect(told).toEqual([{ path: jinjiang }])
    expect(JSON.stringify(fresh)).not.toContain('林')
    const sheet = { ids: [entry.id], recipient: 'cdc', recipientName: '晋江市疾控中心' } as const
    await call('followup.hand-over', { body: sheet })
    await tell()
    expect((await overdue()).length).toBe(before + 1)
    clock.offset = (25 + 73) * hourMs
    await tell()
    const [last] = (await overdue()).slice(-1)
    expect((await overdue()).length).toBe(before + 2)
    expect(last!.text).toContain('已转交未办结 1 人')
  })
  test('pages of the list fit together', async () => {
    const all = ((await call('followup.list', { query: { limit: 200 } })) as { items: FollowupItem[] }).items
    expect(all.length).toBeGreaterThan(8)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query = { limit: 7, ...(cursor && { cursor }) }
      const next = (await call('followup.list', { query })) as { items: FollowupItem[]; next: string | null }
      seen.push(...next.items.map(({ id }) => id))
      cursor = next.next ?? undefined
    } while (cursor)
    expect(seen).toEqual(all.map(({ id }) => id))
  })

  test('clear text takes purpose, permission and a record; a hand-over sheet likewise', async () => {
    const [first, second] = [await opened(), await opened()]
    const body = { purpose: 'follow-up', reason: '电话随访' }
    const viewer = callerAt(cityPath, 'followup.read', 'followup.handle')
    await expect(call('followup.reveal', { params: { id: first.entry.id }, body }, viewer)).rejects.toMatchObject(
      refused(403),
    )
    const clear = await call('followup.reveal', { params: { id: first.entry.id }, body })
    expect(clear).toMatchObject({ documentNumber: citizenId(first.person), name: '林小明' })
    expect((await audited('followup.reveal')).at(-1)).toMatchObject({ detail: body })

    const order = { ids: [first.entry.id, second.entry.id], recipient: 'cdc', recipientName: '晋江市疾控中心' }
    const sheet = (await call('followup.hand-over', { body: order })) as {
      id: string
      number: string
      persons: number
      areaCode: string
    }
    expect(sheet).toMatchObject({
      persons: 2,
      areaCode: '350582S01',
      number: expect.stringMatching(/^VGF-\d{8}-\d{4}$/),
    })
    const handed = (await page(first.entry.id)).entry
    expect(handed).toMatchObject({ state: 'handed', receipt: false })
    const text = async (body: BodyOf<Contract['followup.sheet-file']>, caller = officer) => {
      const file = (await call('followup.sheet-file', { params: { id: sheet.id }, body }, caller)) as {
        body: AsyncIterable<Uint8Array>
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of file.body) chunks.push(chunk)
      return readSheet(Buffer.concat(chunks))
    }
    const masked = await text({ clear: false }, viewer)
    expect(masked).toContain('林**')
    expect(masked).not.toContain(citizenId(first.person))
    await expect(text({ clear: true, ...body } as never, viewer)).rejects.toMatchObject(refused(403))
    await expect(text({ clear: true })).rejects.toMatchObject(refused(400))
    expect(await text({ clear: true, ...body } as never)).toContain(citizenId(second.person))
    expect((await audited('followup.sheet')).at(-1)).toMatchObject({ detail: { clear: true, persons: 2, ...body } })

    const receipt = { params: { id: sheet.id }, body: { number: 'CDC-17', note: '' } }
    expect(await call('followup.receipt', receipt)).toMatchObject({ receiptNumber: 'CDC-17' })
    await expect(call('followup.receipt', receipt)).rejects.toMatchObject(refused(409))
    expect((await page(first.entry.id)).entry.receipt).toBe(true)
    expect((await page(first.entry.id)).timeline[0]).toMatchObject({ kind: 'receipt' })
    const closed = await act('followup.close', (await page(second.entry.id)).entry, { outcome: 'positive', note: '' })
    const again = call('followup.hand-over', { body: { ...order, ids: [closed.id] } })
    await expect(again).rejects.toMatchObject(refused(409))
  })
})

/** All cells of a sheet, and what stands above its head. */
async function readSheet(bytes: Buffer): Promise<string> {
  const heads = ['证件号码', '姓名', '手机号']
  const columns = heads.map((head) => ({ key: head, heads: [head] }))
  const cells: string[] = []
  for await (const row of (await openTable(bytes, { filename: 'sheet.xlsx', columns })).rows) cells.push(...row.raw)
  return cells.join(' ')
}

describe('looking up', () => {
  test('by mobile, and recorded whether it finds somebody or not; refused beyond the limit and for what is no number', async () => {
    const person = someone()
    await sell(app, [sale(person)])
    await look()
    const ask = (number: string, caller = officer) =>
      call('followup.lookup', { body: { number, purpose: 'follow-up', reason: '群众来电' } }, caller)
    const found = (await ask(`139${10_000_000 + person}`)) as { items: FollowupItem[] }
    expect(found.items.map(({ causes }) => causes)).toEqual([['fever']])
    await expect(ask('123')).rejects.toMatchObject(refused(400))
    await ask('13800138000')
    const log = await audited('followup.lookup')
    expect(log.at(-1)).toMatchObject({ detail: { found: 0, purpose: 'follow-up', reason: '群众来电' } })
    expect(JSON.stringify(log)).not.toContain('13800138000')
    const elsewhere = callerAt('/350000/350500/350583/', 'followup.read')
    expect(((await ask(citizenId(person), elsewhere)) as { items: unknown[] }).items).toEqual([])
    const busy = callerAt(cityPath, 'followup.read')
    const hour = new Date(Math.floor(clock.now().getTime() / hourMs) * hourMs)
    await inDatabase((tx) =>
      tx.insertInto('pharmacy.lookupHour').values({ account: busy.id!, hour, lookups: 120 }).execute(),
    )
    await expect(ask(citizenId(person), busy)).rejects.toMatchObject(refused(429))
    expect((await audited('followup.lookup')).at(-1)).toMatchObject({ outcome: 'refused' })
  })
})

describe('rules', () => {
  const save = (body: object, caller = officer) => call('followup.save-rules', { body }, caller)

  test('impossible ones are refused with the reason; a new version counts from then on, in its area', async () => {
    const wrong = { ...defaultRules, repeat: { ...defaultRules.repeat, stores: 9 } }
    const body = { areaCode: '350583', version: 0, rules: wrong, reason: '试' }
    await expect(save(body)).rejects.toMatchObject({
      details: { status: 400, errors: [{ pointer: '/rules/repeat/stores' }] },
    })
    const rules = { ...defaultRules, fever: { ...defaultRules.fever, on: false } }
    const stranger = callerAt(jinjiang, 'rule.manage')
    await expect(save({ ...body, rules }, stranger)).rejects.toMatchObject(refused(404))
    expect(await save({ ...body, rules })).toMatchObject({ version: 1, areaCode: '350583' })
    await expect(save({ ...body, rules })).rejects.toMatchObject(refused(409))
    const [here, there] = [someone(), someone()]
    await sell(app, [sale(here), sale(there, { storeCode: 'NA-0001' }, { residenceAreaCode: '350583' })])
    await look()
    expect(await entryOf(here)).toBeDefined()
    expect(await entryOf(there)).toBeUndefined()
    expect(await call('followup.rules', { query: { area: '350583' } })).toMatchObject({ present: { version: 1 } })
    expect(await call('followup.rules', { query: { area: '350582' } })).toMatchObject({ present: { version: 0 } })
    expect(await audited('followup.rules')).toMatchObject([{ detail: { version: 1 } }])
  })
})

describe('forgetting', () => {
  test('when the key of a month is destroyed, its entries lose their person and say so; evidence of it goes', async () => {
    const person = someone()
    await sell(app, [sale(person)])
    await look()
    const entry = (await entryOf(person))!
    await call('followup.note', { params: { id: entry.id }, body: { text: '已电话联系' } })
    const past = addDays(`${dayOf(clock.now()).slice(0, 7)}-01`, -1).slice(0, 7)
    await app.kernel.vault.ensureMonth(past)
    // The entry is made one of the month before, as time would; so is what was typed of it.
    await inDatabase(async (tx) => {
      const row = await tx.selectFrom('followup.entry').selectAll().where('id', '=', entry.id).executeTakeFirstOrThrow()
      await tx.updateTable('followup.entry').set({ keyMonth: past }).where('id', '=', row.id).execute()
      await tx.updateTable('followup.evidence').set({ keyMonth: past }).where('entryId', '=', row.id).execute()
      await tx
        .updateTable('followup.address')
        .set({ keyMonth: past })
        .where('personIndex', '=', row.personIndex!)
        .execute()
      await sql`update pharmacy.purchase set key_month = ${past} where person_index = ${row.personIndex}`.execute(tx)
    })
    const boss = callerAt('/', 'vault.manage')
    await app.modules.handlers['vault.shred']({
      caller: boss,
      params: { month: past },
      body: { confirm: past, reason: '到期' },
    } as never)
    expect(await entryOf(person)).toBeUndefined()
    const after = await page(entry.id)
    expect(after.entry).toMatchObject({
      name: null,
      documentNumber: null,
      mobile: null,
      residence: null,
      causes: ['fever'],
    })
    expect(after).toMatchObject({ purchases: [], elsewhere: 0, links: [] })
    const body = { purpose: 'follow-up', reason: '电话随访' }
    const reveal = call('followup.reveal', { params: { id: entry.id }, body })
    await expect(reveal).rejects.toMatchObject({ details: { status: 409, code: 'shredded' } })
    const { rows } = await inDatabase((tx) =>
      sql<{ left: number }>`select (select count(*) from followup.address where key_month = ${past})
        + (select count(*) from followup.evidence where key_month = ${past})
        + (select count(*) from followup.entry where key_month = ${past} and (sealed is not null or person_index is not null)) as left`.execute(
        tx,
      ),
    )
    expect(rows).toEqual([{ left: 0 }])
    const closed = await call('followup.close', {
      params: { id: entry.id },
      body: { revision: after.entry.revision, outcome: 'well', note: '' },
    })
    expect(closed).toMatchObject({ state: 'closed' })
  })
})
