import { Readable } from 'node:stream'
import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import type { PurchaseInput, StopSale } from '@vigil/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/index.ts'
import { callerAt, cityPath, createShop, purchase, stores } from '../../testing/shop.ts'
import { register } from '../pharmacy/index.ts'
import { listStoreTasks, listTasks, readProgress } from './check.read.ts'
import { createCampaign, submitCheck } from './check.service.ts'
import { lineImport } from './line.import.ts'
import { jointTargets, listLines, summarizeLines } from './line.read.ts'
import { addDocument, readDocument } from './order.document.ts'
import { matchDrugs } from './order.match.ts'
import { listOrders, readOrder } from './order.read.ts'
import { changeOrder, createOrder, issueOrder, liftOrder } from './order.service.ts'
import { listRefused, ownOrders, recordRefused } from './refusal.service.ts'
import type { Parts } from './stopsale.parts.ts'

let app: TestApp
let parts: Parts
let now = new Date('2026-11-10T02:00:00Z')
const jinjiang = '/350000/350500/350582/'
const director = callerAt(cityPath, 'stopsale.read', 'stopsale.manage', 'compliance.handle', 'purchase.register')
const county = callerAt(jinjiang, 'stopsale.read', 'stopsale.manage', 'compliance.handle')
const neighbour = callerAt('/350000/350500/350583/', 'stopsale.read', 'stopsale.manage', 'compliance.handle')
const clerk: Caller = {
  ...callerAt(`${stores['JJ-0001']}JJ-0001/`, 'purchase.register'),
  storeCode: 'JJ-0001',
}
const today = () => dayOf(now)

beforeAll(async () => {
  app = await createShop({ clock: { now: () => now } })
  parts = app.modules.stopSales.parts
})
afterAll(() => app.close())

const drug = (at: number) => [...parts.reference.drugs()].filter((each) => each.class === 'antipyretic')[at]!
const draft = (change: Partial<Parameters<typeof createOrder>[2]> = {}) => ({
  name: '暂停销售退烧药品',
  areaCode: '350582',
  from: today(),
  to: null,
  reason: '疫情防控需要',
  documentNo: '泉防指〔2026〕1号',
  items: [{ kind: 'drug' as const, value: drug(0).id }],
  ...change,
})
const issued = async (change: Partial<Parameters<typeof createOrder>[2]> = {}): Promise<StopSale> =>
  issueOrder(parts, director, (await createOrder(parts, director, draft(change))).id)
let persons = 0
const sale = (change: Partial<PurchaseInput> = {}): PurchaseInput =>
  purchase(app, ++persons, { id: uuidv7(now.getTime()), items: [{ drugId: drug(0).id, quantity: 1 }], ...change })
const sell = async (entry: PurchaseInput, caller: Caller = director) =>
  (await register(app.kernel, app.modules.pharmacy.purchases, caller, { purchases: [entry] }))[0]!
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: { details?: { status: number; code: string } }) =>
      error.details && `${error.details.status} ${error.details.code}`,
  )
const later = (ms: number) => {
  now = new Date(now.getTime() + ms)
}

test('an order binds from its issue to its end, in its area, for its drugs; a refusal is kept with it', async () => {
  const made = await createOrder(parts, director, draft())
  expect(made).toMatchObject({ state: 'draft', drugs: 1, stores: 1, startsAt: null })
  expect((await sell(sale())).status).toBe('registered')
  later(60_000)
  const order = await issueOrder(parts, director, made.id)
  expect(order).toMatchObject({ state: 'in-force', startsAt: now.toISOString(), manageable: true })
  later(1000)
  const barred = sale()
  const refused = await sell(barred)
  expect(refused).toMatchObject({
    status: 'refused',
    refusal: { title: '暂停销售退烧药品', from: today(), to: null },
  })
  expect(refused.refusal!.detail).toContain(drug(0).generic)
  // Sold before the issue and uploaded after it; in another county; another drug: all lawful.
  const before = new Date(now.getTime() - 120_000).toISOString()
  expect((await sell(sale({ soldAt: before, id: uuidv7(now.getTime() - 120_000) }))).status).toBe('registered')
  expect((await sell(sale({ storeCode: 'NA-0001' }))).status).toBe('registered')
  expect((await sell(sale({ items: [{ drugId: drug(1).id, quantity: 1 }] }))).status).toBe('registered')

  const list = await listRefused(parts, county, { order: order.id })
  expect(list.items).toMatchObject([{ id: barred.id, storeCode: 'JJ-0001', orderName: order.name }])
  expect(list.items[0]!.name).toMatch(/^林\*+$/)
  expect(list.items[0]!.documentNumber).toContain('*')
  expect((await listRefused(parts, neighbour, {})).items).toEqual([])
  expect(await refusal(listRefused(parts, neighbour, { store: 'JJ-0001' }))).toBe('404 not-found')

  const detail = await readOrder(parts, county, order.id)
  expect(detail).toMatchObject({ refusals: 1, sales: { count: 0 }, notices: { sent: 1, signed: 0 } })
  expect(detail.unsigned.map(({ storeCode }) => storeCode)).toEqual(['JJ-0001'])
  expect(await refusal(readOrder(parts, neighbour, order.id))).toBe('404 not-found')

  await liftOrder(parts, county, order.id, '疫情趋缓')
  later(1000)
  expect((await sell(sale())).status).toBe('registered')
  expect(await refusal(liftOrder(parts, county, order.id, '再次'))).toBe('409 over')
})

