import { addDays, dayOf } from '@vigil/codes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemCaller } from '../../kernel/access/index.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { citizenId, createPharmacyCity, mobile, type PharmacyCity } from '../pharmacy/pharmacy.fixture.ts'
import { addMember, staffIndexes } from './index.ts'
import { resealPresent } from './staff.keep.ts'
import { remind } from './staff.remind.ts'
import { leave } from './staff.service.ts'

let city: PharmacyCity
const today = () => dayOf(city.clock.now())
const person = (n: number, more: object = {}) => ({
  role: 'clerk',
  name: `员工${'甲乙丙丁戊己庚辛壬癸'[n % 10]}`,
  documentType: 'citizen-id',
  documentNumber: citizenId(n),
  mobile: mobile(n),
  ...more,
})
const ok = async (call: ReturnType<PharmacyCity['director']['call']>, status = 201) => {
  const response = await call
  expect(response.statusCode, response.body).toBe(status)
  return response.json()
}
const add = (storeCode: string, n: number, more: object = {}) =>
  ok(city.director.call('POST', '/api/staff/members', { storeCode, ...person(n, more) }))
const sampled = (memberId: string, daysAgo: number, more: object = {}) =>
  ok(
    city.director.call('POST', '/api/staff/results', {
      memberId,
      outcome: 'negative',
      sampledAt: new Date(city.clock.now().getTime() - daysAgo * 86_400_000).toISOString(),
      ...more,
    }),
  )
const coverage = (from = today(), to = today(), client = city.director) =>
  ok(client.call('GET', `/api/staff/coverage?from=${from}&to=${to}`), 200)

beforeAll(async () => {
  city = await createPharmacyCity()
  const rule = { areaCode: '350500', from: today(), cycleDays: 15, warnDays: 3, note: '' }
  await ok(city.director.call('POST', '/api/staff/rules', rule))
  // The city has required it for long; a rule itself never reaches back.
  await city.owner(`UPDATE staff.rule SET valid_from = $1, created_at = $2`, [
    addDays(today(), -60),
    new Date(Date.now() - 60 * 86_400_000),
  ])
}, 60_000)
afterAll(() => city.close())

describe('rules', () => {
  test('none reaches back, none beyond the own area, none warns longer than its cycle', async () => {
    const rule = { areaCode: '350582', from: addDays(today(), -1), cycleDays: 7, warnDays: 3, note: '' }
    const save = (body: object, client = city.director) => client.call('POST', '/api/staff/rules', body)
    expect((await save(rule)).statusCode).toBe(400)
    expect((await save({ ...rule, from: today(), areaCode: '350583' }, city.supervisor)).statusCode).toBe(404)
    expect((await save({ ...rule, from: today(), warnDays: 7 })).statusCode).toBe(400)
    expect((await ok(city.supervisor.call('GET', '/api/staff/rules'), 200)).items).toHaveLength(1)
  })
})

