import { dayOf, uuidv7 } from '@vigil/codes'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { buyersOf, changedPurchases, onSales, storeDays } from '../pharmacy/index.ts'
import { firstDay } from './cause.domain.ts'
import { detect, type Figures } from './detect.ts'
import { inSystem } from './followup.system.ts'
import { dropLease, finishSweep, followedBy, forgetMonth, markSeen, sweptDay, takeLease, unseen } from './loop.store.ts'
import { tellOverdue } from './overdue.service.ts'
import type { Parts } from './parts.ts'
import { loadRules } from './rules.service.ts'

/** Pause between two looks at fresh sales, in ms: what a day of 5,000 sales brings in it is a handful. */
const lookMs = 3_000
/** Pause between two comparisons of all totals, in ms: finds what a crash or a lost message forgot. */
const compareMs = 600_000
/** Pause between two looks at what is overdue, in ms: what falls due meanwhile comes in one message. */
const overdueMs = 600_000

export interface Loop {
  /** Looks at the stores that were told of. Nothing when another process is at it; they are looked at later. */
  tick(): Promise<Figures | undefined>
  /** Compares all totals of the fresh days with those that were looked at; `whole` goes through every sale of them. */
  compare(whole?: boolean): Promise<Figures | undefined>
  /** Tells of what is overdue now. @returns persons of whom somebody was told */
  tellOverdue(): Promise<number>
  /** Begins to look by the clock. @returns ends it */
  start(): () => void
  close(): Promise<void>
}

interface Task {
  /** Stores to look at; all when undefined. */
  readonly stores: ReadonlyMap<string, boolean> | undefined
  readonly whole: boolean
}

/** The background work of one process. */
export function createLoop(parts: Parts, logError: (error: unknown) => void): Loop {
  const { kernel, reference } = parts
  const holder = uuidv7()
  /** Stores that were told of, and whether one of their sales was changed. */
  const dirty = new Map<string, boolean>()
  let comparedAt = 0
  let toldAt = 0
  let closed = false
  let running: Promise<unknown> = Promise.resolve()

  kernel.vault.onShred(forgetMonth)
  const deaf = onSales(kernel, (stores) => {
    for (const [code, count] of stores) dirty.set(code, dirty.get(code) || count === 0)
  })

  const renew = async () => {
    if (closed || !(await takeLease(kernel.db, holder)))
      throw new Error('the look was broken off; it is taken up again')
  }
  const look = async ({ stores, whole }: Task): Promise<Figures> => {
    const today = dayOf(kernel.clock.now())
    const { days, persons } = await inSystem(kernel, async (tx) => {
      const from = firstDay(today, (await loadRules(tx, reference)).fresh)
      const list = (codes: Iterable<string>) =>
        [...codes].flatMap((code) => {
          const store = reference.store(code)
          return store ? [{ code, county: store.county }] : []
        })
      const every = [...reference.stores()]
      const totals = stores
        ? await storeDays(tx, from, { stores: list(stores.keys()) })
        : await storeDays(tx, from, { counties: [...new Set(every.map(({ county }) => county))] })
      const wanted = whole ? totals : await unseen(tx, totals)
      const told = stores ? [...stores].filter(([, changed]) => changed).map(([code]) => code) : []
      const changed = await changedPurchases(tx, whole ? every : list(told), from)
      const buyers = [
        ...(await buyersOf(tx, wanted)),
        ...changed.flatMap(({ personIndex }) => (personIndex ? [personIndex] : [])),
        ...(await followedBy(
          tx,
          changed.map(({ id }) => id),
        )),
      ]
      return { days: wanted, persons: buyers }
    })
    const figures = await detect(parts, persons, renew)
    await inSystem(kernel, async (tx) => {
      await markSeen(tx, days)
      if (whole) await finishSweep(tx, today)
    })
    return figures
  }
  const leased = async (task: Task): Promise<Figures | undefined> => {
    if (closed || !(await takeLease(kernel.db, holder))) return undefined
    try {
      return await look(task)
    } finally {
      await dropLease(kernel.db, holder)
    }
  }
  /** One look at a time in this process. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = running.catch(() => undefined).then(work)
    running = next
    return next
  }
  const tick = () =>
    inTurn(async () => {
      if (dirty.size === 0) return undefined
      const stores = new Map(dirty)
      dirty.clear()
      const again = () => {
        for (const [code, changed] of stores) dirty.set(code, dirty.get(code) || changed)
      }
      try {
        const figures = await leased({ stores, whole: false })
        if (!figures) again()
        return figures
      } catch (error) {
        again()
        throw error
      }
    })
  const compare = (whole = false) => inTurn(() => leased({ stores: undefined, whole }))
  const step = async () => {
    const now = kernel.clock.now()
    if (now.getTime() - comparedAt >= compareMs) {
      const swept = await withScope(kernel.db, systemScope, sweptDay)
      const done = await compare(swept !== dayOf(now))
      if (done) comparedAt = now.getTime()
    }
    await tick()
    // Either way: a clock that was put back must not hold the messages off.
    if (Math.abs(now.getTime() - toldAt) >= overdueMs) {
      await tellOverdue(parts)
      toldAt = now.getTime()
    }
  }
  return {
    tick,
    compare,
    tellOverdue: () => tellOverdue(parts),
    start: () => {
      let busy = false
      const timer = setInterval(() => {
        if (busy) return
        busy = true
        void step()
          .catch((error) => closed || logError(error))
          .finally(() => {
            busy = false
          })
      }, lookMs)
      return () => clearInterval(timer)
    },
    close: async () => {
      closed = true
      deaf()
      await running.catch(() => undefined)
    },
  }
}
