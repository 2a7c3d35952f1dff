import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { addDays, dayOf } from '@vigil/codes'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { callerAt } from '../../testing/shop.ts'
import { readPdf } from '../pharmacy/poster.fixture.ts'
import { boxesOf, type ColdCity, county, createColdCity, neighbour, officer, passTests } from './coldchain.fixture.ts'
import { listRefusals, listWaiting, refuseRelease } from './inspect.queue.ts'
import { enterResult, takeSample } from './inspect.service.ts'
import { readLot } from './lot.detail.ts'
import { digestOf, draw } from './mock.draw.ts'
import { listMockRules, listMockRuns, runMocks, saveMockRule } from './mock.service.ts'
import { addContact, listContacts, removeContact } from './recall.contact.ts'
import { addProof, disposeRecalled, readProof } from './recall.dispose.ts'
import { linesNow, recallNow } from './recall.now.ts'
import { recallPaper } from './recall.paper.ts'
import { previewRecall } from './recall.preview.ts'
import { listRecalls, readRecall } from './recall.read.ts'
import { remindHolders } from './recall.remind.ts'
import { closeRecall, countRecalled, openRecall, startRecall } from './recall.service.ts'
import { destroyByOrder, releaseLot } from './release.service.ts'
import { recordTrade } from './trade.service.ts'

let city: ColdCity
/** What programs of businesses and the gateway for text messages were sent. */
const received: { path: string; headers: Record<string, unknown>; body: string }[] = []
let answers: number[] = []
const receiver = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    received.push({ path: request.url!, headers: request.headers, body: Buffer.concat(pieces).toString() })
    const status = answers.shift() ?? 200
    response.writeHead(status).end(JSON.stringify({ receipt: `R-${received.length}` }))
  })
})
let address: string
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  vi.stubEnv('VIGIL_SHARING_ALLOW', '127.0.0.1')
  vi.stubEnv('VIGIL_SMS_URL', `${address}/sms`)
  vi.stubEnv('VIGIL_SMS_TOKEN', 'gateway-token')
  city = await createColdCity()
}, 120_000)
afterAll(async () => {
  await city.close()
  receiver.close()
  vi.unstubAllEnvs()
})

const refused = (rule: string) => ({ refusals: [expect.objectContaining({ rule, position: 0 })] })
const problem = (code: string) => ({ details: expect.objectContaining({ code }) })
type Holder = keyof ColdCity['holders']
const trade = (
  kind: 'ship' | 'return' | 'receive' | 'sell' | 'process',
  holder: Holder,
  code: string,
  grams: number,
  more = {},
) => recordTrade(city.parts, officer, { kind, holderId: city.holders[holder], lines: [{ code, grams }], ...more })
const send = async (from: Holder, to: Holder, code: string, grams: number, arrive = true) => {
  const { dispatch } = await trade('ship', from, code, grams, { toId: city.holders[to] })
  if (arrive) await trade('receive', to, code, grams, { dispatch })
  return dispatch!
}
const giveBack = async (from: Holder, to: Holder, code: string, grams: number) => {
  const { dispatch } = await trade('return', from, code, grams, { toId: city.holders[to] })
  await trade('receive', to, code, grams, { dispatch })
}
const iso = (ms: number) => new Date(ms).toISOString()
const cut = async (holder: Holder, code: string, grams: number, parts: number[]) => {
  const outputs = parts.map((part) => ({ goodsId: city.fillet, lotNo: '', grams: part }))
  const { outputs: made } = await trade('process', holder, code, grams, { outputs })
  return made as [(typeof made)[number], (typeof made)[number]]
}
const recall = (kind: 'real' | 'mock', lotIds: string[]) =>
  openRecall(city.parts, officer, { kind, lotIds, reason: '核酸阳性', orderedBy: '陈主任' })
const fate = async (id: string) =>
  Object.fromEntries((await readRecall(city.parts, officer, id)).byFate.map((each) => [each.fate, each.grams]))
const sumOf = async (id: string) =>
  (await city.raw('SELECT sum(grams)::bigint AS n FROM coldchain.recall_line WHERE recall_id = $1', [id]))[0]!.n

