import { parseArgs } from 'node:util'
import { createCity } from './city.ts'
import { purchasesOfDay } from './day.ts'
import { formatMeasures, measure } from './measure.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    city: { type: 'string', default: '350500' },
    start: { type: 'string', default: '2022-03-01' },
    days: { type: 'string', default: '107' },
  },
})
const city = createCity({
  seed: Number(values.seed),
  city: values.city,
  startDay: values.start,
  days: Number(values.days),
})
const began = performance.now()
const result = measure(city, (day) => purchasesOfDay(city, day))
const seconds = (performance.now() - began) / 1000
console.log(formatMeasures(result))
console.error(`${Math.round(result.total / seconds).toLocaleString('en')} purchases/s generated and measured`)
