import { alertClassNames, alertGradeNames } from '@vigil/contract'
import type { Grade } from './alert.domain.ts'
import type { SignalRow } from './alert.store.ts'

const width = { county: 0, office: 1, store: 2 } as const
const rank = { blue: 0, yellow: 1, orange: 2, red: 3 } as const

/** The signal that stands for an event: of the widest unit, there of the highest grade, there the newest. */
export function leading<S extends Pick<SignalRow, 'kind' | 'grade' | 'day' | 'code'>>(
  signals: readonly S[],
): S | undefined {
  return [...signals].sort(
    (a, b) =>
      Number(b.grade !== null) - Number(a.grade !== null) ||
      width[a.kind] - width[b.kind] ||
      (b.grade ? rank[b.grade] : -1) - (a.grade ? rank[a.grade] : -1) ||
      (a.day < b.day ? 1 : a.day > b.day ? -1 : 0) ||
      (a.code < b.code ? -1 : 1),
  )[0]
}

/** The widest units of an alert: they head it, and who judges and closes it answers for one of them. */
export function leadUnits<U extends { readonly kind: 'county' | 'office' | 'store' }>(units: readonly U[]): U[] {
  const widest = Math.min(...units.map(({ kind }) => width[kind]))
  return units.filter(({ kind }) => width[kind] === widest)
}

/** Class as a sentence has it. */
export const className = (name: string): string => alertClassNames[name as keyof typeof alertClassNames] ?? name

/** Heading of a message about an alert. */
export function titleOf(alert: { grade: Grade; class: string }, places: readonly string[], word = '预警'): string {
  const [first = ''] = places
  const place = places.length > 1 ? `${first}等${places.length}地` : first
  return `【${alertGradeNames[alert.grade]}色${word}】${place}${className(alert.class)}药品需求异常`
}

/** A length of time for a person. @param minutes 0 or more */
export function duration(minutes: number): string {
  if (minutes < 60) return `${Math.round(minutes)} 分钟`
  const hours = minutes / 60
  return hours < 48 ? `${Number(hours.toFixed(1))} 小时` : `${Number((hours / 24).toFixed(1))} 天`
}