describe('recall', () => {
  test('classes every gram of a lot that was split, freezes what was made of it, and settles with what holders find', async () => {
    const { id, uri } = await city.lot()
    await send('warehouse', 'processor', uri, 6_000)
    await send('warehouse', 'trader', uri, 1_000, false)
    const [one, two] = await cut('processor', uri, 3_001, [1_500, 1_400])
    await send('processor', 'shop', one.uri, 1_000)
    await trade('sell', 'shop', one.uri, 333)
    const recalled = await recall('real', [id])
    expect(await sumOf(recalled)).toBe(10_000)
    expect(await fate(recalled)).toEqual({ 'on-hand': 8_566, 'in-transit': 1_000, consumed: 333, lost: 101 })
    const held = (holder: Holder, lotId: string, grams: number) => ({
      holderId: city.holders[holder],
      lotId,
      grams,
      fate: 'on-hand',
    })
    const { lines } = await readRecall(city.parts, officer, recalled)
    for (const line of [held('warehouse', id, 3_000), held('processor', id, 2_999), held('shop', one.lotId, 667)])
      expect(lines).toContainEqual(expect.objectContaining(line))

    for (const [holder, code] of [
      ['shop', one.uri],
      ['processor', two.uri],
      ['warehouse', uri],
    ] as const)
      await expect(trade('sell', holder, code, 1)).rejects.toMatchObject(refused('not-released'))
    await expect(releaseLot(city.parts, officer, id, '')).rejects.toMatchObject(problem('recalled'))
    await expect(recall('real', [id])).rejects.toMatchObject(problem('recalled'))
    const order = { holderId: city.holders.shop, orderNo: '销毁令1号', grams: 600, reason: '召回' }
    await destroyByOrder(city.parts, officer, one.lotId, order)

    const clerk = callerAt(neighbour, 'coldchain.read', 'coldchain.operate')
    const find = { holderId: city.holders.shop, lotId: one.lotId, grams: 600, note: '少一袋' }
    await expect(
      countRecalled(city.parts, callerAt(county, 'coldchain.operate'), recalled, find),
    ).rejects.toMatchObject(problem('not-found'))
    await countRecalled(city.parts, clerk, recalled, find)
    const own = await readRecall(city.parts, clerk, recalled)
    expect(own.lines.map(({ holderId }) => holderId)).toEqual(own.lines.map(() => city.holders.shop))
    expect(own.notices).toMatchObject([{ holderId: city.holders.shop, waiting: false }])
    expect(await fate(recalled)).toMatchObject({ 'on-hand': 8_499, unaccounted: 67 })
    const settled = await readRecall(city.parts, officer, recalled)
    expect(settled.lines.reduce((sum, { grams }) => sum + grams, 0)).toBe(10_000)
    expect(settled).toMatchObject({
      total: 10_000,
      accounted: 9_933,
      disposals: [{ grams: 600, orderNo: '销毁令1号' }],
    })

    await expect(recallPaper(city.parts, officer, recalled)).rejects.toMatchObject(problem('open'))
    await closeRecall(city.parts, officer, recalled, '全部封存待销毁')
    await expect(countRecalled(city.parts, clerk, recalled, find)).rejects.toMatchObject(problem('closed'))
    const paper = await recallPaper(city.parts, officer, recalled)
    let bytes = 0
    for await (const chunk of paper.body as AsyncIterable<Uint8Array>) bytes += chunk.length
    expect(bytes).toBeGreaterThan(2_000)
    const rows = await city.raw(`SELECT action FROM audit.entry WHERE object = $1 ORDER BY action`, [
      `cold-recall:${recalled}`,
    ])
    expect(rows.map(({ action }) => action)).toEqual([
      'coldchain.close-recall',
      'coldchain.count-recall',
      'coldchain.recall',
    ])
  })

  test('of a made lot stops it and what was made of it, not what else came of the same import', async () => {
    const { uri } = await city.lot()
    await send('warehouse', 'processor', uri, 4_000)
    const [bad, good] = await cut('processor', uri, 4_000, [2_000, 2_000])
    const [child] = await cut('processor', bad.uri, 500, [500])
    const id = await recall('real', [bad.lotId])
    expect([await sumOf(id), await fate(id)]).toEqual([2_000, { 'on-hand': 2_000 }])
    await expect(trade('sell', 'processor', child.uri, 1)).rejects.toMatchObject(refused('not-released'))
    await expect(trade('sell', 'processor', bad.uri, 1)).rejects.toMatchObject(refused('not-released'))
    await trade('sell', 'processor', good.uri, 1)
    await trade('sell', 'warehouse', uri, 1)
    expect((await readLot(city.parts, officer, bad.lotId)).gate).toBe('withdrawn')
    const elsewhere = callerAt(neighbour, 'coldchain.read', 'coldchain.inspect')
    const order = { kind: 'real' as const, lotIds: [bad.lotId], reason: '越权', orderedBy: '他人' }
    await expect(openRecall(city.parts, elsewhere, order)).rejects.toMatchObject(problem('not-found'))
    await expect(readRecall(city.parts, elsewhere, id)).rejects.toMatchObject(problem('not-found'))
  })

  test('as an exercise freezes nothing, by a number of the papers, and is scored at its end', async () => {
    const { id, uri, declaration } = await city.lot()
    const [{ number }] = (await city.raw('SELECT number FROM coldchain.declaration WHERE id = $1', [declaration])) as [
      { number: string },
    ]
    const mock = await openRecall(city.parts, officer, {
      kind: 'mock',
      number,
      reason: '季度演练',
      orderedBy: '陈主任',
    })
    await trade('sell', 'warehouse', uri, 1_000)
    const found = { holderId: city.holders.warehouse, lotId: id, note: '' }
    await countRecalled(city.parts, officer, mock, { ...found, grams: 9_000 })
    await countRecalled(city.parts, officer, mock, { ...found, grams: 10_000 })
    expect((await readRecall(city.parts, officer, mock)).mock).toBeNull()
    await closeRecall(city.parts, officer, mock, '演练结束')
    const { mock: result, lots } = await readRecall(city.parts, officer, mock)
    expect([lots.map((lot) => lot.id), result]).toEqual([
      [id],
      expect.objectContaining({ score: 100, passed: true, accountedShare: 10_000 }),
    ])
    expect((await listRecalls(city.parts, officer, { lot: id })).items).toMatchObject([{ id: mock, state: 'closed' }])
  })
})

