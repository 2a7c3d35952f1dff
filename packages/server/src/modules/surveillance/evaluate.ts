import { addDays, type Day, dayOf, daysBetween, startOfDay } from '@vigil/codes'
import { watchedClasses } from '@vigil/contract'
import { readScope, systemScope, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { announce } from '../../kernel/live/index.ts'
import { readCounts, readHours } from './counts.read.ts'
import type { EnginePool } from './engine.pool.ts'
import type { EngineCounts, EngineSetup } from './engine.types.ts'
import { findLateStores } from './lateness.store.ts'
import { holdLease } from './lease.store.ts'
import { saveResults } from './month.store.ts'
import { shareBy, sharesOf } from './profile.domain.ts'
import { keptRunning, type RunningDays } from './running.store.ts'
import { type Names, signalsOf } from './signal.make.ts'
import type { SurveillanceHooks } from './signal.ts'

/** Days before the running one in which sales that come late are looked for at every sale of their store. */
const lateDays = 4
/** Days over which the county's sums are compared with the rollups. */
const comparedDays = 45
/** Days from which the hours of a county are taken. */
const profileDays = 14

export interface EvaluateParts {
  readonly kernel: Kernel
  readonly pool: EnginePool
  readonly hooks: SurveillanceHooks
  readonly names: Names
  /** Called when new results of a county are committed. */
  saved(county: string): void
  /** Name of this process in the lease. */
  readonly by: string
}

/** What is to be done about a county. */
export interface Wanted {
  /** Stores with new sales, and stores with a change that may lie long back. */
  readonly sold: ReadonlySet<string>
  readonly changed: ReadonlySet<string>
  readonly everything: boolean
}

/** A county that is evaluated by this process. */
export class WatchedCounty {
  readonly setup: EngineSetup
  readonly print: string
  readonly #parts: EvaluateParts
  #shares: number[] = []
  #day: Day | undefined
  #ready = false
  #running: RunningDays | undefined

  constructor(parts: EvaluateParts, setup: EngineSetup, print: string) {
    this.#parts = parts
    this.setup = setup
    this.print = print
  }

  get day(): Day | undefined {
    return this.#day
  }

  get ready(): boolean {
    return this.#ready
  }

  get #path(): string {
    return this.setup.units.find(({ kind }) => kind === 'county')!.path
  }

  /** Brings the county up to now. @throws whatever hinders it; the engine must then be made anew */
  async bring(wanted: Wanted): Promise<void> {
    const { kernel, pool } = this.#parts
    const now = kernel.clock.now()
    const today = dayOf(now)
    const { county, first } = this.setup
    const fresh = this.#day === undefined
    const turned = !fresh && this.#day !== today
    if (fresh) await pool.open(this.setup)
    if (fresh || turned) this.#shares = sharesOf(await this.#hours(today))
    const late = fresh || turned ? await findLateStores(kernel, { county, path: this.#path }, today) : undefined
    const counts: EngineCounts[] = []
    if (fresh) counts.push(...(await this.#counts(first)))
    else {
      const from = addDays(turned && this.#day! < today ? this.#day! : today, -lateDays)
      const some = turned ? undefined : [...wanted.sold].filter((code) => !wanted.changed.has(code))
      if (some === undefined || some.length > 0) counts.push(...(await this.#counts(from, some)))
      if (wanted.changed.size > 0) counts.push(...(await this.#counts(first, [...wanted.changed])))
    }
    const minutes = (now.getTime() - startOfDay(today).getTime()) / 60_000
    const results = await pool.run(county, {
      counts,
      anew: [...wanted.changed],
      ...(late && { late }),
      through: daysBetween(first, today) - 1,
      share: Math.max(0.001, shareBy(this.#shares, minutes)),
      everything: wanted.everything || fresh || turned,
    })
    await this.#save(results, today)
    this.#day = today
    this.#ready = true
  }

  async #hours(today: Day): Promise<number[]> {
    const { kernel } = this.#parts
    const { county } = this.setup
    return withScope(kernel.db, systemScope, async (tx) => {
      const kept = await tx
        .selectFrom('surveillance.profile')
        .select('shares')
        .where('county', '=', county)
        .where('day', '=', today)
        .executeTakeFirst()
      if (kept) return kept.shares
      const shares = await readHours(tx, county, addDays(today, -profileDays), addDays(today, -1))
      await tx
        .insertInto('surveillance.profile')
        .values({ county, day: today, path: this.#path, shares })
        .onConflict((conflict) => conflict.column('county').doUpdateSet({ day: today, shares }))
        .execute()
      return shares
    })
  }

  // Not over the pool of the hot path: reading a year takes its time.
  #counts(from: Day, stores?: readonly string[]): Promise<EngineCounts[]> {
    const { county, first } = this.setup
    return readScope(this.#parts.kernel.db, systemScope, (tx) => readCounts(tx, county, first, from, stores))
  }

  async #save(results: Awaited<ReturnType<EnginePool['run']>>, today: Day): Promise<void> {
    if (results.length === 0) return
    const { kernel, hooks, names, by, saved } = this.#parts
    const { setup } = this
    await withScope(kernel.db, systemScope, async (tx) => {
      await holdLease(tx, by)
      this.#running ??= await keptRunning(tx, setup, results)
      const signals = signalsOf(setup, await saveResults(tx, setup, results, today, this.#running), names)
      if (signals.length > 0) await hooks.onEvaluated(tx, signals)
      const areas = new Set(results.map(({ unit }) => setup.units[unit]!).filter(({ kind }) => kind !== 'store'))
      const data = { county: setup.county, day: today, at: kernel.clock.now().toISOString() }
      const paths = [...areas].map(({ path }) => path)
      await announce(tx, { event: 'state', permission: 'overview.read', paths, data })
    })
    saved(setup.county)
  }

  /** Whether the county's rollups are others than the engine was told: a message was lost, or a crash forgot one. */
  async differs(totals: ReadonlyMap<string, number> | undefined, since: Day): Promise<boolean> {
    const { county, first } = this.setup
    const from = Math.max(0, daysBetween(first, since))
    const own = await this.#parts.pool.totals(county, from)
    const days = own.length / watchedClasses.length
    let left = totals?.size ?? 0
    for (let at = 0; at < own.length; at++) {
      const key = `${Math.floor(at / days)}|${from + (at % days)}`
      const told = totals?.get(key)
      if ((told ?? 0) !== own[at]) return true
      if (told !== undefined) left--
    }
    return left > 0
  }
}

/** First day whose sums are compared: of the whole history, or of the last weeks. */
export const comparedFrom = (today: Day, first: Day, whole: boolean): Day => {
  const recent = addDays(today, -comparedDays)
  return whole || recent < first ? first : recent
}
