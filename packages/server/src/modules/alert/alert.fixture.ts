import { addDays, type Day, dayOf } from '@vigil/codes'
import type { alertResponseRoutes, alertRoutes } from '@vigil/contract'
import pg from 'pg'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, cityPath } from '../../testing/shop.ts'
import type { Signal } from '../surveillance/index.ts'

type Routes = typeof alertRoutes & typeof alertResponseRoutes

export const director = callerAt(cityPath, 'alert.read', 'alert.handle', 'rule.manage')
export const countyPath = (code: string): string => `${cityPath}${code}/`

/** A signal of a county as surveillance hands it over. */
export function signalOf(app: TestApp, county: string, change: Partial<Signal> = {}): Signal {
  const name = app.modules.pharmacy.purchases.reference.areaName(county)
  return {
    unit: { kind: 'county', code: county, name, path: countyPath(county), county },
    class: 'antipyretic',
    day: dayOf(app.kernel.clock.now()),
    ruleId: '00000000-0000-7000-8000-000000000001',
    ruleVersion: 1,
    ruleName: '日常监测',
    observed: 52,
    expected: 21.4,
    lower: 12,
    upper: 33,
    score: 5.2,
    p: 0.0001,
    grade: 'orange',
    reason: `${name}退热类今日登记 52 笔，预期 21 笔（12～33），高出 2.4 倍`,
    completeness: 1,
    ...change,
  }
}

/** Hands signals over as surveillance does, in a transaction of the whole country. */
export const hand = (app: TestApp, ...signals: Signal[]): Promise<void> =>
  withScope(app.kernel.db, systemScope, (tx) => app.modules.alerts.applySignals(tx, signals))

export const yesterday = (app: TestApp): Day => addDays(dayOf(app.kernel.clock.now()), -1)

/** Calls a route as the console does, without HTTP. */
export function caller(app: TestApp, as: Caller = director) {
  return async <K extends keyof Routes>(name: K, input: { params?: object; body?: object; query?: object } = {}) => {
    type Result = Awaited<ReturnType<TestApp['modules']['handlers'][K]>>
    const handler = app.modules.handlers[name] as unknown as (call: object) => Promise<Result>
    return handler({ caller: as, params: {}, query: {}, ...input })
  }
}

/** Forgets all alerts and messages, for the next test. */
export async function forget(app: TestApp): Promise<void> {
  const owner = new pg.Client({ connectionString: app.database.ownerUrl })
  await owner.connect()
  await owner.query(
    `TRUNCATE alert.alert, alert.unit, alert.signal, alert.step, alert.question, alert.referral, channel.message,
      channel.delivery, channel.target, notice.notice CASCADE`,
  )
  await owner.end()
}
