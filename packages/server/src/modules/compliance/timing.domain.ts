import { addDays, daysBetween } from '@vigil/codes'
import {
  type EntryFact,
  type Evidence,
  evidenceOf,
  excusedDays,
  type Finding,
  findingOf,
  groupBy,
  type StoreWindow,
  strengthOf,
  type Values,
} from './fact.domain.ts'

/** The same person and the same drugs again within minutes. */
export function nearIdentical(window: StoreWindow, values: Values): Finding | undefined {
  const evidence: Evidence[] = []
  let pairs = 0
  for (const [person, entries] of groupBy(window.entries, (entry) => entry.person)) {
    const again = entries.filter((entry, index) => {
      const before = entries[index - 1]
      return (
        before !== undefined &&
        before.day === entry.day &&
        before.goods === entry.goods &&
        entry.at - before.at <= values.minutes! * 60
      )
    })
    if (again.length === 0) continue
    pairs += again.length
    const both = entries.filter((entry, index) => again.includes(entry) || again.includes(entries[index + 1]!))
    evidence.push(evidenceOf(person, `同一人同样的药 ${values.minutes!} 分钟内登记 ${again.length + 1} 次`, both))
  }
  if (pairs < values.least! || pairs < (values.share! / 100) * window.entries.length) return undefined
  return findingOf(window, pairs, values.full! / 100, evidence)
}

/** The unbroken run of quick entries that ends a day. */
function lastRun(entries: readonly EntryFact[], gap: number): EntryFact[] {
  let first = entries.length - 1
  while (first > 0 && entries[first]!.at - entries[first - 1]!.at <= gap) first--
  return entries.slice(first)
}

/** Days whose entries were mostly typed in one after the other at the end. */
export function closingBatches(window: StoreWindow, values: Values): Finding | undefined {
  const days = [...groupBy(window.entries, (entry) => entry.day)].filter(([, entries]) => entries.length >= 2)
  const batches = days.flatMap(([day, entries]) => {
    const run = lastRun(entries, values.gap!)
    return run.length >= 2 && run.length * 100 >= values.part! * entries.length
      ? [{ day, run, all: entries.length }]
      : []
  })
  if (batches.length < values.days! || batches.length * 100 < values.share! * days.length) return undefined
  const evidence = batches.map(({ day, run, all }) =>
    evidenceOf(day, `当天 ${all} 笔中有 ${run.length} 笔在最后 ${spanOf(run)} 内接连录入`, run),
  )
  const count = batches.reduce((sum, { run }) => sum + run.length, 0)
  return {
    ...findingOf(window, count, 1, evidence),
    strength: strengthOf(batches.length / days.length, values.full! / 100),
  }
}

function spanOf(run: readonly EntryFact[]): string {
  const seconds = run.at(-1)!.at - run[0]!.at
  return seconds < 120 ? `${seconds} 秒` : `${Math.round(seconds / 60)} 分钟`
}

/** Minutes from a sale to its arrival, without the days for which the store had said that it is closed. */
function openLag({ day, at, lag }: EntryFact, excused: ReadonlySet<string>): number {
  if (excused.size === 0) return lag
  const arrival = at / 60 + lag
  let left = lag
  for (let n = 1; n * 1440 < arrival; n++) if (excused.has(addDays(day, n))) left -= Math.min(1440, arrival - n * 1440)
  return left
}

/** Entries that reached the server long after the sale; days that somebody imports of long ago say nothing of the store. */
export function lateReports(window: StoreWindow, values: Values): Finding | undefined {
  const reported = window.entries.filter(({ lag }) => lag <= values.backfill! * 1440)
  const excused = excusedDays(window)
  const late = reported.filter((entry) => openLag(entry, excused) > values.minutes!)
  if (late.length < values.least! || late.length * 100 < values.share! * reported.length) return undefined
  const lags = late.map((entry) => openLag(entry, excused)).sort((a, b) => a - b)
  const median = lags[Math.floor(lags.length / 2)]!
  const text = `${late.length} 笔迟报，一般晚 ${median < 1440 ? `${Math.round(median / 60)} 小时` : `${(median / 1440).toFixed(1)} 天`}`
  return findingOf(window, late.length, values.full! / 100, [evidenceOf('late', text, late)])
}