describe('a recall of a set', () => {
  test('is previewed, freezes all of it, and follows what arrives, goes back and is destroyed until every gram is told', async () => {
    const first = await city.lot()
    const second = await city.lot({ grams: 5_000 })
    const third = await city.lot({ grams: 2_000 })
    const [code] = await boxesOf(city.parts, second.id, 1)
    const away = await send('warehouse', 'trader', first.uri, 3_000, false)
    await send('warehouse', 'processor', second.uri, 2_000)
    const [made] = await cut('processor', second.uri, 1_000, [900])
    const [{ number }] = (await city.raw('SELECT number FROM coldchain.declaration WHERE id = $1', [
      first.declaration,
    ])) as [{ number: string }]
    const set = { number, codes: [code!] }
    const preview = await previewRecall(city.parts, officer, { ...set, codes: [code!, 'NO-SUCH-LOT'] })
    expect(preview).toMatchObject({
      ...{ lots: [{ id: first.id }, { id: second.id }], total: 15_000, made: 1, holders: 3, counting: 2, problems: 0 },
      ...{ unknown: ['NO-SUCH-LOT'], elsewhere: 0 },
      byFate: [
        { fate: 'on-hand', grams: 11_900 },
        { fate: 'in-transit', grams: 3_000 },
        { fate: 'lost', grams: 100 },
      ],
    })
    const now = Date.now()
    const stay = { holderId: city.holders.processor, from: iso(now - 60_000), to: iso(now + 60_000) }
    expect((await previewRecall(city.parts, officer, { stay })).lots.map(({ id }) => id)).toContain(second.id)
    const later = { ...stay, from: iso(now + 120_000), to: iso(now + 240_000) }
    // What still lies there lay there then; what was used up before did not.
    const lying = (await previewRecall(city.parts, officer, { stay: later })).lots.map(({ id }) => id)
    expect([lying.includes(second.id), lying.includes(first.id), lying.includes(third.id)]).toEqual([
      true,
      false,
      false,
    ])
    const order = { kind: 'real', reason: '同一货柜检出阳性', orderedBy: '陈主任' } as const
    await expect(
      openRecall(city.parts, officer, { ...order, ...set, codes: [code!, 'NO-SUCH-LOT'] }),
    ).rejects.toMatchObject(problem('invalid'))
    const outsider = callerAt(neighbour, 'coldchain.read', 'coldchain.inspect')
    expect(await previewRecall(city.parts, outsider, set)).toMatchObject({
      lots: [],
      total: 0,
      elsewhere: 1,
      unknown: [number],
    })
    await expect(previewRecall(city.parts, outsider, { codes: [code!] })).rejects.toMatchObject(problem('not-found'))

    const id = await openRecall(city.parts, officer, { ...order, ...set, collectorId: city.holders.warehouse })
    const nowOf = async () =>
      Object.fromEntries((await readRecall(city.parts, officer, id)).now!.map(({ fate, grams }) => [fate, grams]))
    expect(await nowOf()).toEqual({ 'on-hand': 11_900, 'in-transit': 3_000, lost: 100 })
    // Worked out once, and again only when the ledger has moved.
    const reading = <T>(work: (tx: Tx) => Promise<T>) => readScope(city.app.kernel.db, systemScope, work)
    const roots = (await readRecall(city.parts, officer, id)).lots.map((lot) => lot.id)
    const known = () => reading((tx) => recallNow(tx, id, roots))
    const remembered = await known()
    expect(await known()).toBe(remembered)
    await trade('sell', 'warehouse', third.uri, 1)
    // On the way: arrives in quarantine to the gram, is not sold, and goes back.
    await expect(trade('receive', 'trader', first.uri, 2_999, { dispatch: away })).rejects.toMatchObject(
      refused('receipt-mismatch'),
    )
    await trade('receive', 'trader', first.uri, 3_000, { dispatch: away })
    await expect(trade('sell', 'trader', first.uri, 1)).rejects.toMatchObject(refused('not-released'))
    for (const [kind, to] of [
      ['ship', 'warehouse'],
      ['return', 'shop'],
    ] as const)
      await expect(trade(kind, 'trader', first.uri, 3_000, { toId: city.holders[to] })).rejects.toMatchObject(
        refused('not-a-way-back'),
      )
    await giveBack('trader', 'warehouse', first.uri, 3_000)
    // Made of it, and so never sent to the processor: to the collector only.
    await giveBack('processor', 'warehouse', made.uri, 900)
    expect(await nowOf()).toEqual({ 'on-hand': 14_900, lost: 100 })
    expect(await known()).not.toEqual(remembered)
    expect(await known()).toEqual(await reading((tx) => linesNow(tx, roots)))
    // The gate of the database knows the rule too.
    await expect(
      city.raw(
        `INSERT INTO coldchain.movement (id, lot_id, holder_id, kind, grams, event_hash, at, path)
          VALUES (gen_random_uuid(), $1, $2, 'ship', -1, 'x', now(), '/')`,
        [first.id, city.holders.warehouse],
      ),
    ).rejects.toMatchObject({ constraint: 'release_gate' })

    const found = { holderId: city.holders.warehouse, lotId: first.id, grams: 6_990, note: '' }
    await countRecalled(city.parts, officer, id, found)
    const [open] = (await listRecalls(city.parts, officer, { state: 'open', kind: 'real' })).items
    expect(open).toMatchObject({ id, asked: 2, answered: 0, total: 15_000, accounted: 14_990 })
    const destroy = { holderId: city.holders.warehouse, orderNo: '销毁令9号', witness: '王所长、李科员', note: '' }
    const disposal = await disposeRecalled(city.parts, officer, id, { ...destroy, lotId: first.id, grams: 9_990 })
    await disposeRecalled(city.parts, officer, id, { ...destroy, lotId: made.lotId, grams: 900 })
    await expect(
      disposeRecalled(city.parts, officer, id, { ...destroy, lotId: third.id, grams: 1 }),
    ).rejects.toMatchObject(problem('not-found'))
    const photo = { filename: '监销.png', stream: Readable.from([Buffer.from('89504e470d0a1a0a', 'hex')]) }
    await addProof(city.parts, officer, disposal, photo)
    const text = { filename: '监销.txt', stream: Readable.from([Buffer.from('no picture')]) }
    await expect(addProof(city.parts, officer, disposal, text)).rejects.toMatchObject(problem('invalid'))
    const whole = await readRecall(city.parts, officer, id)
    expect(whole.disposals).toMatchObject([
      { id: disposal, grams: 9_990, witness: '王所长、李科员', files: [{ mediaType: 'image/png' }] },
      { grams: 900, files: [] },
    ])
    const proof = await readProof(city.parts, officer, disposal, whole.disposals[0]!.files[0]!.id)
    expect(proof.filename).toBe('监销.png')
    const file = whole.disposals[0]!.files[0]!.id
    await expect(readProof(city.parts, outsider, disposal, file)).rejects.toMatchObject(problem('not-found'))
    await expect(
      addProof(city.parts, outsider, disposal, { ...text, stream: Readable.from([Buffer.from('no picture')]) }),
    ).rejects.toMatchObject(problem('not-found'))
    const end = { 'on-hand': 4_000, destroyed: 10_890, lost: 100, unaccounted: 10 }
    expect(await nowOf()).toEqual(end)
    await closeRecall(city.parts, officer, id, '其余封存')
    expect(await nowOf()).toEqual(end)
    const pieces: Uint8Array[] = []
    const paper = await recallPaper(city.parts, officer, id)
    for await (const piece of paper.body as AsyncIterable<Uint8Array>) pieces.push(piece)
    const lines = readPdf(Buffer.concat(pieces)).pages.flatMap(({ texts }) => texts)
    const grams = lines.flatMap((line) => /^(?:在库|在途|已销毁|申报损耗|去向不明)　([\d,]+) 克/.exec(line)?.[1] ?? [])
    expect(grams.map((each) => Number(each.replaceAll(',', ''))).reduce((sum, each) => sum + each, 0)).toBe(2 * 15_000)
    expect(lines.join('')).toContain('监销 王所长、李科员')
  })
})

