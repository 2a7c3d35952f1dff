import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { addDays, dayOf } from '@vigil/codes'
import { homeArea } from '@vigil/codes/areas'
import { type City, createCity, purchasesOfDay, type SimulatedPurchase, type Store } from '@vigil/simulate'
import {
  type EntryFact,
  judge,
  peersOf,
  type RuleName,
  ruleDefinitions,
  ruleNames,
  sortEntries,
  startRules,
  windowDays,
} from '../packages/server/src/modules/compliance/index.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '11,12,13,14,15' },
    stores: { type: 'string', default: '1300' },
    verbose: { type: 'boolean', default: false },
  },
})
const startDay = '2026-03-01'
/** Days before the window, so that habits and silences are under way when it begins. */
const before = 28
const days = before + windowDays

/** What the generator calls what a rule looks for; a store that only one of them is true of is labelled. */
const truths = {
  'fabricated-id': 'fabricated-id',
  'same-birthday': 'same-birthday',
  'shared-id': 'shared-id',
  'shared-mobile': 'shared-mobile',
  'staff-id': 'staff-id',
  'batch-entry': 'batch-entry',
  'near-identical': 'near-identical',
  'late-report': 'late',
  silent: 'silent',
} as const satisfies Partial<Record<RuleName, string>>
type Truth = (typeof truths)[keyof typeof truths]
type Counts = { tp: number; fp: number; fn: number; tn: number }

const short = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 11)

function factOf(sale: SimulatedPurchase): EntryFact {
  const sold = new Date(sale.soldAt)
  const citizen = sale.documentType === 'citizen-id'
  const clock = sale.soldAt.slice(11, 19).split(':').map(Number)
  return {
    id: sale.id,
    day: dayOf(sold),
    at: clock[0]! * 3600 + clock[1]! * 60 + clock[2]!,
    lag: Math.round((Date.parse(sale.reportedAt) - sold.getTime()) / 60_000),
    person: short(`${sale.documentType}:${sale.documentNumber}`),
    mobile: short(sale.mobile),
    name: short(sale.name),
    birth: citizen ? short(sale.documentNumber.slice(0, 14)) : null,
    sequence: citizen ? Number(sale.documentNumber.slice(14, 17)) : null,
    oddArea: citizen && homeArea(sale.documentNumber.slice(0, 6)) === undefined,
    goods: sale.items
      .map(({ drugKey }) => drugKey)
      .sort()
      .join(),
    fever: false,
    referred: false,
    refusedAt: null,
  }
}

/** Labels of a store in the window: habits with at least `least` labelled entries in it, lateness, a silence of three days or more. */
function truthOf(store: Store, sales: readonly SimulatedPurchase[], from: number, least: number): Set<Truth> {
  const found = new Set<Truth>()
  const labelled = sales.filter(({ truth }) => truth.habit !== undefined)
  const [first] = labelled
  if (first?.truth.habit && labelled.length >= least) found.add(first.truth.habit)
  if (store.reporting.kind === 'late' && sales.length >= least) found.add('late')
  if (store.silences.some((gap) => Math.min(gap.to, days) - Math.max(gap.from, from) >= 3)) found.add('silent')
  return found
}

interface StoreResult {
  readonly city: City
  readonly store: Store
  readonly truth: Set<Truth>
  readonly loose: Set<Truth>
  readonly found: ReadonlySet<RuleName>
  readonly sales: number
}