/**
 * Longest run of days without an entry, in which the store's usual sales would have shown. Days for which it had said that
 * it is closed neither count nor end a run.
 */
export function silence(window: StoreWindow, values: Values): Finding | undefined {
  const start = window.since > window.from ? window.since : window.from
  const length = daysBetween(start, window.complete) + 1
  if (length < values.days!) return undefined
  const days = window.entries.map(({ day }) => day).filter((day) => day <= window.complete)
  const present = new Set(days)
  const excused = excusedDays(window)
  let gap = { from: start, to: start, days: 0 }
  let run = gap
  let closed = 0
  for (let day = start; day <= window.complete; day = addDays(day, 1)) {
    if (present.has(day)) run = { from: start, to: start, days: 0 }
    else if (excused.has(day)) closed++
    else {
      run = { from: run.days === 0 ? day : run.from, to: day, days: run.days + 1 }
      if (run.days > gap.days) gap = run
    }
  }
  const reporting = length - closed - gap.days
  // A store that never reported is held against a quarter of what its peers do.
  const usual = reporting > 0 ? days.length / reporting : (window.peers?.median ?? 0) / 4
  if (gap.days < values.days! || usual * gap.days < values.missing!) return undefined
  const between = daysBetween(gap.from, gap.to) + 1 - gap.days
  const without = between > 0 ? `（已报停业的 ${between} 天不计）` : ''
  const text = `${gap.from} 至 ${gap.to} 连续 ${gap.days} 天无登记${without}，按平时应有约 ${Math.round(usual * gap.days)} 笔`
  const evidence = { key: gap.from, text, from: gap.from, to: gap.to, count: gap.days, entries: [] }
  return {
    strength: strengthOf(gap.days, values.full!),
    count: gap.days,
    share: gap.days / length,
    evidence: [evidence],
  }
}

/** Far fewer entries than the stores of its kind have, by their own spread (logarithms, so that size does not matter). */
export function underVolume(window: StoreWindow, values: Values): Finding | undefined {
  const { peers } = window
  const start = window.since > window.from ? window.since : window.from
  const excused = [...excusedDays(window)].filter((day) => day >= start && day <= window.to)
  const days = daysBetween(start, window.to) + 1 - excused.length
  if (!peers || peers.count < values.peers! || peers.median < values.least! || days < 7) return undefined
  if (window.entries.length === 0) return undefined
  const daily = window.entries.length / days
  const distance = (Math.log(peers.median) - Math.log(daily)) / Math.max(0.3, peers.spread)
  if (distance < values.spread!) return undefined
  const text = `日均 ${daily.toFixed(1)} 笔，同区县同类药店中位数 ${peers.median.toFixed(1)} 笔`
  const evidence = { key: 'volume', text, from: start, to: window.to, count: window.entries.length, entries: [] }
  return {
    strength: strengthOf(distance - values.spread!, 3),
    count: window.entries.length,
    share: 1,
    evidence: [evidence],
  }
}

/** Several entries within one second, or many before dawn. */
export function impossibleTimes(window: StoreWindow, values: Values): Finding | undefined {
  const evidence: Evidence[] = []
  let concerned = 0
  for (const [second, entries] of groupBy(window.entries, ({ day, at }) => `${day} ${at}`)) {
    if (entries.length < values.together!) continue
    concerned += entries.length
    evidence.push(evidenceOf(second, `同一秒登记 ${entries.length} 笔`, entries))
  }
  const night = window.entries.filter(({ at }) => at >= 3600 && at < 5 * 3600)
  if (night.length >= values.least! && night.length * 100 >= values.share! * window.entries.length) {
    concerned += night.length
    evidence.push(evidenceOf('night', `凌晨 1 点到 5 点登记 ${night.length} 笔`, night))
  }
  return evidence.length === 0 ? undefined : findingOf(window, concerned, values.full! / 100, evidence)
}
