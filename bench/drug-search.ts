import { starterCatalogue } from '@vigil/simulate'
import { type Drug, drugName } from '../packages/server/src/modules/pharmacy/drug.domain.ts'
import { packDrugs } from '../packages/server/src/modules/pharmacy/drug.pack.ts'
import { DrugIndex } from '../packages/server/src/modules/pharmacy/drug.search.ts'
import { quantile } from './environment.ts'

const drugTotal = 20_000
const prefixes = [
  '',
  '复方',
  '小儿',
  '盐酸',
  '枸橼酸',
  '重酒石酸',
  '注射用',
  '双',
  '新',
  '速效',
  '强力',
  '清热',
  '益气',
  '银杏',
  '参苓',
]
const makers = ['青山', '海岳', '康宁', '仁和堂', '东江', '北辰', '南屏', '西湖', '长宁', '永泰']

/** Distinct names made of the starter catalogue, so that no name is spelled only once for many drugs. */
function catalogue(): Drug[] {
  return Array.from({ length: drugTotal }, (_, at) => {
    const base = starterCatalogue[at % starterCatalogue.length]!
    const round = Math.floor(at / starterCatalogue.length)
    const names = {
      generic: `${prefixes[round % prefixes.length]}${base.genericName}`,
      brand: round % 3 === 0 ? `${makers[round % makers.length]!.slice(0, 1)}${base.genericName.slice(0, 2)}宁` : '',
      form: base.form,
      strength: base.strength,
    }
    return {
      ...names,
      id: String(at).padStart(6, '0'),
      class: base.drugClass,
      maker: `${makers[round % makers.length]}药业${round}厂`,
      approvalNo: `国药准字H${String(20_000_000 + at)}`,
      ean13: String(6_900_000_000_000 + at),
      tracePrefix: String(8_000_000 + at),
      active: true,
      name: drugName(names),
    }
  })
}

const queries = [
  'b',
  'bl',
  'blf',
  'buluofen',
  'bu luo fen',
  '布洛',
  'b洛f',
  'lianhua',
  '感冒',
  'gmlkl',
  'chongjiushisuan',
  'zhusheyong',
  'xiaoer',
  '胶囊',
  '青山 布洛芬',
  'blf 0.3g',
  '6900000012345',
  '80000120000000000000',
  '国药准字H20001234',
  'H20001234',
  'qqqq',
  'zzzzzzzz',
  '没有这种药',
]

/** Time of one search in a catalogue of 20,000 drugs, and of making the index and the offline pack. */
export async function run(): Promise<void> {
  const drugs = catalogue()
  const began = performance.now()
  const index = new DrugIndex(drugs)
  const indexMs = performance.now() - began
  const packBegan = performance.now()
  const pack = await packDrugs(drugs)
  const packMs = performance.now() - packBegan
  const times: number[] = []
  const slowest = { q: '', ms: 0 }
  for (let round = 0; round < 12; round++)
    for (const q of queries) {
      const start = performance.now()
      index.search({ q, limit: 20, inactive: false })
      const ms = performance.now() - start
      if (round < 2) continue
      times.push(ms)
      if (ms > slowest.ms) Object.assign(slowest, { q, ms })
    }
  times.sort((a, b) => a - b)
  const ms = (value: number) => value.toFixed(1)
  console.log(`drug search: ${drugTotal} drugs, ${times.length} searches`)
  console.log(
    `  p50 ${ms(quantile(times, 0.5))} ms, p99 ${ms(quantile(times, 0.99))} ms, slowest ${ms(slowest.ms)} ms (${slowest.q}); goal < 50 ms`,
  )
  console.log(`  index made in ${ms(indexMs)} ms, pack of ${pack.items.length} lines in ${ms(packMs)} ms`)
}
