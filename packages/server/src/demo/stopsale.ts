import { addDays, citizenIdCheckDigit, dayOf, startOfDay, uuidv7 } from '@vigil/codes'
import { stopCheckPoints } from '@vigil/contract'
import { drugs } from '@vigil/simulate'
import { systemCaller } from '../kernel/access/index.ts'
import { systemScope, type Tx, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { register } from '../modules/pharmacy/index.ts'
import {
  createCampaign,
  createOrder,
  issueOrder,
  liftOrder,
  lineImport,
  listTasks,
  type StopSaleParts,
  type StopSales,
  submitCheck,
} from '../modules/stopsale/index.ts'
import { drugIds } from './city.ts'

const mark = 'demo.stopsale'
const cityCode = '350500'
/** Where an order is in force, and where one was: neither is the county of the store of the first steps. */
const counties = { now: '350583', past: '350581' }
const seldomSold = ['aspirin-effervescent-tablet-500', 'paracetamol-suppository-150', 'paediatric-chiqiao-granule-2g']
const stillSold = ['paracetamol-drops-15ml', 'vc-yinqiao-tablet', ...seldomSold]
const buyers = ['陈志明', '林秀英', '黄建国', '吴丽华', '蔡文斌', '许美玲']
const hourMs = 3_600_000

const officer = systemCaller('示范数据', ['stopsale.read', 'stopsale.manage', 'compliance.handle', 'purchase.register'])

/** The city's catalogue, 43 drugs: every antipyretic, and of the other classes those that are bought most for a fever or a cough. */
const shares = { antipyretic: 22, cough: 11, antibiotic: 5, antiviral: 5 } as const
const catalogue = (Object.keys(shares) as (keyof typeof shares)[]).flatMap((wanted) =>
  drugs
    .filter(({ drugClass }) => drugClass === wanted)
    .slice(0, shares[wanted])
    .map(({ key }) => key),
)

type Item = Parameters<typeof createOrder>[2]['items'][number]

/** The parts as they were at another time. */
const at = (parts: StopSaleParts, time: Date): StopSaleParts => ({
  ...parts,
  kernel: { ...parts.kernel, clock: { now: () => time } },
})

/** The catalogue of the city as a draft, and an order that was in force some days ago. @returns the id of the latter */
async function pastOrders(parts: StopSaleParts, items: (keys: readonly string[]) => Item[]): Promise<string> {
  const now = parts.kernel.clock.now()
  const today = dayOf(now)
  const reason = '配合疫情防控，退烧类药品暂停零售，发热患者到发热门诊就诊'
  await createOrder(parts, officer, {
    name: '暂停销售退热止咳等药品目录（全市）',
    areaCode: cityCode,
    from: addDays(today, 7),
    to: null,
    reason,
    documentNo: '',
    items: items(catalogue),
  })
  const { rows } = await parts.kernel.connections.system.query<{ day: string | null }>(
    `SELECT min(day)::text AS day FROM pharmacy.rollup_county_day WHERE county = $1`,
    [counties.past],
  )
  const first = rows[0]?.day ?? addDays(today, -2)
  const from = addDays(today, -10) > first ? addDays(today, -10) : first
  const then = at(parts, new Date(startOfDay(from).getTime() + 8 * hourMs))
  const { id } = await createOrder(then, officer, {
    name: '暂停销售部分退烧药品',
    areaCode: counties.past,
    from,
    to: addDays(today, -1),
    reason,
    documentNo: '石防指通告第 3 号',
    items: items(seldomSold),
  })
  await issueOrder(then, officer, id)
  const ended = addDays(from, 6) < today ? new Date(startOfDay(addDays(from, 6)).getTime() + 18 * hourMs) : undefined
  if (ended) await liftOrder(at(parts, ended), officer, id, '疫情趋于平稳')
  return id
}

/** What the insurance paid in the county of the past order: of its drugs, in its days and before them. */
async function reimburse(parts: StopSaleParts, orderId: string, ids: readonly string[]): Promise<void> {
  const { kernel, reference, book } = parts
  const order = book.order(orderId)
  const plan = await lineImport(parts).open(officer, systemScope)
  if (!order || !('prepare' in plan)) return
  const stores = [...reference.stores()].filter(({ county }) => county === counties.past).slice(0, 40)
  const last = order.endsAt ?? kernel.clock.now()
  const days = Math.max(1, Math.round((last.getTime() - order.startsAt.getTime()) / (24 * hourMs)))
  const lines = Array.from({ length: Math.max(24, stores.length * 2) }, (_, nth) => {
    const drug = reference.drug(ids[nth % ids.length] ?? '')
    // Some stores come often, most once; every fourth line is of a day before the order.
    const store = stores[(nth * nth) % Math.max(1, stores.length)]
    const day = addDays(order.from, nth % 4 === 3 ? -1 - (nth % 5) : 1 + (nth % days))
    if (!drug || !store || day > dayOf(kernel.clock.now())) return undefined
    const cells = {
      storeCode: store.code,
      drug: drug.generic,
      strength: drug.strength,
      form: drug.form,
      day,
      quantity: String(1 + (nth % 3)),
      serial: `YB${String(nth + 1).padStart(8, '0')}`,
      name: buyers[nth % buyers.length]!,
    }
    const parsed = plan.parse(cells, nth + 2)
    return 'ok' in parsed ? { rowNumber: nth + 2, value: parsed.ok } : undefined
  })
  const write = await plan.prepare(lines.filter((line) => line !== undefined))
  await withScope(kernel.db, systemScope, (tx) => write(tx))
}

/** An order in force in one county, some sales that it refused, and an inspection that is half done. */
async function presentOrder(parts: StopSaleParts, items: (keys: readonly string[]) => Item[]): Promise<void> {
  const { kernel, purchases, reference } = parts
  const today = dayOf(kernel.clock.now())
  const order = await createOrder(parts, officer, {
    name: '暂停销售退烧药品目录',
    areaCode: counties.now,
    from: today,
    to: addDays(today, 30),
    reason: '配合疫情防控，以下退烧类药品暂停零售，发热患者请到发热门诊就诊',
    documentNo: '南防指通告第 5 号',
    items: items(stillSold),
  })
  await issueOrder(parts, officer, order.id)
  const stores = [...reference.stores()].filter(({ county }) => county === counties.now)
  const [drugId] = items(stillSold).map(({ value }) => value)
  for (const [nth, name] of buyers.entries()) {
    const store = stores[(nth * 7) % Math.max(1, stores.length)]
    if (!store || !drugId) continue
    const first = `35058319${70 + nth}0${1 + nth}15${String(100 + nth)}`
    const now = kernel.clock.now()
    await register(kernel, purchases, officer, {
      purchases: [
        {
          id: uuidv7(now.getTime()),
          storeCode: store.code,
          soldAt: now.toISOString(),
          documentType: 'citizen-id',
          documentNumber: first + citizenIdCheckDigit(first),
          person: {
            name,
            mobile: `1390595${String(1000 + nth)}`,
            residenceAreaCode: counties.now,
            residenceAddress: '溪美街道 1 号',
          },
          items: [{ drugId, quantity: 1 }],
          symptoms: ['fever'],
          temperatureTenths: 380,
        },
      ],
    })
  }
  const campaign = await createCampaign(parts, officer, {
    name: '停售药品封存检查',
    areaCode: counties.now,
    orderId: order.id,
    dueOn: addDays(today, 5),
  })
  const half = Math.ceil(campaign.total / 2)
  const { items: tasks } = await listTasks(parts, officer, campaign.id, { limit: Math.min(200, half) })
  for (const [nth, task] of tasks.entries()) {
    const wrong = nth % 9 === 4 ? 'window' : nth % 13 === 6 ? 'displayed' : undefined
    await submitCheck(parts, officer, task.id, {
      revision: task.revision,
      answers: stopCheckPoints.map((point) => ({
        point,
        answer: point === wrong ? ('no' as const) : ('yes' as const),
      })),
      note: wrong === 'window' ? '开架销售，已要求改为窗口销售' : wrong ? '未张贴停售告示，已当场张贴' : '',
    })
  }
}

async function install(kernel: Kernel, { parts }: StopSales): Promise<void> {
  // Of processes that start together the first one does it.
  const first = await withScope(kernel.db, systemScope, async (tx) => begin(tx, kernel))
  if (!first) return
  const ids = await drugIds(kernel)
  const items = (keys: readonly string[]): Item[] => keys.map((key) => ({ kind: 'drug', value: ids(key) }))
  await presentOrder(parts, items)
  await reimburse(parts, await pastOrders(parts, items), seldomSold.map(ids))
}

async function begin(tx: Tx, kernel: Kernel): Promise<boolean> {
  const made = await tx
    .insertInto('vigil.setting')
    .values({ name: mark, value: JSON.stringify({ done: kernel.clock.now().toISOString() }) })
    .onConflict((same) => same.doNothing())
    .executeTakeFirst()
  return Number(made.numInsertedOrUpdatedRows ?? 0) > 0
}

/** Fills the pages of stop-sale in a new demo city, in the background. @returns ends it */
export function startDemoStopSales(
  kernel: Kernel,
  stopSales: StopSales,
  logError: (error: unknown) => void,
): () => void {
  let ended = false
  install(kernel, stopSales).catch((error: unknown) => ended || logError(error))
  return () => {
    ended = true
  }
}