/** The parts as they will be some hours later. */
const later = (hours: number) => ({
  ...city.parts,
  kernel: { ...city.parts.kernel, clock: { now: () => new Date(Date.now() + hours * 3_600_000) } },
})
const sent = async () => {
  const { loop } = city.app.modules.channel
  await loop.tick()
  await loop.idle()
}

describe('who holds recalled goods', () => {
  test('is told by webhook and text message, signed, again until it is taken, and reminded until he has counted', async () => {
    const { id, uri } = await city.lot()
    await send('warehouse', 'trader', uri, 2_000)
    const { trader, shop } = city.holders
    const add = (kind: 'webhook' | 'sms', to: string) =>
      addContact(city.parts, officer, trader, {
        kind,
        name: '库管',
        address: to,
        secret: kind === 'sms' ? '' : 'shared',
      })
    const hook = await add('webhook', `${address}/hook`)
    expect([hook.signed, hook.hint]).toEqual([true, expect.stringMatching(/^127\.0\.0\.1:\d+ …[0-9a-f]{6}$/)])
    expect((await add('sms', '13812345678')).hint).toBe('138****5678')
    await expect(add('webhook', 'http://10.1.2.3/in')).rejects.toMatchObject(problem('invalid'))
    await expect(add('sms', '0595123')).rejects.toMatchObject(problem('invalid'))
    const clerk = callerAt(neighbour, 'coldchain.read', 'coldchain.operate')
    await expect(listContacts(city.parts, clerk, trader)).rejects.toMatchObject(problem('not-found'))
    expect(await listContacts(city.parts, clerk, shop)).toEqual({ items: [], sms: true })
    const kept = JSON.stringify(
      await city.raw("SELECT encode(sealed_address, 'escape') AS a, hint FROM channel.target"),
    )
    expect(kept).not.toContain('13812345678')

    answers = [503]
    const recalled = await recall('real', [id])
    await sent()
    await city.raw(`UPDATE channel.delivery SET next_at = now() WHERE status = 'waiting'`)
    await sent()
    const hooks = received.filter(({ path }) => path === '/hook')
    const texts = received.filter(({ path }) => path === '/sms')
    expect(received).toHaveLength(3)
    expect(new Set([...hooks, ...texts].map(({ headers }) => headers['idempotency-key'])).size).toBe(2)
    for (const { headers, body } of hooks) {
      const [, at, sign] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['vigil-signature']))!
      expect(sign).toBe(createHmac('sha256', 'shared').update(`${at}.${body}`).digest('hex'))
      expect(JSON.parse(body)).toMatchObject({ kind: 'recall', subject: `cold-holder:${trader}` })
    }
    expect(texts[0]!.headers.authorization).toBe('Bearer gateway-token')
    expect(JSON.parse(texts[0]!.body)).toMatchObject({
      mobile: '13812345678',
      text: expect.stringContaining('请立即停止销售'),
    })
    const noticeOf = async () =>
      (await readRecall(city.parts, officer, recalled)).notices.find(({ holderId }) => holderId === trader)!
    const { told } = await noticeOf()
    expect(told.map(({ kind, status }) => [kind, status]).sort()).toEqual([
      ['sms', 'sent'],
      ['webhook', 'sent'],
    ])
    for (const { receipt } of told) expect(receipt).toMatch(/^R-\d$/)

    const remind = async (hours: number) => {
      await remindHolders(later(hours))
      return (await noticeOf()).reminders
    }
    expect([await remind(1.9), await remind(2.1), await remind(6), await remind(6.2)]).toEqual([0, 1, 1, 2])
    const mine = { holderId: trader, lotId: id, grams: 2_000, note: '' }
    await countRecalled(city.parts, officer, recalled, mine)
    expect([await remind(48), (await noticeOf()).waiting]).toEqual([2, false])
    // What is still to be told to others goes nowhere: the contact is gone.
    await removeContact(city.parts, officer, trader, hook.id)
    expect((await listContacts(city.parts, officer, trader)).items).toHaveLength(1)
    await closeRecall(city.parts, officer, recalled, '封存')
  })
})

