import { type Day, startOfDay } from '@vigil/codes'

/** Time of day until an area sets its own: that by which stores check in. */
export const defaultReminderAt = '10:00'

export interface AreaPlace {
  readonly code: string
  readonly level: string
  readonly path: string
}

/** Instant of a time of day, HH:MM in Asia/Shanghai. */
export const instantOf = (day: Day, at: string): Date =>
  new Date(startOfDay(day).getTime() + (Number(at.slice(0, 2)) * 60 + Number(at.slice(3))) * 60_000)

/**
 * Areas whose people are to be told now: counties and offices whose time has come on this day and that were not told of it.
 * @param timeAt time of day of the rule in force at a path; null where nobody is told
 */
export function areasToTell<T extends AreaPlace>(
  areas: Iterable<T>,
  {
    day,
    now,
    timeAt,
    told,
  }: { day: Day; now: Date; timeAt: (path: string) => string | null; told: ReadonlySet<string> },
): T[] {
  return [...areas].filter(({ level, path }) => {
    if ((level !== 'county' && level !== 'office') || told.has(path)) return false
    const at = timeAt(path)
    return at !== null && now >= instantOf(day, at)
  })
}

/** What stands in the message about an area. Figures only: messages leave the house. */
export function reminderText(
  area: { name: string },
  figures: { active: number; missing: number; sold: number },
  at: string,
) {
  const sold = figures.sold > 0 ? `另有 ${figures.sold} 家有销售登记但未签到。` : ''
  return {
    title: `${area.name} ${at} 仍有 ${figures.missing} 家药店未签到`,
    text: `在册营业 ${figures.active} 家，未签到 ${figures.missing} 家，请按名单逐家联系并登记结果。${sold}`,
  }
}
