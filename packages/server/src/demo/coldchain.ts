import { Readable } from 'node:stream'
import { addDays, creditCodeCheckDigit, dayOf, organizationCodeCheckDigit } from '@vigil/codes'
import { createAccount, systemCaller } from '../kernel/access/index.ts'
import { systemScope, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import {
  addBoxes,
  addDocument,
  addPhoto,
  addTemperatures,
  type Coldchain,
  type ColdchainParts,
  certify,
  closeRecall,
  countArrival,
  countRecalled,
  declare,
  enterResult,
  followViolation,
  holderRole,
  keepGaps,
  openRecall,
  ownDeclaration,
  recordDisinfection,
  recordTrade,
  releaseLot,
  saveGoods,
  saveHolder,
  saveMockRule,
  savePrefix,
  scan,
  takeSample,
} from '../modules/coldchain/index.ts'
import { demoHolders, demoPassword } from './accounts.ts'
import { boxPicture } from './picture.ts'

const mark = 'demo.coldchain'
const hourMs = 3_600_000
const officer = systemCaller('示范数据', [
  'coldchain.read',
  'coldchain.operate',
  'coldchain.inspect',
  'coldchain.manage',
])

/** The parts as they were some hours ago. */
const ago = (parts: ColdchainParts, hours: number): ColdchainParts => ({
  ...parts,
  kernel: { ...parts.kernel, clock: { now: () => new Date(parts.kernel.clock.now().getTime() - hours * hourMs) } },
})

const creditCode = (n: number) => {
  const organization = `CHAN${String(n).padStart(4, '0')}`
  const first = `91350582${organization}${organizationCodeCheckDigit(organization)}`
  return first + creditCodeCheckDigit(first)
}

const codeOf = (n: number) => `LL-${String(n + 1).padStart(4, '0')}`

const businesses = [
  { key: 'importer', kind: 'importer', name: '泉州海川进出口有限公司', area: '350582' },
  { key: 'jinjiang', kind: 'warehouse', name: '晋江市进口冷链食品集中监管仓', area: '350582' },
  { key: 'nanan', kind: 'warehouse', name: '南安市进口冷链食品集中监管仓', area: '350583' },
  { key: 'trader', kind: 'trader', name: '晋江鑫达冷冻食品批发部', area: '350582' },
  { key: 'processor', kind: 'processor', name: '南安百味食品加工有限公司', area: '350583' },
  { key: 'shop', kind: 'shop', name: '石狮万家生鲜超市', area: '350581' },
] as const
type Key = (typeof businesses)[number]['key']

const products = [
  { name: '冻三文鱼', category: '水产', spec: '10 kg/箱', origin: '挪威', plantNo: 'N-418' },
  { name: '冻牛腩', category: '肉类', spec: '20 kg/箱', origin: '巴西', plantNo: 'SIF-337' },
  { name: '冻南美白虾', category: '水产', spec: '12 kg/箱', origin: '厄瓜多尔', plantNo: '24887' },
] as const

interface World {
  readonly holders: Readonly<Record<Key, string>>
  readonly goods: readonly string[]
  readonly fillet: string
}

async function businessesOf(parts: ColdchainParts): Promise<World> {
  const holders: Partial<Record<Key, string>> = {}
  for (const [n, { key, kind, name, area }] of businesses.entries()) {
    const size = kind === 'warehouse' ? { capacityGrams: 400_000_000, slotsPerHour: 4 } : {}
    const place = { address: `冷链物流园 ${n + 1} 号`, areaCode: area }
    const body = {
      code: codeOf(n),
      creditCode: creditCode(n),
      name,
      kind,
      ...place,
      ...size,
    }
    holders[key] = (await saveHolder(parts, officer, body)).id
  }
  const goods: string[] = []
  const facts = { gtin: null, limitTenths: -180, shelfLifeDays: 540 }
  for (const { name, category, spec } of products)
    goods.push((await saveGoods(parts, officer, { name, category, spec, ...facts })).id)
  const cut = { name: '三文鱼柳', category: '水产', spec: '1 kg/袋', ...facts }
  return { holders: holders as World['holders'], goods, fillet: (await saveGoods(parts, officer, cut)).id }
}

/** Declares a lot of 20 boxes with its four documents, `hours` ago, to arrive two days and an hour later. */
async function announce(parts: ColdchainParts, world: World, n: number, hours: number): Promise<string> {
  const then = ago(parts, hours)
  const now = then.kernel.clock.now()
  const { origin, plantNo } = products[n % products.length]!
  const slot = new Date((Math.ceil(now.getTime() / hourMs) + 49) * hourMs)
  const today = dayOf(now)
  const id = await declare(then, officer, {
    ...{ goodsId: world.goods[n % products.length]!, lotNo: '', origin, plantNo, supplierLot: `EXP-${2200 + n}` },
    ...{ containerNo: `MSKU${7_100_000 + n * 137}`, producedOn: addDays(today, -60), expiresOn: addDays(today, 480) },
    ...{ boxes: 20, grams: 200_000, ownerId: world.holders.importer },
    ...{ warehouseId: n % 3 === 2 ? world.holders.nanan : world.holders.jinjiang, vehicle: `闽C·A${3150 + n}` },
    ...{ driverName: '王建军', driverMobile: '13800000000', slotAt: slot.toISOString() },
  })
  for (const kind of ['customs', 'quarantine', 'test', 'disinfection'] as const) {
    const upload = { filename: `${kind}.pdf`, stream: Readable.from([Buffer.from(`%PDF-1.4 ${kind} ${id}`)]) }
    const number = `${kind.slice(0, 2).toUpperCase()}${today.replaceAll('-', '')}${String(n).padStart(4, '0')}`
    await addDocument(then, officer, id, { kind, number, issuedOn: today }, upload)
  }
  return id
}

async function enter(parts: ColdchainParts, id: string, warehouseGrams = 200_000): Promise<string> {
  for (const [side, grams] of [
    ['consignor', 200_000],
    ['warehouse', warehouseGrams],
  ] as const)
    await countArrival(parts, officer, id, { side, boxes: 20, grams, reason: '' })
  return (await ownDeclaration(parts, officer, id)).lotId
}

async function release(parts: ColdchainParts, lotId: string, n: number): Promise<void> {
  for (const subject of ['goods', 'packaging', 'vehicle'] as const) {
    const grams = subject === 'goods' ? 200 : 0
    const sample = await takeSample(parts, officer, lotId, { code: `LL${n}-${subject}`, subject, grams })
    await enterResult(parts, officer, sample.id, { result: 'negative', lab: '晋江市疾控中心', reportNo: `HS-${n}` })
  }
  const doneAt = parts.kernel.clock.now().toISOString()
  await recordDisinfection(parts, officer, lotId, { agent: '低温型过氧乙酸', doneAt, note: '六面消毒' })
  await releaseLot(parts, officer, lotId, '')
  await certify(parts, officer, lotId, { boxes: 19, grams: 190_000 })
}

/** Accounts of some of the businesses, each for its own place. */
const putAccounts = ({ db }: Kernel): Promise<void> =>
  withScope(db, systemScope, async (tx) => {
    for (const { username, displayName, holder } of demoHolders) {
      const at = businesses.findIndex(({ key }) => key === holder)
      const place = { areaCode: businesses[at]!.area, storeCode: codeOf(at) }
      const grants = [{ roleCode: holderRole, ...place }]
      await createAccount(tx, { username, displayName, password: demoPassword, grants })
    }
  })

async function install({ parts }: Coldchain): Promise<void> {
  const world = await businessesOf(parts)
  // Prefixes that begin with 952 are kept by GS1 for examples.
  await savePrefix(parts, officer, { prefix: '9521234', areaCode: '350500' })
  await putAccounts(parts.kernel)
  const { jinjiang, trader, processor, shop } = world.holders
  const first = await enter(ago(parts, 40), await announce(parts, world, 0, 100))
  const codes = await addBoxes(ago(parts, 39), officer, first, {
    boxes: Array.from({ length: 19 }, () => ({ grams: 10_000 })),
  })
  await release(ago(parts, 30), first, 0)
  const send = (holderId: string, toId: string, lines: { code: string; grams?: number }[], hours: number) =>
    recordTrade(ago(parts, hours), officer, { kind: 'ship', holderId, toId, lines })
  const receive = (holderId: string, dispatch: string, lines: { code: string; grams?: number }[], hours: number) =>
    recordTrade(ago(parts, hours), officer, { kind: 'receive', holderId, dispatch, lines })
  const some = codes.slice(0, 8).map((code) => ({ code }))
  const sent = await send(jinjiang, trader, some, 26)
  await receive(trader, sent.dispatch!, some, 24)
  const half = some.slice(0, 4)
  const onward = await send(trader, processor, half, 20)
  await receive(processor, onward.dispatch!, half, 18)
  const cut = await recordTrade(ago(parts, 12), officer, {
    ...{ kind: 'process', holderId: processor, lines: half },
    outputs: [{ goodsId: world.fillet, lotNo: '', grams: 31_500 }],
  })
  const fillets = [{ code: cut.outputs[0]!.uri, grams: 20_000 }]
  const last = await send(processor, shop, fillets, 8)
  await receive(shop, last.dispatch!, fillets, 6)
  await recordTrade(ago(parts, 2), officer, { kind: 'sell', holderId: shop, lines: [{ ...fillets[0]!, grams: 3_500 }] })
  await send(
    jinjiang,
    trader,
    codes.slice(10, 13).map((code) => ({ code })),
    4,
  )

  await release(ago(parts, 20), await enter(ago(parts, 30), await announce(parts, world, 1, 90)), 1)
  const third = await enter(ago(parts, 10), await announce(parts, world, 2, 70))
  await takeSample(ago(parts, 8), officer, third, { code: 'LL2-goods', subject: 'goods', grams: 200 })
  await enter(ago(parts, 3), await announce(parts, world, 3, 60), 199_200)
  await announce(parts, world, 4, 20)
  await announce(parts, world, 5, 6)
  const where = { place: '水产摊位 12 号', lon: 118.65, lat: 24.73, grams: 6_000, note: '摊主不能出示出仓证明' }
  const code = 'https://id.gs1.org/01/06901234567892/21/A0001'
  await chill(parts, first, jinjiang)
  const made = cut.outputs[0]!.lotId
  await exercise(parts, first, [
    [jinjiang, first, 79_800],
    [trader, first, 40_000],
    [processor, made, 11_500],
    [shop, made, 16_500],
  ])
  const { violation } = await scan(ago(parts, 5), officer, { ...where, code, holderId: shop })
  if (violation) {
    const photo = { filename: '水产摊位12号.png', stream: Readable.from([boxPicture()]) }
    await addPhoto(ago(parts, 5), officer, violation.id, photo)
    await followViolation(ago(parts, 4), officer, violation.id, { note: '已责令下架封存，通知石狮市局到场核查来源' })
  }
  await keepGaps(parts)
  const plan = { areaCode: '350500', from: addDays(dayOf(parts.kernel.clock.now()), 7), months: 3, lots: 1, hours: 24 }
  await saveMockRule(parts, officer, { ...plan, note: '每季度一次' })
}

/** A logger's record in the warehouse: every quarter of an hour, with a door that stood open. */
async function chill(parts: ColdchainParts, lotId: string, holderId: string): Promise<void> {
  const start = ago(parts, 38).kernel.clock.now().getTime()
  const rows = Array.from({ length: 96 }, (_, n) => {
    const at = new Date(start + n * 900_000 + 8 * hourMs).toISOString().slice(0, 19).replace('T', ' ')
    const open = n >= 50 && n < 54
    return `${at},${(open ? -9.5 + (n % 3) : -20 + (n % 5) / 5).toFixed(1)}`
  })
  const text = `设备编号：RC5-20817\n时间,温度(℃)\n${rows.join('\n')}\n`
  const file = { filename: '冷库记录仪.csv', stream: Readable.from([Buffer.from(text)]) }
  await addTemperatures(ago(parts, 13), officer, lotId, holderId, file)
}

/** An exercise over a lot that went through all hands: everybody counts, one a box short. */
async function exercise(parts: ColdchainParts, lotId: string, held: readonly (readonly [string, string, number])[]) {
  const order = { reason: '季度模拟召回', orderedBy: '市冷链专班' }
  const id = await openRecall(ago(parts, 1.5), officer, { kind: 'mock', lotIds: [lotId], ...order })
  for (const [holderId, lot, grams] of held)
    await countRecalled(ago(parts, 1), officer, id, { holderId, lotId: lot, grams, note: '' })
  await closeRecall(ago(parts, 0.5), officer, id, '演练完成，差异已交属地核查')
}

/** Fills the pages of the cold chain in a new demo city, in the background. @returns ends it */
export function startDemoColdchain(
  kernel: Kernel,
  coldchain: Coldchain,
  logError: (error: unknown) => void,
): () => void {
  let ended = false
  const begin = () =>
    withScope(kernel.db, systemScope, (tx) =>
      tx
        .insertInto('vigil.setting')
        .values({ name: mark, value: JSON.stringify({ done: kernel.clock.now().toISOString() }) })
        .onConflict((same) => same.doNothing())
        .executeTakeFirst(),
    )
  // Of processes that start together the first one does it.
  const run = async () => {
    if (Number((await begin()).numInsertedOrUpdatedRows ?? 0) > 0) await install(coldchain)
  }
  run().catch((error: unknown) => ended || logError(error))
  return () => {
    ended = true
  }
}