describe('the queue of inspection', () => {
  test('names what each lot lacks, and a refusal keeps its reason', async () => {
    const { id } = await city.lot({ released: false })
    const queue = async (who = officer) => (await listWaiting(city.parts, who, {})).items.find((lot) => lot.id === id)
    expect(await queue()).toMatchObject({ samples: 0, refusal: null, grams: 10_000 })
    expect((await queue())!.problems.map(({ rule }) => rule)).toEqual([
      ...['no-sample-goods', 'no-sample-packaging', 'no-sample-vehicle', 'no-disinfection'],
    ])
    await takeSample(city.parts, officer, id, { code: `Q-${id}`, subject: 'goods', grams: 0 })
    expect(await queue()).toMatchObject({ samples: 1, pending: 1 })
    await refuseRelease(city.parts, officer, id, '包装破损，退运')
    expect((await queue())!.refusal).toMatchObject({ reason: '包装破损，退运' })
    expect(await listRefusals(city.parts, officer, id)).toMatchObject([{ reason: '包装破损，退运' }])
    const outsider = callerAt(neighbour, 'coldchain.read', 'coldchain.inspect')
    expect(await queue(outsider)).toBeUndefined()
    await expect(refuseRelease(city.parts, outsider, id, '越权')).rejects.toMatchObject(problem('not-found'))
    const released = await city.lot()
    await expect(refuseRelease(city.parts, officer, released.id, '晚了')).rejects.toMatchObject(problem('released'))
  })
})

