import { randomUUID } from 'node:crypto'
import { type Day, dayOf } from '@vigil/codes'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import { createTurns, repeat } from '../../kernel/loop/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { readTotals } from './counts.read.ts'
import { comparedFrom, type EvaluateParts, WatchedCounty } from './evaluate.ts'
import { Filling } from './filling.ts'
import { dropLease, LeaseLost, leaseReady, takeLease } from './lease.store.ts'
import { restAfter } from './rest.domain.ts'
import { activeRules } from './rule.store.ts'
import { printOf, setupsOf } from './setup.ts'

/** The running day of every unit is judged anew so often, for what is expected by now grows. */
const everythingMs = 30 * 60_000
/** How often the sums of the last weeks are compared with the rollups, and at how many of these those of all days. */
const compareMs = 60_000
const wholeEvery = 10
/** How often the lease is renewed meanwhile: a long first evaluation must not lose it. */
const renewMs = 4000

/** How exactly the rest after a look is kept. */
const restStepMs = 250

/** What is to be evaluated, gathered from messages. */
export interface Dirty {
  readonly sold: Set<string>
  readonly changed: Set<string>
}

export interface WatchLoop {
  /** A store has registered sales (or, without a count, changed some): its units are evaluated at the next look. */
  mark(store: string, count: number): void
  /** A part of a file was imported below these counties: they are evaluated when the file is through. */
  imported(countyPaths: readonly string[]): void
  /** Looks now; ends when all that was marked before is evaluated. */
  tick(): Promise<void>
  /** Compares the sums of all days with the rollups and evaluates what differs. */
  compare(): Promise<void>
  /**
   * Looks no more until the answer is called: while history is being filled in, days of which half has come would be taken
   * for what is usual. What came meanwhile is found by `compare`.
   */
  hold(): () => void
  /** Whether the process that evaluates, this one or another, had everything up to date when this one last looked. */
  ready(): boolean
  close(): Promise<void>
}

/**
 * Starts the evaluation of one process. Of several processes the one that holds the lease evaluates; the others gather
 * nothing, for whoever takes the lease over compares everything anyway.
 * @param everyMs from one look to the next at least; 0: only `tick` looks
 */
