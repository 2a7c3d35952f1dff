import { addDays, weekday } from '@vigil/codes'
import { createCalendar } from '@vigil/codes/workday'
import { yearFraction } from './dates.ts'
import type { DrugClass } from './types.ts'

type Wave = { share: number; winter: number; peak: number; summer: number }

// Shares of the four classes; amplitude and peak (part of the year) of the winter wave; amplitude of the early-summer
// influenza wave that southern provinces see.
const waves: Readonly<Record<DrugClass, Wave>> = {
  antipyretic: { share: 0.29, winter: 0.25, peak: 0.02, summer: 0.06 },
  cough: { share: 0.36, winter: 0.32, peak: 0.05, summer: 0.02 },
  antibiotic: { share: 0.24, winter: 0.12, peak: 0.07, summer: 0.03 },
  antiviral: { share: 0.11, winter: 0.42, peak: 0.01, summer: 0.16 },
}

/** Share of a class times its seasonal factor (yearly mean 1) on a day given as days since 1900-01-01. */
export function classLevel(drugClass: DrugClass, epochDay: number): number {
  const wave = waves[drugClass]
  const t = yearFraction(epochDay)
  const winter = Math.cos(2 * Math.PI * (t - wave.peak))
  const summer = Math.cos(4 * Math.PI * (t - 0.46))
  return wave.share * (1 + wave.winter * winter + wave.summer * summer)
}

/** Monday to Sunday, mean 1. */
export const weekdayFactors = [1.09, 1.01, 0.98, 0.97, 1.0, 1.02, 0.93] as const
/** Factor of a public holiday that is taken off; the days of Spring Festival are quieter still. */
export const holidayFactor = 0.82
export const springFestivalFactor = 0.62
/** The day before a holiday of three days or more, when people stock up. */
export const eveFactor = 1.1

/** Demand of a day relative to a usual one: weekday, public holidays and their eves by the State Council's calendar. */
export function createDayFactor(): (day: string) => number {
  const calendar = createCalendar()
  const off = (day: string): string | undefined => calendar.holidayName(day)
  return (day) => {
    const holiday = off(day)
    if (holiday !== undefined) return holiday.includes('春节') ? springFestivalFactor : holidayFactor
    const isEve = off(addDays(day, 1)) !== undefined && off(addDays(day, 3)) !== undefined
    return weekdayFactors[weekday(day) - 1]! * (isEve ? eveFactor : 1)
  }
}