describe('exercises by schedule', () => {
  test('are drawn with a kept seed on their day, once, told as exercises, and end by themselves with a score', async () => {
    const today = dayOf(new Date())
    const plan = { areaCode: '350500', months: 3, lots: 2, hours: 24, note: '' }
    await expect(saveMockRule(city.parts, officer, { ...plan, from: addDays(today, -1) })).rejects.toMatchObject(
      problem('invalid'),
    )
    await expect(
      saveMockRule(city.parts, callerAt(county, 'coldchain.manage'), { ...plan, from: today }),
    ).rejects.toMatchObject(problem('not-found'))
    await runMocks(city.parts)
    await saveMockRule(city.parts, officer, { ...plan, from: today })
    expect((await listMockRules(city.parts, officer, {})).due).toMatchObject([{ countyName: '晋江市' }])
    received.length = 0
    await Promise.allSettled([runMocks(city.parts), runMocks(city.parts)])
    await runMocks(city.parts)
    const { items } = await listMockRuns(city.parts, officer, {})
    expect(items).toMatchObject([
      { dueOn: today, recall: { kind: 'mock', state: 'open', reason: `定期模拟召回 ${today}` } },
    ])
    const [run] = items as [(typeof items)[number]]
    const all =
      await city.raw(`SELECT l.id FROM coldchain.lot l JOIN coldchain.movement m ON m.lot_id = l.id AND m.kind = 'enter'
      WHERE l.kind = 'imported'`)
    const ids = all.map((row) => String(row.id))
    expect([run.candidates, run.digest]).toEqual([ids.length, digestOf(ids)])
    expect(run.recall!.lots.map((lot) => lot.id).sort()).toEqual(draw(run.seed, ids, 2).sort())
    expect(
      await listMockRuns(city.parts, callerAt(neighbour, 'coldchain.read', 'coldchain.inspect'), {}),
    ).toMatchObject({ items: [] })

    const id = run.recall!.id
    const { lines } = await readRecall(city.parts, officer, id)
    for (const { fate, holderId, lotId, mass } of lines)
      if (fate === 'on-hand') await countRecalled(city.parts, officer, id, { holderId, lotId, grams: mass, note: '' })
    await runMocks(later(1))
    const [done] = (await listMockRuns(city.parts, officer, {})).items
    // Scored on when the last one counted, not on when the loop came by.
    expect(done!.recall).toMatchObject({
      state: 'closed',
      asked: done!.recall!.answered,
      mock: { score: expect.any(Number) },
    })
    expect(done!.recall!.mock!.took).toBeLessThan(60_000)
    await sent()
    for (const { body } of received) expect(body).toContain('演练')
  })
})