describe('a roster', () => {
  let first: { id: string }
  test('keeps people sealed, found by keyed index, and shows them masked', async () => {
    first = await add('STORE-A', 1, { joinedOn: addDays(today(), -40) })
    expect(first).toMatchObject({ name: '员**', mobile: '138****0001', state: 'overdue', covered: false })
    const [row] = await city.owner(`SELECT sealed, person_index FROM staff.member`)
    expect(String(row!.sealed)).not.toContain(citizenId(1))
    // The same index as a purchase has: equality tells that the buyer is of the staff.
    await city.register([city.sale({ documentNumber: citizenId(1) })])
    const [bought] = await city.owner<{ person_index: Buffer }>(`SELECT person_index FROM pharmacy.purchase`)
    const found = await withScope(city.app.kernel.db, systemScope, (tx) => staffIndexes(tx, 'STORE-A'))
    expect(found.persons.map((each) => each.equals(bought!.person_index))).toEqual([true])
    expect(found.mobiles).toHaveLength(1)
  })

  test('the same person again is renewed, not doubled', async () => {
    const again = await add('STORE-A', 1, { role: 'pharmacist', mobile: mobile(77) })
    expect(again).toMatchObject({ id: first.id, role: 'pharmacist', mobile: '138****0077' })
  })

  test('clear text takes a purpose, and is recorded', async () => {
    const body = { purpose: 'investigation', reason: '核对' }
    expect(await ok(city.director.call('POST', `/api/staff/members/${first.id}/reveal`, body), 200)).toMatchObject({
      documentNumber: citizenId(1),
    })
    const [entry] = await city.owner(`SELECT detail FROM audit.entry WHERE action = 'staff.reveal'`)
    expect(JSON.stringify(entry)).not.toContain(citizenId(1))
  })

  test('a store manages its own people and nobody else', async () => {
    const other = await add('STORE-B', 2)
    const own = await ok(city.clerk.call('POST', '/api/staff/own/members', person(3)))
    expect(own).toMatchObject({ cycleDays: 15, items: [{ id: first.id, state: 'overdue' }, { state: 'soon' }] })
    const result = { memberId: other.id, outcome: 'negative' }
    expect((await city.clerk.call('POST', '/api/staff/own/results', result)).statusCode).toBe(404)
    const mine = await ok(
      city.clerk.call('POST', '/api/staff/own/results', {
        memberId: own.items[1].id,
        outcome: 'pending',
        code: 'OWN-0001',
      }),
    )
    expect(mine.items[1]).toMatchObject({
      id: own.items[1].id,
      state: 'covered',
      covered: true,
      lastOutcome: 'pending',
    })
    const leaving = { memberId: own.items[1].id, leftOn: today(), reason: 'mistake' }
    expect((await city.clerk.call('POST', '/api/staff/own/departures', leaving)).statusCode).toBe(403)
    await ok(city.clerk.call('POST', '/api/staff/own/departures', { ...leaving, reason: 'resigned' }), 200)
    expect((await ok(city.clerk.call('GET', '/api/staff/own'), 200)).items).toHaveLength(1)
  })
})

describe('tests', () => {
  test('one counts under every roster of the person, and goes along to a new store', async () => {
    const [a, b] = [await add('STORE-A', 5), await add('STORE-C', 5)]
    expect(await sampled(a.id, 2)).toMatchObject({ state: 'covered', dueOn: addDays(today(), 13) })
    expect((await ok(city.director.call('GET', `/api/staff/members/${b.id}`), 200)).member.covered).toBe(true)
    expect(await add('STORE-D', 5)).toMatchObject({ covered: true })
  })

  test('a code is scanned with the sample, and brings the outcome later', async () => {
    const member = await add('STORE-A', 6)
    await sampled(member.id, 0, { outcome: 'pending', code: 'tube-0001' })
    const other = await add('STORE-A', 7)
    const taken = { memberId: other.id, outcome: 'pending', code: 'TUBE-0001' }
    expect((await city.director.call('POST', '/api/staff/results', taken)).json().code).toBe('code-taken')
    const outcome = { code: 'TUBE-0001', outcome: 'negative' }
    expect(await ok(city.clerk.call('POST', '/api/staff/own/results', outcome))).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id: member.id, lastOutcome: 'negative' })]),
    })
  })
})

describe('a past day', () => {
  test('a test entered later covers it now, and did not then', async () => {
    const day = addDays(today(), -4)
    const member = await add('STORE-C', 20)
    await city.owner(`UPDATE staff.member SET joined_on = $1, recorded_at = $2 WHERE id = $3`, [
      addDays(today(), -30),
      new Date(Date.now() - 30 * 86_400_000),
      member.id,
    ])
    const before = await coverage(day, day)
    await sampled(member.id, 6)
    const after = await coverage(day, day)
    expect(after.figures.covered).toBe(before.figures.covered + 1)
    expect(after.known).toEqual(before.known)
    expect(after.late.results).toBe(before.late.results + 1)
    expect(after.curve[0]).toMatchObject({ knownCovered: before.curve[0].knownCovered, covered: after.figures.covered })
    const list = async (then: boolean) =>
      (
        await ok(city.director.call('GET', `/api/staff/members?day=${day}&store=STORE-C&asKnownThen=${then}`), 200)
      ).items.find((each: { id: string }) => each.id === member.id)
    expect([(await list(true)).state, (await list(false)).state]).toEqual(['overdue', 'covered'])
  })

  test('leave exempts, and taking it back shows', async () => {
    const member = await add('STORE-B', 30)
    const leave = { from: today(), to: addDays(today(), 5), reason: 'trip', note: '' }
    await ok(city.director.call('POST', `/api/staff/members/${member.id}/exemptions`, leave), 200)
    const seen = await ok(city.director.call('GET', `/api/staff/members/${member.id}`), 200)
    expect(seen).toMatchObject({ member: { state: 'exempt', exemptUntil: leave.to } })
    await ok(city.director.call('POST', `/api/staff/exemptions/${seen.exemptions[0].id}/void`), 200)
    expect((await ok(city.director.call('GET', `/api/staff/members/${member.id}`), 200)).member.state).toBe('soon')
  })

  test('the neighbour sees none of it', async () => {
    const own = await coverage(today(), today(), city.supervisor)
    expect(own.ranking.map(({ code }: { code: string }) => code)).toContain('350582S01')
    expect((await city.supervisor.call('GET', '/api/staff/members?store=STORE-C')).statusCode).toBe(404)
    const all = await coverage()
    expect(own.figures.required).toBeLessThan(all.figures.required)
  })
})

