import type { ColdTask } from '@vigil/contract'

type Kind = ColdTask['kind']
const order: readonly Kind[] = ['recall', 'dispute', 'receive', 'arrival', 'count', 'papers', 'violation', 'gap']
/** How long before its slot an arrival is something to do, in ms. */
const nearMs = 24 * 3_600_000

/** A declaration on the way into a warehouse, as one side of it sees it; instants in ms since 1970. */
export interface DeclarationFacts {
  readonly id: string
  readonly number: string
  readonly state: 'declared' | 'disputed' | 'entered' | 'cancelled'
  readonly ownerId: string
  readonly ownerName: string
  readonly warehouseId: string
  readonly warehouseName: string
  readonly goodsName: string
  readonly grams: number
  readonly slotAt: number
  /** Who has said what arrived. */
  readonly said: ReadonlySet<'consignor' | 'warehouse'>
  /** What is wrong with its documents. */
  readonly problems: readonly { readonly detail: string }[]
}

/**
 * What a declaration asks of the businesses `mine`: papers of its owner, figures of both sides from a day before the slot on, and
 * of both to agree when they differ. Nothing once it has entered or is cancelled.
 */
export function declarationTasks(facts: DeclarationFacts, mine: ReadonlySet<string>, now: number): ColdTask[] {
  const { ownerId, warehouseId, said, problems, slotAt, state } = facts
  if (state === 'entered' || state === 'cancelled') return []
  const found: ColdTask[] = []
  const add = (kind: Kind, holderId: string, otherName: string, detail = '') =>
    found.push({
      ...{ kind, holderId, id: facts.id, dispatch: null, ref: facts.number, goodsName: facts.goodsName, otherName },
      ...{ grams: facts.grams, at: new Date(slotAt).toISOString(), detail },
    })
  const near = now >= slotAt - nearMs
  if (mine.has(ownerId)) {
    const more = problems.length > 1 ? `等 ${problems.length} 项` : ''
    if (problems.length > 0) add('papers', ownerId, facts.warehouseName, `${problems[0]!.detail}${more}`)
    if (state === 'disputed') add('dispute', ownerId, facts.warehouseName)
    else if (near && !said.has('consignor')) add('count', ownerId, facts.warehouseName)
  }
  if (mine.has(warehouseId)) {
    if (state === 'disputed') add('dispute', warehouseId, facts.ownerName)
    else if (near && !said.has('warehouse')) add('arrival', warehouseId, facts.ownerName)
  }
  return found
}

/** Tasks in the order in which they press: by kind, then the longest due first. */
export const byUrgency = (tasks: readonly ColdTask[]): ColdTask[] =>
  tasks.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))

/**
 * Hours of a day that still take declarations, with how many.
 * @param taken declarations by the hour they booked, in ms @param from the first hour that may be booked, in ms
 */
export function freeSlots(
  dayStart: number,
  { perHour, from, until, taken }: { perHour: number; from: number; until: number; taken: ReadonlyMap<number, number> },
): { at: string; free: number }[] {
  return Array.from({ length: 24 }, (_, hour) => dayStart + hour * 3_600_000)
    .filter((at) => at >= from && at <= until)
    .map((at) => ({ at: new Date(at).toISOString(), free: Math.max(0, perHour - (taken.get(at) ?? 0)) }))
}