function studyCity(seed: number): StoreResult[] {
  const city = createCity({
    seed,
    city: '350500',
    startDay,
    days,
    stores: Number(values.stores),
    dailyPurchases: Number(values.stores) * 3.97,
  })
  const from = addDays(startDay, before)
  const to = addDays(startDay, days - 1)
  // What has arrived by the end of the last day; the rules see nothing that is still on its way.
  const until = Date.parse(`${addDays(to, 1)}T00:00:00+08:00`)
  const sales = new Map<string, SimulatedPurchase[]>(city.stores.map(({ code }) => [code, []]))
  for (let day = before; day < days; day++)
    for (const sale of purchasesOfDay(city, day))
      if (Date.parse(sale.reportedAt) <= until) sales.get(sale.storeCode)!.push(sale)
  const kindOf = ({ areaCode, chain }: Store) => `${areaCode} ${chain === null ? 'single' : 'chain'}`
  const peers = peersOf(
    city.stores.map((store) => ({ code: store.code, kind: kindOf(store), entries: sales.get(store.code)!.length })),
    windowDays,
  )
  const rules = startRules()
  return city.stores.map((store) => {
    const own = sales.get(store.code)!
    const window = {
      from,
      to,
      complete: to,
      since: startDay,
      closed: new Set<string>(),
      entries: sortEntries(own.map(factOf)),
      peers: peers.get(kindOf(store)) ?? null,
      staff: new Set(store.clerks.map(({ documentNumber }) => short(`citizen-id:${documentNumber}`))),
    }
    return {
      city,
      store,
      truth: truthOf(store, own, before, 3),
      loose: truthOf(store, own, before, 1),
      found: new Set(judge(window, rules).keys()),
      sales: own.length,
    }
  })
}

function count(
  results: readonly StoreResult[],
  isTrue: (r: StoreResult) => boolean,
  isFound: (r: StoreResult) => boolean,
): Counts {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 }
  for (const result of results) {
    const key = isFound(result) ? (isTrue(result) ? 'tp' : 'fp') : isTrue(result) ? 'fn' : 'tn'
    counts[key]++
  }
  return counts
}

const ratio = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3))
function line(name: string, { tp, fp, fn, tn }: Counts): string {
  return `| ${name} | ${tp} | ${fp} | ${fn} | ${tn.toLocaleString('en')} | ${ratio(tp, tp + fp)} | ${ratio(tp, tp + fn)} |`
}

const seeds = values.seeds.split(',').map(Number)
const results = seeds.flatMap(studyCity)
const head =
  '| | hit, labelled | hit, not labelled | missed | neither | precision | recall |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |'
console.log(
  `Seeds ${seeds.join(', ')}: ${results.length.toLocaleString('en')} stores, ${windowDays} days, ${results.reduce((sum, { sales }) => sum + sales, 0).toLocaleString('en')} entries.\n`,
)
console.log(head)
console.log(
  line(
    '**any rule**',
    count(
      results,
      ({ truth }) => truth.size > 0,
      ({ found }) => found.size > 0,
    ),
  ),
)
const conduct = (names: ReadonlySet<string>) => [...names].some((name) => name !== 'late' && name !== 'late-report')
console.log(
  line(
    'any rule but late',
    count(
      results,
      ({ truth }) => conduct(truth),
      ({ found }) => conduct(found),
    ),
  ),
)
console.log(
  line(
    'any rule, labels of a single entry count',
    count(
      results,
      ({ loose }) => loose.size > 0,
      ({ found }) => found.size > 0,
    ),
  ),
)
for (const rule of ruleNames) {
  const truth = (truths as Partial<Record<RuleName, Truth>>)[rule]
  const found = (result: StoreResult) => result.found.has(rule)
  if (truth)
    console.log(
      line(
        ruleDefinitions[rule].name,
        count(results, (r) => r.truth.has(truth), found),
      ),
    )
  else {
    const hits = results.filter(found)
    const bad = hits.filter(({ truth: labels }) => labels.size > 0).length
    console.log(`| ${ruleDefinitions[rule].name} | ${bad} | ${hits.length - bad} | no label | – | – | – |`)
  }
}
if (values.verbose)
  for (const { store, truth, found, sales } of results)
    if (truth.size > 0 !== found.size > 0)
      console.error(
        store.code,
        sales,
        `truth ${[...truth].join() || '–'}`,
        `found ${[...found].join() || '–'}`,
        store.habits.map(({ kind, from, to, share }) => `${kind} ${from}-${to} ${share.toFixed(2)}`).join(),
      )