test('the roster is exported masked', async () => {
  const made = await ok(
    city.director.call('POST', '/api/exports', { list: 'staff', format: 'csv', filter: {}, wait: true }),
    202,
  )
  const file = await city.director.call('GET', `/api/exports/${made.id}/file`)
  expect(file.body).toContain('STORE-A')
  expect(file.body).not.toContain(citizenId(1))
})

describe('destroying a month', () => {
  test('takes those who had left along, and nobody who is still there', async () => {
    const { kernel, modules } = city.app
    const store = modules.pharmacy.purchases.reference.store('STORE-D')!
    const month = addDays(`${today().slice(0, 7)}-01`, -1).slice(0, 7)
    const then = { ...kernel, clock: { now: () => new Date(`${month}-10T09:00:00+08:00`) } }
    const caller = systemCaller('测试', ['staff.manage'])
    const put = (n: number) => addMember(then, caller, 'staff.manage', store, person(n) as never)
    const [gone, there] = [await put(40), await put(41)]
    await leave(then, caller, 'staff.manage', gone, { leftOn: `${month}-12`, reason: 'resigned' })
    const confirm = { confirm: month, reason: '到期' }
    await ok(city.director.call('POST', `/api/vault/keys/${month}/shred`, confirm), 200)
    const rows = await city.owner(
      `SELECT id, key_month, person_index IS NULL AS forgotten FROM staff.member WHERE id = ANY ($1) ORDER BY id`,
      [[gone, there]],
    )
    expect(rows).toEqual([
      { id: gone, key_month: month, forgotten: true },
      { id: there, key_month: today().slice(0, 7), forgotten: false },
    ])
    const clear = await ok(
      city.director.call('POST', `/api/staff/members/${there}/reveal`, { purpose: 'investigation', reason: '核对' }),
      200,
    )
    expect(clear.documentNumber).toBe(citizenId(41))
    // What is counted of a past day stays, though nobody can say any more who it was.
    const day = `${month}-11`
    expect(
      (await ok(city.director.call('GET', `/api/staff/members?store=STORE-D&day=${day}`), 200)).items,
    ).toMatchObject([{ name: null }, { name: '员**' }])
    expect(await resealPresent(kernel)).toBe(0)
  })
})

test('counters are reminded once a day, by numbers and not by names', async () => {
  const { kernel, modules } = city.app
  city.clock.forward(new Date(`${today()}T09:00:00+08:00`).getTime() - city.clock.now().getTime() + 86_400_000)
  const { reference } = modules.pharmacy.purchases
  expect(await remind(kernel, reference)).toBeGreaterThan(0)
  expect(await remind(kernel, reference)).toBe(undefined)
  const notices = await city.owner<{ body: string }>(
    `SELECT body FROM notice.notice WHERE source_module = 'staff' AND state = 'sent'`,
  )
  expect(notices.length).toBeGreaterThan(0)
  expect(
    notices.every(({ body }) => /已逾期 \d+ 人|即将到期 \d+ 人|今日到期 \d+ 人/.test(body) && !body.includes('员工')),
  ).toBe(true)
})
