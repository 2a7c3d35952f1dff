import { addDays, type Day, dayOf, daysBetween, isDay } from '@vigil/codes'
import { t } from '../../text.ts'

export const presets = [
  { key: 'today', name: t('今天') },
  { key: 'yesterday', name: t('昨天') },
  { key: '7', name: t('近 7 天') },
  { key: '14', name: t('近 14 天') },
  { key: '30', name: t('近 30 天') },
] as const
export type Preset = (typeof presets)[number]['key']

export interface Period {
  readonly from: Day
  readonly to: Day
}

/** Longest period that the pickers offer, in days. */
export const longestPeriod = 366

/** Today in Asia/Shanghai. */
export const today = (): Day => dayOf(new Date())

/** First and last day of a preset, both included; the running day counts. */
export function periodOf(preset: Preset, now: Day = today()): Period {
  if (preset === 'today') return { from: now, to: now }
  if (preset === 'yesterday') return { from: addDays(now, -1), to: addDays(now, -1) }
  return { from: addDays(now, 1 - Number(preset)), to: now }
}

/** The preset that a period is today, if any. */
export function findPreset(period: Period, now: Day = today()): Preset | undefined {
  return presets.find(({ key }) => {
    const { from, to } = periodOf(key, now)
    return from === period.from && to === period.to
  })?.key
}

/** A period from the address bar; the last 7 days when it is missing, malformed, reversed or too long. */
export function readPeriod(from: unknown, to: unknown, now: Day = today()): Period {
  if (!isDay(from) || !isDay(to)) return periodOf('7', now)
  const days = daysBetween(from, to) + 1
  return days < 1 || days > longestPeriod ? periodOf('7', now) : { from, to }
}

/** Every day of a period, first to last. */
export function daysOf({ from, to }: Period): Day[] {
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index))
}