test('what a device sold offline before it could know is kept and marked; what it could know is refused', async () => {
  const told = now.toISOString()
  later(60_000)
  const order = await issued()
  later(60_000)
  const soldAt = now.toISOString()
  const offline = (rulesAt?: string) => sale({ soldAt, offline: true, ...(rulesAt && { rulesAt }) })
  const late = await sell(offline(told), clerk)
  expect(late).toMatchObject({ status: 'registered', duringStop: order.name })
  expect(await sell(offline(), clerk)).toMatchObject({ status: 'registered', duringStop: order.name })
  expect((await sell(offline(order.startsAt!), clerk)).status).toBe('refused')
  expect((await sell(sale(), clerk)).status).toBe('refused')
  // A program says what it likes of its connection.
  expect((await sell(offline(told))).status).toBe('refused')
  const { sales } = await readOrder(parts, county, order.id)
  expect(sales.count).toBe(2)
  expect(sales.items[0]).toMatchObject({ storeCode: 'JJ-0001', offline: true, drug: drug(0).name })
  await liftOrder(parts, director, order.id, '结束')
})

test('the past stays as it was: an issued order only moves its end, and lines join and leave from now on', async () => {
  const order = await issued()
  const change = (input: Partial<Parameters<typeof createOrder>[2]>, revision = order.revision) =>
    changeOrder(parts, director, order.id, { ...draft(), ...input, revision })
  expect(await refusal(change({ name: '改名' }))).toBe('400 invalid')
  expect(await refusal(change({ from: addDays(today(), 1), to: null }))).toBe('400 invalid')
  expect(await refusal(change({ areaCode: '350583' }))).toBe('400 invalid')
  expect(await refusal(change({}, 99))).toBe('409 revision')
  later(60_000)
  const before = new Date(now.getTime() - 1000)
  const next = await change({ items: [{ kind: 'generic', value: drug(2).generic }], to: addDays(today(), 3) })
  expect(next.endsAt).not.toBeNull()
  later(1000)
  expect((await sell(sale())).status).toBe('registered')
  expect((await sell(sale({ soldAt: before.toISOString(), id: uuidv7(before.getTime()) }))).status).toBe('refused')
  expect((await sell(sale({ items: [{ drugId: drug(2).id, quantity: 1 }] }))).status).toBe('refused')
  expect(await refusal(changeOrder(parts, neighbour, order.id, { ...draft(), revision: 3 }))).toBe('404 not-found')
  now = new Date(now.getTime() + 5 * 86_400_000)
  expect((await listOrders(parts, county, { state: 'over' })).map(({ id }) => id)).toContain(order.id)
  expect((await sell(sale({ items: [{ drugId: drug(2).id, quantity: 1 }] }))).status).toBe('registered')
})

