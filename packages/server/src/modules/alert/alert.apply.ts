import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import type { Tx } from '../../kernel/db/index.ts'
import type { Signal } from '../surveillance/index.ts'
import { beyondClasses, countiesOf, type Event, gather, type Sighting } from './alert.domain.ts'
import { grow, mergeAlert, openAlert } from './alert.keep.ts'
import type { AlertParts } from './alert.parts.ts'
import { loadEvents, lockGathering, policyAt, signalKey, toldByClasses } from './alert.store.ts'

const rowKey = ({ unit, day, ruleId }: Signal): string => signalKey({ kind: unit.kind, code: unit.code, day, ruleId })

/**
 * Makes alerts of what the rules found, in the transaction that keeps the state it was found in: one alert for each event.
 * Handing over the same signals again changes nothing. The transaction must see the whole country.
 */
export async function applySignals(parts: AlertParts, tx: Tx, signals: readonly Signal[]): Promise<void> {
  if (signals.length === 0) return
  await lockGathering(tx)
  const now = parts.kernel.clock.now()
  const today = dayOf(now)
  const policy = await policyAt(tx, today)
  const touches = await parts.neighbours()
  // The sum of all classes comes last: what one of them tells is not told again.
  const classes = [...new Set(signals.map((signal) => signal.class))].sort(
    (a, b) => Number(a === 'all') - Number(b === 'all'),
  )
  for (const className of classes) {
    const given = signals.filter((signal) => signal.class === className)
    const firstDay = given.reduce((first, { day }) => (day < first ? day : first), today)
    const before = await loadEvents(tx, className, firstDay, policy.quietDays)
    // What is quiet and was never part of an event concerns none.
    const concerned = given.filter((signal) => signal.grade !== null || before.signals.has(rowKey(signal)))
    if (concerned.length === 0) continue
    const byKey = new Map(concerned.map((signal) => [rowKey(signal), signal]))
    const found = [...byKey].map(([key, { unit, day, grade }]): Sighting => ({ key, county: unit.county, day, grade }))
    const sightings = className === 'all' ? await alone(tx, found, before.signals, policy.quietDays) : found
    // What would fade at once is not opened.
    const rules = { touches, quietDays: policy.quietDays, earliest: addDays(today, -policy.quietDays) }
    const after = gather(before.events, sightings, rules, () => uuidv7(now.getTime()))
    const held = new Map(before.events.map((event): [string, Event] => [event.id, event]))
    const quiet = [...byKey.values()].filter(({ grade }) => grade === null)
    for (const event of after.events) {
      const taken = [...byKey].filter(([key]) => event.sightings.has(key)).map(([, signal]) => signal)
      const lost = quiet.filter((signal) => before.signals.get(rowKey(signal))?.alertId === event.id)
      if (taken.length === 0 && lost.length === 0 && ![...after.merged.values()].includes(event.id)) continue
      const change = { event, signals: [...taken, ...lost], policy, now }
      if (after.opened.has(event.id)) await openAlert(parts, tx, className, change)
      else {
        const row = before.rows.get(event.id)!
        const was = held.get(event.id)!
        const more = [...countiesOf(event)].some((county) => !countiesOf(was).has(county))
        await grow(parts, tx, row, { ...change, more, reopened: after.reopened.has(event.id) })
      }
    }
    // One that was opened by these very signals was never written.
    for (const [from, into] of after.merged) if (before.rows.has(from)) await mergeAlert(tx, from, into, now)
  }
}

/** Of signals of all classes together those that belong to an alert already or tell more than the single classes did. */
async function alone(
  tx: Tx,
  found: readonly Sighting[],
  kept: ReadonlyMap<string, unknown>,
  quietDays: number,
): Promise<Sighting[]> {
  const isKept = ({ key }: Sighting) => kept.has(key)
  const fresh = found.filter((one) => !isKept(one))
  if (fresh.length === 0) return [...found]
  const days = fresh.map(({ day }) => day).sort()
  const told = await toldByClasses(tx, addDays(days[0]!, -quietDays), addDays(days.at(-1)!, quietDays))
  return [...found.filter(isKept), ...beyondClasses(fresh, told, quietDays)]
}
