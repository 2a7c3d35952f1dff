import { randomUUID } from 'node:crypto'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { createJoined, repeat } from '../../kernel/loop/index.ts'
import { leastStores, orderDueBacktests } from './study.due.ts'
import { makeStudy, nightlyClass, nightlyDay, StudyLeft, type StudyParts, StudyRefused } from './study.job.ts'
import { claimStudy, endStudy, orderStudy, releaseStudy } from './study.store.ts'

/** How often it is looked for rules without a back-test. */
const dueMs = 600_000

export interface StudyLoop {
  /** Takes up what waits; ends when there is nothing more. */
  tick(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the work on studies in one process, one at a time.
 * @param nightly whether scans of the night and back-tests that are due are ordered: only while the state of the city is known
 * @param everyMs pause between two looks; 0: only `tick` looks
 * @param least stores below which a city has nothing to scan and nothing to measure
 */
export function startStudies(
  parts: StudyParts,
  logError: (error: unknown) => void,
  nightly: () => boolean,
  everyMs: number,
  least = leastStores,
): StudyLoop {
  const by = randomUUID()
  const stop = new AbortController()
  const db = parts.kernel.connections.systemDb
  let ordered: string | undefined
  let looked = 0

  const orderNightly = async () => {
    const day = nightlyDay(parts.kernel.clock.now())
    if (!nightly() || day === undefined || day === ordered) return
    ordered = day
    const cities = new Map<string, { code: string; path: string; stores: number }>()
    for (const { county } of parts.reference.stores()) {
      const parent = parts.reference.area(county)?.parent
      const city = parent ? parts.reference.area(parent) : undefined
      if (city) cities.set(city.code, { ...city, stores: (cities.get(city.code)?.stores ?? 0) + 1 })
    }
    for (const { code, path, stores } of cities.values()) {
      if (stores < least) continue
      const options = { day, class: nightlyClass, nightly: true }
      await withScope(parts.kernel.db, systemScope, (tx) =>
        orderStudy(tx, { kind: 'scan', path, areaCode: code, options }, parts.kernel.clock.now(), '每夜扫描'),
      )
    }
  }

  const orderDue = async () => {
    const now = parts.kernel.clock.now().getTime()
    if (!nightly() || now - looked < dueMs) return
    looked = now
    await orderDueBacktests(parts, least)
  }

  const work = async () => {
    await orderNightly()
    await orderDue()
    for (let study = await claimStudy(db, by); study && !stop.signal.aborted; study = await claimStudy(db, by)) {
      const mine = study
      try {
        const result = await makeStudy(parts, mine, stop.signal)
        await endStudy(db, mine, { result }, parts.kernel.clock.now())
      } catch (error) {
        if (stop.signal.aborted) return void (await releaseStudy(db, mine))
        // Another process has it: there may be more to do here.
        if (error instanceof StudyLeft) continue
        if (!(error instanceof StudyRefused)) logError(error)
        const reason = error instanceof StudyRefused ? error.message : '计算时系统出错，请稍后重试'
        await endStudy(db, mine, { error: reason }, parts.kernel.clock.now())
      }
    }
  }

  const working = createJoined(work)
  const end = repeat(everyMs, working.now, logError)
  return {
    tick: working.now,
    close: async () => {
      end()
      stop.abort()
      await working.settled()
    },
  }
}
