import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { addDays } from '@vigil/codes'
import { demoCities } from '@vigil/codes/areas'
import type { RuleSettings } from '@vigil/contract'
import { createRandom } from '@vigil/detection'
import {
  createCity,
  drugClasses,
  type Epidemic,
  type Outbreak,
  type Score,
  scoreAlerts,
  scoreByChance,
} from '@vigil/simulate'
import { defaultRules } from '../packages/server/src/modules/surveillance/rule.defaults.ts'
import { type Line, replaceTables, report } from './city.report.ts'
import { alertsOf, type NamedRule, neighboursOf, watchCity } from './city.watch.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '101,102,103,104,105,106,107,108,109,110' },
    stores: { type: 'string', default: '1300' },
    history: { type: 'string', default: '400' },
  },
})
const place = '350500'
const judgedDays = 120
/** Days before them, which Farrington's year, its window and a week need. */
const historyDays = Number(values.history)
const firstJudged = '2025-01-01'
/** Judged periods of the cities begin so far apart, so that together they see a year. */
const apart = 24
const sizes = [30, 60, 120, 240, 480]
const medians = [3, 5, 7]
const outbreaksPerCity = 20
const counties = demoCities.find(({ code }) => code === place)!.counties.map(({ code }) => code)

/** Outbreaks of a city: no two in one county and class, all sizes equally often, anywhere within the judged days. */
function epidemicsOf(seed: number, start: string): Epidemic[] {
  const random = createRandom(seed, 7)
  const pairs = counties.flatMap((county) => drugClasses.map((drugClass) => ({ county, drugClass })))
  return Array.from({ length: outbreaksPerCity }, (_, n) => {
    const [{ county, drugClass }] = pairs.splice(random.below(pairs.length), 1) as [(typeof pairs)[number]]
    return {
      id: `o${n}`,
      countyCode: county,
      drugClass,
      startDay: addDays(start, 3 + random.below(judgedDays - 17)),
      size: sizes[n % sizes.length]!,
      medianDays: medians[random.below(medians.length)]!,
    }
  })
}

const [county, office, store, sudden] = defaultRules.map(({ settings }) => settings) as [
  RuleSettings,
  RuleSettings,
  RuleSettings,
  RuleSettings,
]
const { maxAgeDays: _age, ...always } = sudden
const ownThreshold = (blue: number) => ({
  // So wide that it binds nobody: the method's own threshold stands.
  budget: 100,
  minExcess: 0,
  grades: { blue, yellow: blue + 1, orange: blue + 2, red: blue + 3 },
})
// Our county rule's own grades are lower, for sums over days: these are what it had for single ones.
const grades = { blue: 2.5, yellow: 3.2, orange: 4, red: 5.5 }
const rules: readonly NamedRule[] = [
  { id: 'county', settings: county },
  { id: 'office', settings: office },
  { id: 'store', settings: store },
  { id: 'sudden', settings: sudden },
  { id: 'sudden-always', settings: always },
  {
    id: 'c2',
    settings: { ...county, detector: 'ears-c2', parameters: { baseline: 7, alpha: 0.00135 }, ...ownThreshold(3) },
  },
  {
    id: 'farrington',
    settings: { ...county, detector: 'farrington-flexible', parameters: { alpha: 0.01 }, ...ownThreshold(2.326) },
  },
  { id: 'c2-graded', settings: { ...county, detector: 'ears-c2', parameters: {}, grades } },
  { id: 'farrington-graded', settings: { ...county, detector: 'farrington-flexible', parameters: {}, grades } },
]
const defaults = ['county', 'office', 'store', 'sudden']
const lines: readonly Line[] = [
  { name: 'default: all four rules together', rules: defaults },
  { name: '— days graded yellow or above only', rules: defaults, least: 'yellow' },
  { name: '— days graded orange or above only', rules: defaults, least: 'orange' },
  { name: 'with sudden rises in counties of any history', rules: ['county', 'office', 'store', 'sudden-always'] },
  { name: 'without sudden rises: counties, offices and stores', rules: ['county', 'office', 'store'] },
  { name: 'sums over days: counties and offices', rules: ['county', 'office'] },
  { name: 'sums over days: counties alone', rules: ['county'] },
  { name: 'sudden rises in counties of any history, alone', rules: ['sudden-always'] },
  { name: 'EARS C2 as published (7 days, 3 SD), counties', rules: ['c2'] },
  { name: 'Farrington flexible, α = 0.01, counties', rules: ['farrington'] },
  { name: 'EARS C2, 28 days, under our grades and budget, counties', rules: ['c2-graded'] },
  { name: 'Farrington flexible under our grades and budget, counties', rules: ['farrington-graded'] },
]

const seeds = values.seeds.split(',').map(Number)
const scores = lines.map((): Score[] => [])
const chances = lines.map((): Score[] => [])
const began = performance.now()
for (const [index, seed] of seeds.entries()) {
  const start = addDays(firstJudged, apart * index)
  const city = createCity({
    seed,
    city: place,
    startDay: addDays(start, -historyDays),
    days: historyDays + judgedDays,
    stores: Number(values.stores),
    epidemics: epidemicsOf(seed, start),
  })
  const outbreaks = city.epidemics.flatMap(({ countyCode, drugClass, size }, at): Outbreak[] => {
    const cases = city.epidemicCases[at]!
    const [first, last] = [cases.findIndex((count) => count > 0), cases.findLastIndex((count) => count > 0)]
    return first < 0 ? [] : [{ county: countyCode, class: drugClass, first, last, size }]
  })
  const told = watchCity(city, rules, historyDays)
  const touches = await neighboursOf(city)
  for (const [at, line] of lines.entries()) {
    const own = told.filter(({ rule }) => line.rules.includes(rule))
    const alerts = alertsOf(city, own, touches, line.least)
    scores[at]!.push(scoreAlerts(alerts, outbreaks))
    chances[at]!.push(...scoreByChance(alerts, outbreaks, counties))
  }
  console.error(`city ${seed} from ${start}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
}
const text = report(lines, scores, chances, { counties: counties.length, weeks: judgedDays / 7, sizes })
console.log(text)
// Draws of one's own are not what the note speaks of.
if (process.argv.length === 2) {
  const note = new URL('../docs/study-city.md', import.meta.url)
  writeFileSync(note, replaceTables(readFileSync(note, 'utf8'), text))
}