export function startLoop(
  parts: Omit<EvaluateParts, 'by'> & {
    readonly reference: Reference
    prepare(): Promise<void>
    importing(): Promise<readonly string[]>
  },
  logError: (error: unknown) => void,
  everyMs: number,
): WatchLoop {
  const { kernel, reference, pool } = parts
  const by = randomUUID()
  const counties = new Map<string, WatchedCounty>()
  let dirty: Dirty = { sold: new Set(), changed: new Set() }
  let lastEverything = 0
  let lastCompare = 0
  let compared = 0
  let closed = false
  let held = 0
  let all = false
  let allElsewhere = false
  const filling = new Filling(() => parts.importing())

  const dropAll = async () => {
    for (const code of counties.keys()) await pool.drop(code)
    counties.clear()
    all = false
  }

  /** Makes engines for what is watched now and forgets those that are not. */
  const arrange = async (today: Day) => {
    const setups = setupsOf(reference, await activeRules(kernel.connections.systemDb), today)
    const known = new Set(setups.map(({ county }) => county))
    for (const code of [...counties.keys()])
      if (!known.has(code)) {
        counties.delete(code)
        await pool.drop(code)
      }
    for (const setup of setups) {
      const print = printOf(setup)
      const old = counties.get(setup.county)
      // A clock that was put back: what was learned of days to come is forgotten.
      if (old?.print === print && !(old.day !== undefined && old.day > today)) continue
      counties.set(setup.county, new WatchedCounty({ ...parts, by }, setup, print))
    }
  }

  const bring = async (county: WatchedCounty, mine: Dirty, everything: boolean) => {
    const own = (codes: ReadonlySet<string>) =>
      new Set([...codes].filter((code) => reference.store(code)?.county === county.setup.county))
    const wanted = { sold: own(mine.sold), changed: own(mine.changed), everything }
    const turned = county.day !== dayOf(kernel.clock.now())
    if (!turned && !everything && wanted.sold.size + wanted.changed.size === 0) return
    try {
      await county.bring(wanted)
    } catch (error) {
      // What an engine has taken in and could not be kept is found again by a new one.
      counties.delete(county.setup.county)
      await pool.drop(county.setup.county)
      throw error
    }
  }

  /** The counties with new sales come first, then those with the most stores. */
  const inOrder = (mine: Dirty) => {
    const touched = new Set([...mine.sold, ...mine.changed].map((code) => reference.store(code)?.county))
    return [...counties.values()].sort(
      (a, b) =>
        Number(touched.has(b.setup.county)) - Number(touched.has(a.setup.county)) ||
        b.setup.units.length - a.setup.units.length,
    )
  }

  const storesOf = ({ setup }: WatchedCounty) => setup.units.flatMap(({ kind, code }) => (kind === 'store' ? code : []))

  /** Counties that are being filled keep what was marked until their files are through. */
  const leaveFilling = async (): Promise<ReadonlySet<string>> => {
    const places = [...counties.values()].map(({ setup }) => ({
      county: setup.county,
      path: setup.units.find(({ kind }) => kind === 'county')!.path,
    }))
    const { held, through } = await filling.look(places)
    for (const code of through) for (const store of storesOf(counties.get(code)!)) dirty.changed.add(store)
    return held
  }

  const evaluate = async (everything: boolean) => {
    const left = await leaveFilling()
    const mine = dirty
    dirty = { sold: new Set(), changed: new Set() }
    const waiting = inOrder(mine).filter(({ setup }) => !left.has(setup.county))
    for (const name of ['sold', 'changed'] as const)
      for (const code of mine[name]) if (left.has(reference.store(code)?.county ?? '')) dirty[name].add(code)
    const failures: unknown[] = []
    const work = async () => {
      for (let county = waiting.shift(); county && !closed; county = waiting.shift())
        await bring(county, mine, everything).catch((error: unknown) => failures.push(error))
    }
    await Promise.all(Array.from({ length: pool.width + 1 }, work))
    const [failure] = failures
    if (failure !== undefined) throw failure
    all = !closed && left.size === 0
  }

  const compareAll = async (whole: boolean) => {
    const [some] = counties.values()
    if (!some) return
    const { first } = some.setup
    const since = comparedFrom(dayOf(kernel.clock.now()), first, whole)
    const totals = await readScope(kernel.db, systemScope, (tx) => readTotals(tx, first, since))
    for (const [code, county] of counties)
      if (county.ready && (await county.differs(totals.get(code), since)))
        for (const store of storesOf(county)) dirty.changed.add(store)
  }

  const turns = createTurns()
  const look = async (compare: boolean) => {
    if (closed || held > 0) return
    if (!(await takeLease(kernel.connections.systemDb, by, all))) {
      dirty = { sold: new Set(), changed: new Set() }
      if (counties.size > 0) await dropAll()
      allElsewhere = await leaseReady(kernel.connections.systemDb)
      return
    }
    allElsewhere = false
    const now = performance.now()
    await parts.prepare()
    await arrange(dayOf(kernel.clock.now()))
    const everything = now - lastEverything > everythingMs
    if (compare || (everyMs > 0 && now - lastCompare > compareMs)) {
      await compareAll(compare || compared++ % wholeEvery === 0)
      lastCompare = now
    }
    await evaluate(everything && lastEverything > 0)
    if (everything) lastEverything = now
  }
  const enqueue = (compare = false): Promise<void> => {
    return turns
      .next(() => look(compare))
      .catch(async (error: unknown) => {
        if (error instanceof LeaseLost) return dropAll()
        throw error
      })
  }

  const keep = async () => {
    if (counties.size > 0 && !closed) await takeLease(kernel.connections.systemDb, by, all)
  }
  let restsUntil = 0
  const paced = async () => {
    const began = performance.now()
    if (began < restsUntil) return
    await enqueue()
    const ended = performance.now()
    restsUntil = ended + Math.max(everyMs - (ended - began), restAfter(ended - began))
  }
  const ends = [
    repeat(everyMs > 0 ? renewMs : 0, keep, logError),
    repeat(Math.min(everyMs, restStepMs), paced, logError),
  ]
  return {
    mark: (store, count) => {
      if (!closed) dirty[count > 0 ? 'sold' : 'changed'].add(store)
    },
    imported: (paths) => {
      if (!closed) filling.heard(paths)
    },
    tick: () => enqueue(),
    compare: () => enqueue(true),
    hold: () => {
      held++
      let over = false
      return () => {
        if (!over) held--
        over = true
      }
    },
    ready: () => all || allElsewhere,
    close: async () => {
      closed = true
      for (const end of ends) end()
      await turns.settled()
      await dropLease(kernel.connections.systemDb, by).catch(() => undefined)
    },
  }
}