test('the counter takes the orders of its store once, tells what it refused by itself, once', async () => {
  const own = ownOrders(parts)
  const { version } = own(clerk, undefined)
  expect(own(clerk, version).items).toBeNull()
  const order = await issued({
    items: [
      { kind: 'drug', value: drug(0).id },
      { kind: 'class', value: 'cough' },
    ],
  })
  const fresh = own(clerk, version)
  expect(fresh.version).not.toBe(version)
  expect(fresh.items).toMatchObject([
    { id: order.id, name: order.name, drugIds: [drug(0).id], classes: ['cough'], startsAt: order.startsAt },
  ])
  expect(() => own(director, undefined)).toThrow()
  const told = { id: uuidv7(now.getTime()), at: now.toISOString(), orderId: order.id, drugIds: [drug(0).id] }
  const person = { documentType: 'citizen-id' as const, documentNumber: '11010519491231002X' }
  expect(await recordRefused(parts, clerk, { refusals: [{ ...told, ...person }] })).toBe(1)
  expect(await recordRefused(parts, clerk, { refusals: [{ ...told, ...person }] })).toBe(0)
  expect(
    await recordRefused(parts, clerk, { refusals: [{ ...told, id: uuidv7(now.getTime()), orderId: uuidv7() }] }),
  ).toBe(0)
  const { items } = await listRefused(parts, county, { order: order.id, store: 'JJ-0001' })
  expect(items).toMatchObject([{ id: told.id, name: null, documentNumber: expect.stringContaining('*') }])
  await liftOrder(parts, director, order.id, '结束')
})

const csv = (rows: string[][]) => Readable.from([Buffer.from(rows.map((row) => row.join(',')).join('\n'))])

test('drugs are found by name or approval number; what is not found is told', async () => {
  const found = await matchDrugs(parts.reference, {
    filename: '目录.csv',
    stream: csv([
      ['药品名称', '批准文号'],
      [drug(0).generic, ''],
      ['没有这种药', '国药准字H00000000'],
    ]),
  })
  expect(found.matched).toMatchObject([{ row: 2 }])
  expect(found.matched[0]!.drugs.map(({ id }) => id)).toContain(drug(0).id)
  expect(found.unmatched).toMatchObject([{ row: 3 }])
})

test('the document is kept as it was uploaded; what is no PDF or image is refused', async () => {
  const { id } = await createOrder(parts, director, draft())
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5000, 7)])
  const file = (content: Buffer) => ({
    filename: '通告.pdf',
    stream: Readable.from([content.subarray(0, 3), content.subarray(3)]),
  })
  const kept = await addDocument(parts, county, id, file(bytes))
  expect(kept).toMatchObject({ mediaType: 'application/pdf', bytes: bytes.length, by: '测试人员' })
  const { body } = await readDocument(parts, county, id, kept.id)
  const read: Uint8Array[] = []
  for await (const piece of body as AsyncIterable<Uint8Array>) read.push(piece)
  expect(Buffer.concat(read).equals(bytes)).toBe(true)
  expect(await refusal(addDocument(parts, county, id, file(Buffer.from('<html>not a pdf'))))).toBe('400 invalid')
  expect(await refusal(addDocument(parts, neighbour, id, file(bytes)))).toBe('404 not-found')
  expect((await liftOrder(parts, director, id, '写错了')).state).toBe('dropped')
})

test('a campaign has a task for each store; what was found counts by area and by point', async () => {
  const campaign = await createCampaign(parts, director, {
    name: '停售检查',
    areaCode: '350500',
    orderId: null,
    dueOn: addDays(today(), 7),
  })
  expect(campaign).toMatchObject({ total: 2, done: 0 })
  const { items } = await listTasks(parts, county, campaign.id, {})
  expect(items.map(({ storeCode }) => storeCode)).toEqual(['JJ-0001'])
  const points = ['sealed', 'counter', 'window', 'displayed', 'pledged'] as const
  const answers = points.map((point) => ({ point, answer: point === 'window' ? ('no' as const) : ('yes' as const) }))
  const [task] = items
  const submit = (caller: Caller, note: string, revision = 0) =>
    submitCheck(parts, caller, task!.id, { revision, answers, note })
  expect(await refusal(submit(county, ''))).toBe('400 invalid')
  expect(await refusal(submit(neighbour, '开架销售'))).toBe('404 not-found')
  expect(await submit(county, '开架销售')).toMatchObject({ result: 'fail', officer: '测试人员', revision: 1 })
  expect(await refusal(submit(county, '再次'))).toBe('409 revision')
  const progress = await readProgress(parts, director, campaign.id)
  expect(progress.campaign).toMatchObject({ total: 2, done: 1, failed: 1 })
  expect(progress.areas.find(({ areaCode }) => areaCode === '350582')).toMatchObject({ total: 1, failed: 1 })
  expect(progress.points.find(({ point }) => point === 'window')).toMatchObject({ yes: 0, no: 1 })
  expect(await listStoreTasks(parts, county, 'JJ-0001')).toMatchObject([
    { campaignName: '停售检查', result: 'fail', note: '开架销售' },
  ])
  expect(await refusal(listStoreTasks(parts, neighbour, 'JJ-0001'))).toBe('404 not-found')
})