describe('a positive result', () => {
  test('withdraws the release in its transaction and drafts a recall; a negative retest opens the way again', async () => {
    const { id, uri } = await city.lot()
    const result = { lab: '疾控中心', reportNo: 'R2' }
    const sample = { subject: 'goods', grams: 0 } as const
    const first = await takeSample(city.parts, officer, id, { ...sample, code: `P-${id}` })
    await enterResult(city.parts, officer, first.id, { ...result, result: 'positive' })
    await expect(trade('sell', 'warehouse', uri, 1)).rejects.toMatchObject(refused('not-released'))
    const drafts = await listRecalls(city.parts, officer, { lot: id, state: 'draft' })
    expect(drafts.items).toMatchObject([{ kind: 'real', total: 0, lots: [{ id }] }])
    await expect(releaseLot(city.parts, officer, id, '')).rejects.toMatchObject(problem('positive-goods'))

    const other = await city.lot({ released: false })
    const again = { ...sample, code: `R-${id}`, retest: { of: first.id, reason: '货主申请复检' } }
    await expect(takeSample(city.parts, officer, other.id, again)).rejects.toMatchObject(problem('invalid'))
    const second = await takeSample(city.parts, officer, id, again)
    await expect(releaseLot(city.parts, officer, id, '')).rejects.toMatchObject(problem('pending-goods'))
    await enterResult(city.parts, officer, second.id, { ...result, result: 'negative' })
    await releaseLot(city.parts, officer, id, '复检阴性')
    await trade('sell', 'warehouse', uri, 1_000)

    await startRecall(city.parts, officer, drafts.items[0]!.id, { orderedBy: '陈主任' })
    expect(await fate(drafts.items[0]!.id)).toEqual({ 'on-hand': 9_000, consumed: 1_000 })
    await expect(trade('sell', 'warehouse', uri, 1)).rejects.toMatchObject(refused('not-released'))
    await passTests(city.parts, officer, other.id)
  })
})
