import { ean13CheckDigit } from '@vigil/codes'
import { epochDayOf } from '../dates.ts'
import { roadName } from '../names.ts'
import { checkOptions } from '../options.ts'
import { apportion, createCounties, createOffices, round } from '../places.ts'
import { createRandom } from '../random.ts'
import { SimulationOptionError } from '../types.ts'
import {
  type Trade,
  type TradeFault,
  type TradeGoods,
  type TradeOptions,
  type TradeParty,
  type TradePartyKind,
  tradeFaultKinds,
} from './types.ts'

const purposes = { party: 81, goods: 82, fault: 83 }
/** Made up, of the range that GS1 keeps for demonstrations (952). */
const prefix = '9521'
const numbered = (kind: number, index: number): string => {
  const digits = `${prefix}${kind}${String(index).padStart(7, '0')}`
  return digits + ean13CheckDigit(digits)
}

/** GTIN of what a processor makes. */
export const madeGtin = ({ index }: TradeParty): string => `0${numbered(8, index)}`

const kinds = [
  'frozen 巴西 SIF 冷冻去骨牛前八件套 冷冻鸡爪 冷冻猪颈骨',
  'frozen 厄瓜多尔 PLANTA 冻南美白虾 冻带鱼段 冻鱿鱼圈',
  'frozen 阿根廷 SENASA 冷冻牛腱 冷冻牛碎肉 冻红虾',
  'frozen 越南 DL 冻巴沙鱼柳 冻墨鱼仔 冻榴莲肉',
  'chilled-meat 澳大利亚 EST 冰鲜牛眼肉 冰鲜羊排 冰鲜牛小排',
  'chilled 挪威 N 冰鲜三文鱼 冰鲜鳕鱼 冰鲜北极甜虾',
  'ultra-frozen 日本 JP 超低温金枪鱼 超低温蓝鳍鱼 超低温旗鱼',
]
const limits = { 'ultra-frozen': -500, frozen: -180, 'chilled-meat': 40, chilled: 100 } as const

function createGoods(seed: number): TradeGoods[] {
  return kinds.flatMap((line, row) => {
    const [category, origin, authority, ...names] = line.split(' ') as [
      keyof typeof limits,
      string,
      string,
      ...string[],
    ]
    return names.map((name, n) => {
      const random = createRandom(seed, purposes.goods, row, n)
      return {
        gtin: `0${numbered(9, row * 10 + n)}`,
        name,
        category,
        origin,
        plantNo: `${authority}${1000 + random.below(9000)}`,
        boxGrams: 5_000 + random.below(200) * 100,
        shelfLifeDays: category === 'frozen' || category === 'ultra-frozen' ? 730 : 45,
        limitTenths: limits[category],
      }
    })
  })
}

const titles: Readonly<Record<TradePartyKind, string>> = {
  importer: '进出口贸易有限公司',
  warehouse: '集中监管仓',
  trader: '冻品批发部',
  processor: '食品加工有限公司',
  shop: '生鲜超市',
}

/** Parties in the counties by their size, a warehouse in each. */
function createParties(
  options: Required<Counts>,
  seed: number,
  city: Parameters<typeof createCounties>[1],
): TradeParty[] {
  const counties = createCounties(seed, city, Math.max(options.shops, city.counties.length))
  const offices = createOffices(seed, counties)
  const parties: TradeParty[] = []
  const order: TradePartyKind[] = ['warehouse', 'importer', 'trader', 'processor', 'shop']
  for (const [row, kind] of order.entries()) {
    const counts = kind === 'warehouse' ? counties.map(() => 1) : spread(options[`${kind}s`], counties)
    for (const [countyIndex, count] of counts.entries()) {
      const county = counties[countyIndex]!
      const near = offices.filter((office) => office.countyCode === county.code)
      for (let n = 0; n < count; n++) {
        const random = createRandom(seed, purposes.party, row * 100 + countyIndex, n)
        const office = random.pick(near)
        const gln = numbered(row, parties.length)
        parties.push({
          index: parties.length,
          kind,
          name:
            kind === 'warehouse' ? `${county.name}${titles.warehouse}` : `${office.place}示范${n + 1}号${titles[kind]}`,
          gln,
          uri: `https://id.gs1.org/417/${gln}`,
          locationUri: `https://id.gs1.org/414/${gln}`,
          areaCode: county.code,
          countyIndex,
          address: `${office.place}${roadName(random.u32())}${1 + random.below(300)}号`,
          lon: round(office.lon + random.normal() * 0.01),
          lat: round(office.lat + random.normal() * 0.01),
        })
      }
    }
  }
  return parties
}

type Counts = Pick<TradeOptions, 'importers' | 'traders' | 'processors' | 'shops'>
const spread = (total: number, counties: readonly { weight: number }[]): number[] =>
  apportion(
    total,
    counties.map(({ weight }) => weight),
  )

/** Parties of a kind, and of a kind in a county. */
const grouped = (parties: readonly TradeParty[]): Trade['partiesOf'] =>
  new Map([
    ...Map.groupBy(parties, ({ kind }): string => kind),
    ...Map.groupBy(parties, ({ kind, countyIndex }) => `${kind}/${countyIndex}`),
  ])

/** Faults at consignments all over the time, each kind at others as far as there are any. */
function placeFaults(seed: number, consignments: number, wanted: TradeOptions['faults'] = {}): Trade['faults'] {
  const byConsignment = new Map<number, TradeFault[]>()
  for (const [row, kind] of tradeFaultKinds.entries()) {
    const count = wanted[kind] ?? 0
    const step = consignments / Math.max(1, count)
    const random = createRandom(seed, purposes.fault, row)
    for (let n = 0; n < count; n++) {
      // One of a kind in a consignment: a step is at least one long, and none reaches into the next.
      const consignment = Math.floor(n * step) + random.below(Math.max(1, Math.floor(step)))
      const list = byConsignment.get(consignment) ?? []
      byConsignment.set(consignment, [...list, { id: `${kind}/${n + 1}`, kind, consignment }])
    }
  }
  return byConsignment
}

/**
 * A synthetic trade in imported cold-chain food: pure and deterministic, the same options give the same items, byte for byte. Memory
 * grows with parties and faults only. Throws SimulationOptionError naming the option that is wrong.
 */
export function createTrade(options: TradeOptions): Trade {
  const { seed, area, startDay, days } = checkOptions({
    seed: options.seed,
    city: options.city,
    startDay: options.startDay,
    days: options.days,
  })
  const least = area.counties.length
  const count = (field: keyof Counts, usual: number): number => whole(field, options[field] ?? usual, least, 100_000)
  const consignments = whole('consignments', options.consignments, 1, 10_000_000)
  for (const kind of tradeFaultKinds) whole(`faults.${kind}`, options.faults?.[kind] ?? 0, 0, consignments)
  const counts = {
    importers: count('importers', least),
    traders: count('traders', 80),
    processors: count('processors', 30),
    shops: count('shops', 400),
  }
  const parties = createParties(counts, seed, area)
  return {
    seed,
    city: area.code,
    startDay,
    epochDay: epochDayOf(startDay),
    days,
    consignments,
    parties,
    partiesOf: grouped(parties),
    goods: createGoods(seed),
    faults: placeFaults(seed, consignments, options.faults),
  }
}

function whole(field: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new SimulationOptionError(field, `must be an integer from ${min} to ${max}`)
}
