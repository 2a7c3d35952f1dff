import { addDays } from '@vigil/codes'
import { demoCities } from '@vigil/codes/areas'
import type { Epidemic } from './types.ts'

/**
 * Three epidemics for a demonstration: a large one, a middling one and a small one, in different counties and classes,
 * at a third, at two thirds and shortly before the end of the period. Empty for an unknown city.
 */
export function demoEpidemics(city: string, startDay: string, days: number): Epidemic[] {
  const counties = demoCities.find((known) => known.code === city)?.counties ?? []
  const plan = [
    { drugClass: 'antipyretic', at: 0.33, size: 420, medianDays: 7 },
    { drugClass: 'cough', at: 0.66, size: 180, medianDays: 5 },
    { drugClass: 'antiviral', at: 0.9, size: 70, medianDays: 4 },
  ] as const
  return plan.flatMap(({ drugClass, at, size, medianDays }, n) => {
    const county = counties[(n * 4 + 1) % Math.max(1, counties.length)]
    if (county === undefined) return []
    const startDayOf = addDays(startDay, Math.floor(days * at))
    return [{ id: `outbreak-${n + 1}`, countyCode: county.code, drugClass, startDay: startDayOf, size, medianDays }]
  })
}
