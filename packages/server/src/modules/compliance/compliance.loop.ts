import { setTimeout as sleep } from 'node:timers/promises'
import { addDays, dayOf } from '@vigil/codes'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Purchases, Store } from '../pharmacy/index.ts'
import { markerOf } from './fact.derive.ts'
import { type Backdrop, judgeStores, loadBackdrop } from './judge.ts'
import { rulesInForce } from './rule.store.ts'
import { lockRun, orderRun, type RunRow } from './run.store.ts'

/** Stores judged in one transaction: what a kill costs at most. */
const part = 50
/** Hour of the day, Asia/Shanghai, from which the nightly run is ordered. */
const nightHour = 3
/** Sales are gathered for so long before their stores are judged again. */
const gatherMs = 30 * 60_000
/** Days of facts, scores and finished runs that are kept. */
const keptDays = 70

export interface ComplianceParts {
  readonly kernel: Kernel
  readonly purchases: Purchases
  readonly logError: (error: unknown) => void
}

/** The background work of one process. */
export interface ComplianceLoop {
  /** Orders what is due and works until nothing is left. */
  work(): Promise<void>
  /** Judges some stores as they stood at an instant, which becomes what is known of them; the past first, the present last. */
  judgeAt(codes: readonly string[], at: Date): Promise<void>
  /** A store has sold: it is judged again with the next gathering. */
  sold(storeCode: string): void
  close(): Promise<void>
}

/** Starts the loop. @param everyMs pause between two looks; 0: only `work` looks */
export function startCompliance(parts: ComplianceParts, everyMs: number): ComplianceLoop {
  const { kernel, purchases, logError } = parts
  const mark = markerOf(kernel.vault.deriveSecret('compliance-facts'))
  const dirty = new Set<string>()
  let gathered = kernel.clock.now().getTime()
  const closing = new AbortController()
  let busy: Promise<void> | undefined
  let backdrop: { run: string; of: Backdrop } | undefined

  kernel.vault.onShred(async (tx, month) => {
    const days = await tx
      .deleteFrom('compliance.factDay')
      .where('day', '>=', `${month}-01`)
      .where('day', '<', addDays(`${month}-28`, 4).slice(0, 8).concat('01'))
      .executeTakeFirst()
    return Number(days.numDeletedRows)
  })

  const order = async () => {
    const now = kernel.clock.now()
    const today = dayOf(now)
    const hour = Number(new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(11, 13))
    const gather = dirty.size > 0 && now.getTime() - gathered >= gatherMs
    if (hour < nightHour && !gather) return
    const stores = [...dirty]
    await withScope(kernel.db, systemScope, async (tx) => {
      const common = { path: '/', askedBy: '系统', createdAt: now }
      // The unique day keeps it to one among all processes.
      if (hour >= nightHour) await orderNight(tx, { ...common, kind: 'nightly', day: today })
      if (gather) await orderRun(tx, { ...common, kind: 'today', day: today, stores })
    })
    if (!gather) return
    gathered = now.getTime()
    for (const store of stores) dirty.delete(store)
  }

  const storesOf = (run: RunRow): Store[] => {
    const wanted = run.stores && new Set(run.stores)
    return [...purchases.reference.stores()]
      .filter(
        ({ code, path, status }) => status === 'active' && path.startsWith(run.path) && (!wanted || wanted.has(code)),
      )
      .sort((a, b) => (a.code < b.code ? -1 : 1))
  }

  /** Judges the next part of the oldest run. @returns false when there is nothing to do */
  const step = () =>
    withScope(kernel.db, systemScope, async (tx) => {
      const run = await lockRun(tx)
      if (!run) return false
      const all = storesOf(run)
      if (backdrop?.run !== run.id) {
        const county = new Set(all.map((store) => store.county))
        const peers = [...purchases.reference.stores()].filter((store) => county.has(store.county))
        backdrop = { run: run.id, of: await loadBackdrop(tx, peers, await rulesInForce(tx), run.day, mark) }
      }
      const next = all.filter(({ code }) => code > run.cursor).slice(0, part)
      const derived = await judgeStores(kernel, tx, next, backdrop.of, mark)
      const last = next.length < part
      if (last) await prune(tx, run)
      await tx
        .updateTable('compliance.run')
        .set({
          cursor: next.at(-1)?.code ?? run.cursor,
          judged: run.judged + next.length,
          derived: run.derived + derived,
          finishedAt: last ? kernel.clock.now() : null,
        })
        .where('id', '=', run.id)
        .execute()
      return true
    })

  const workNow = async (rests: number) => {
    await order()
    for (let began = performance.now(); !closing.signal.aborted && (await step()); began = performance.now())
      await sleep(rests * (performance.now() - began), undefined, closing).catch(() => undefined)
  }
  const workResting = async (rests: number): Promise<void> => {
    await busy?.catch(() => undefined)
    busy = workNow(rests).finally(() => {
      busy = undefined
    })
    return busy
  }
  const work = () => workResting(0)
  let looking = false
  const timer =
    everyMs > 0
      ? setInterval(() => {
          if (looking) return
          looking = true
          // Nobody waits for it: it leaves half of the machine to the counters.
          void workResting(1)
            .catch(logError)
            .finally(() => {
              looking = false
            })
        }, everyMs).unref()
      : undefined
  const judgeAt = (codes: readonly string[], at: Date) =>
    withScope(kernel.db, systemScope, async (tx) => {
      const peers = [...purchases.reference.stores()]
      const stores = peers.filter(({ code }) => codes.includes(code))
      const then = await loadBackdrop(tx, peers, await rulesInForce(tx), dayOf(at), mark)
      await judgeStores({ ...kernel, clock: { now: () => at } }, tx, stores, then, mark)
    })
  return {
    work,
    judgeAt,
    sold: (store) => dirty.add(store),
    close: async () => {
      closing.abort()
      clearInterval(timer)
      await busy?.catch(() => undefined)
    },
  }
}

type Tx = Parameters<typeof orderRun>[0]

async function orderNight(tx: Tx, order: Parameters<typeof orderRun>[1]): Promise<void> {
  const done = await tx
    .selectFrom('compliance.run')
    .select('id')
    .where('kind', '=', 'nightly')
    .where('day', '=', order.day)
    .executeTakeFirst()
  if (!done) await orderRun(tx, order)
}

/** What no rule reads any more goes with the end of a nightly run. */
async function prune(tx: Tx, run: RunRow): Promise<void> {
  if (run.kind !== 'nightly') return
  const oldest = addDays(run.day, -keptDays)
  await tx.deleteFrom('compliance.factDay').where('day', '<', oldest).execute()
  await tx.deleteFrom('compliance.scoreDay').where('day', '<', addDays(oldest, -300)).execute()
  await tx.deleteFrom('compliance.run').where('day', '<', oldest).where('finishedAt', 'is not', null).execute()
}