test('a file of sales is answered row by row: the barred one with the order, the lawful one in', async () => {
  const order = await issued()
  later(60_000)
  const kind = app.modules.imports.get('purchase')!
  const plan = await kind.open(director, [cityPath])
  if (!('prepare' in plan)) throw new Error('written in chunks')
  const rows = [drug(0), drug(1)].map((each, at) => {
    const parsed = plan.parse(
      {
        storeCode: 'JJ-0001',
        soldAt: new Date(now.getTime() + 8 * 3_600_000 - 1000).toISOString().slice(0, 19).replace('T', ' '),
        documentType: '居民身份证',
        documentNumber: '11010519491231002X',
        name: '林小明',
        mobile: '13905950001',
        residenceArea: '350582',
        address: '青阳街道 1 号',
        drug: each.generic,
        strength: each.strength,
        form: each.form,
        quantity: '1',
      },
      at + 2,
    )
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
    return { rowNumber: at + 2, value: parsed.ok }
  })
  const write = await plan.prepare(rows)
  const outcome = await withScope(app.kernel.db, systemScope, write)
  expect(outcome).toMatchObject({
    fresh: 1,
    problems: [{ rowNumber: 2, message: expect.stringContaining(order.name) }],
  })
  expect((await listRefused(parts, county, { order: order.id })).items).toHaveLength(1)
  await liftOrder(parts, director, order.id, '结束')
})

test('reimbursement lines are there once and are held against the orders of their day', async () => {
  const order = await issued()
  const begun = today()
  now = new Date(now.getTime() + 3 * 86_400_000)
  await sell(sale({ soldAt: now.toISOString(), offline: true }), clerk)
  const rows = (
    [
      ['JJ-0001', addDays(begun, 1), '2', 'A1'],
      ['JJ-0001', begun, '1', 'A2'],
      ['JJ-0001', addDays(begun, -1), '1', 'A3'],
      ['NA-0001', addDays(begun, 1), '1', 'A4'],
      ['JJ-0001', today(), '1', 'A5'],
      ['JJ-0001', today(), '1', 'A5'],
    ] as const
  ).map(([storeCode, day, quantity, serial], at) => ({
    storeCode,
    drug: drug(0).generic,
    strength: drug(0).strength,
    form: drug(0).form,
    day,
    quantity,
    serial,
    name: '林小明',
    documentNumber: at === 0 ? '11010519491231002X' : '',
  }))
  const run = async () => {
    const plan = await lineImport(parts).open(director, [cityPath])
    if (!('weigh' in plan)) throw new Error('written in chunks')
    const good = rows.flatMap((values, at) => {
      const parsed = plan.parse(values, at + 2)
      if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
      return [{ rowNumber: at + 2, value: parsed.ok }]
    })
    const write = await plan.prepare(good)
    return withScope(app.kernel.db, systemScope, write)
  }
  expect(await run()).toMatchObject({ fresh: 6, unchanged: 0 })
  expect(await run()).toMatchObject({ fresh: 0, unchanged: 6 })
  const period = { from: addDays(begun, -5), to: today() }
  expect(await summarizeLines(parts, director, period)).toMatchObject({ matched: 3, partial: 1, none: 2, stores: 1 })
  const { items } = await listLines(parts, county, { ...period, match: 'matched' })
  expect(items.map(({ day }) => day)).toEqual([today(), today(), addDays(begun, 1)])
  expect(items[0]).toMatchObject({ orderName: order.name, registered: 1, drug: drug(0).name })
  expect(items[2]!.person).toMatch(/^林\*+ 1\d*\*+/)
  const page = await listLines(parts, county, { ...period, limit: 2 })
  const rest = await listLines(parts, county, { ...period, limit: 50, cursor: page.next! })
  expect(page.items.length + rest.items.length).toBe(5)
  expect((await listLines(parts, neighbour, period)).items.map(({ match }) => match)).toEqual(['none'])
  expect((await jointTargets(parts, director, period))[0]).toMatchObject({
    storeCode: 'JJ-0001',
    lines: 3,
    units: 4,
    // Two of them were sold offline under the order of an earlier test.
    sales: 3,
  })
  // Lifted in the middle of the day, the order no longer proves anything of this day.
  await liftOrder(parts, director, order.id, '结束')
  expect(await summarizeLines(parts, director, period)).toMatchObject({ matched: 1, partial: 3, none: 2 })
})
