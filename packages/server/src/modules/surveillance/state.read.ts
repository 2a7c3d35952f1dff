import { dayOf } from '@vigil/codes'
import type { DayState, QueryOf, ResponseOf, surveillanceRoutes, UnitState, WatchedClass } from '@vigil/contract'
import { type Caller, narrow, scopeFor, within } from '../../kernel/access/index.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { forbidden, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { childrenOf, findPlace, type Place, shown } from './place.ts'
import { reasonOf } from './reason.domain.ts'
import { daysOf, monthsOf, type SeriesDay } from './series.read.ts'
import type { SharedWatch } from './state.share.ts'

type Routes = typeof surveillanceRoutes

/** A day as it is answered. */
export function toState(place: Place, watched: WatchedClass, { ruleId, ruleVersion, ...cell }: SeriesDay): DayState {
  return { ...cell, reason: reasonOf({ name: place.name, class: watched, kind: place.kind }, cell) }
}

/** Names of rules by their ids. */
export async function ruleNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .selectFrom('surveillance.rule')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** State of an area and of the units one level down, the most conspicuous first. @throws Problem 403, 404 */
export async function readStates(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  query: QueryOf<Routes['surveillance.states']>,
  shared: SharedWatch['states'],
  ready: () => boolean,
): Promise<ResponseOf<Routes['surveillance.states']>> {
  const own = scopeFor(caller, 'overview.read')
  if (own.length === 0) throw forbidden()
  const asked =
    query.area ??
    own[0]!
      .split('/')
      .filter(Boolean)
      .findLast((code) => reference.area(code))
  const area = asked ? reference.area(asked) : undefined
  if (!area) throw notFound('区划')
  const scope = narrow(own, area.path)
  const day = query.day ?? dayOf(kernel.clock.now())
  const watched = query.class ?? 'all'
  const place = findPlace(reference, area.code)
  const children = childrenOf(reference, area).filter(({ path }) => scope.some((root) => within(path, root)))
  const places = place ? [place, ...children] : children
  const read = async (tx: Tx) => {
    const rows = await monthsOf(
      tx,
      places.map(({ code }) => code),
      [watched],
      day,
      day,
    )
    const names = await ruleNames(tx, [...new Set(rows.map(({ ruleId }) => ruleId))])
    const stateOf = (one: Place): UnitState => {
      const row = rows.find(({ unit }) => unit === one.code)
      const [cell] = row ? daysOf(row, day, day) : []
      const rule = row ? { id: row.ruleId, name: names.get(row.ruleId) ?? '', version: row.version } : null
      return { ...shown(one), class: watched, rule, state: cell ? toState(one, watched, cell) : null }
    }
    return {
      day,
      ready: true,
      own: place ? stateOf(place) : null,
      children: children.map(stateOf).toSorted((a, b) => rankOf(b) - rankOf(a) || a.code.localeCompare(b.code)),
    }
  }
  const question = JSON.stringify([area.code, day, watched])
  return { ...(await shared.ask(scope, question, () => readScope(kernel.db, scope, read))), ready: ready() }
}

const order = { blue: 1, yellow: 2, orange: 3, red: 4 } as const
const rankOf = ({ state }: UnitState): number =>
  state ? (state.grade ? order[state.grade] * 1000 : 0) + (state.score ?? -100) : -1000
