import { addDays, type Day, dayOf, startOfDay } from '@vigil/codes'
import { type Alert, alertClasses, type Contract, type ResponseOf } from '@vigil/contract'
import { systemCaller } from '../kernel/access/index.ts'
import { systemScope, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type Alerts, alertHandlers, applySignals } from '../modules/alert/index.ts'
import { type Signal, seriesOf } from '../modules/surveillance/index.ts'
import type { Modules } from '../modules.ts'
import { olderDays } from './surveillance.ts'

const mark = 'demo.alert'
/** The last days are left to the watch itself. */
const pastDays = 40
const ownDays = 5
/** Pause between two looks whether the watch has its history, in ms, and how many looks are made. */
const pauseMs = 5_000
const looks = 720
const minuteMs = 60_000
/** Minutes until somebody answers, one after the other. */
const answers = [12, 26, 41, 55, 18, 74, 33, 130, 22, 47, 260]
const officer = systemCaller('示范值班员', ['alert.read', 'alert.handle', 'rule.manage'])

type Needed = Pick<Modules, 'alerts' | 'surveillance' | 'pharmacy'>

/** What the rules said of the counties on the days that are over, by day. */
async function pastSignals(kernel: Kernel, modules: Needed, from: Day, to: Day): Promise<Map<Day, Signal[]>> {
  const { reference } = modules.pharmacy.purchases
  const input = { caller: officer, params: {}, query: {}, body: {} } as never
  const { items } = (await modules.surveillance.handlers['surveillance.rules'](input)) as ResponseOf<
    Contract['surveillance.rules']
  >
  const byDay = new Map<Day, Signal[]>()
  await withScope(kernel.db, systemScope, async (tx) => {
    for (const { code, name, path, level } of reference.areas()) {
      if (level !== 'county') continue
      for (const watched of alertClasses)
        for (const cell of await seriesOf(tx, code, watched, from, to)) {
          const { day, observed, expected, lower, upper, score, p, grade, completeness, ruleId, ruleVersion } = cell
          if (grade === null || observed === null) continue
          const band = `预期 ${Math.round(expected ?? 0)} 笔（${Math.round(lower ?? 0)}～${Math.round(upper ?? 0)}）`
          const signal: Signal = {
            unit: { kind: 'county', code, name, path, county: code },
            class: watched,
            day,
            ruleId,
            ruleVersion,
            ruleName: items.find(({ id }) => id === ruleId)?.name ?? '',
            observed,
            expected,
            lower,
            upper,
            score,
            p,
            grade,
            reason: `${name}当日登记 ${observed} 笔，${band}`,
            completeness,
          }
          byDay.set(day, [...(byDay.get(day) ?? []), signal])
        }
    }
  })
  return byDay
}

/** Answers an alert as a bureau does: somebody takes it, finds what it was, and closes it the same day. */
async function answer({ parts }: Alerts, kernel: Kernel, alert: Alert, round: number): Promise<void> {
  const at = (minutes: number) => {
    const now = () => new Date(Date.parse(alert.openedAt) + minutes * minuteMs)
    return alertHandlers({ ...parts, kernel: { ...kernel, clock: { now } } })
  }
  const call = { caller: officer, params: { id: alert.id }, query: {} }
  const first = answers[round % answers.length]!
  await at(first)['alert.take'](call as never)
  const strong = alert.grade === 'orange' || alert.grade === 'red'
  const body = strong
    ? { finding: 'true', text: '疾控核查，确有流感样病例聚集' }
    : round % 3 === 0
      ? { finding: 'explained', explanation: 'promotion', text: '连锁药店周末促销' }
      : { finding: 'false', text: '核查药店与门诊，未见异常' }
  await at(first + 180)['alert.find']({ ...call, body } as never)
  await at(first + 200)['alert.close']({ ...call, body: {} } as never)
}

/** Lets past days happen once more, one after the other, and answers what they bring. */
export async function replay(
  kernel: Kernel,
  alerts: Alerts,
  byDay: ReadonlyMap<Day, readonly Signal[]>,
): Promise<void> {
  let round = 0
  for (const day of [...byDay.keys()].sort()) {
    // Told in the morning of the day after, when the day is complete.
    const morning = startOfDay(addDays(day, 1)).getTime() + 9 * 60 * minuteMs
    const past = { ...alerts.parts, kernel: { ...kernel, clock: { now: () => new Date(morning) } } }
    await withScope(kernel.db, systemScope, (tx) => applySignals(past, tx, byDay.get(day)!))
    const input = { caller: officer, params: {}, query: { state: 'new', limit: 200 }, body: {} } as never
    const { items } = await alertHandlers(past)['alert.list'](input)
    for (const alert of items) if (Date.parse(alert.openedAt) <= morning) await answer(alerts, kernel, alert, round++)
  }
}

async function seed(kernel: Kernel, modules: Needed): Promise<void> {
  const today = dayOf(kernel.clock.now())
  const days = await pastSignals(kernel, modules, addDays(today, -pastDays), addDays(today, -ownDays))
  await replay(kernel, modules.alerts, days)
}

/**
 * Alerts of the demo city's past weeks, made from what its own rules said and answered by the commands that the console
 * gives; those of the last days appear by themselves. Done once, when the watch has its history. @returns ends it
 */
export function startDemoAlerts(kernel: Kernel, modules: Needed, logError: (error: unknown) => void): () => void {
  let left = looks
  let timer: NodeJS.Timeout | undefined
  const settings = () => kernel.connections.systemDb.selectFrom('vigil.setting').select(['name', 'value'])
  const look = async () => {
    const rows = await settings().where('name', 'in', [mark, 'demo.older']).execute()
    if (rows.some(({ name }) => name === mark)) return
    const older = rows.find(({ name }) => name === 'demo.older')?.value as { done: number } | undefined
    if (!modules.surveillance.loop.ready() || (older?.done ?? 0) < olderDays) return again()
    const value = JSON.stringify({ done: kernel.clock.now().toISOString() })
    await seed(kernel, modules)
    await withScope(kernel.db, systemScope, (tx) =>
      tx
        .insertInto('vigil.setting')
        .values({ name: mark, value })
        .onConflict((same) => same.column('name').doNothing())
        .execute(),
    )
  }
  const again = () => {
    if (left-- > 0) timer = setTimeout(() => void look().catch(logError), pauseMs).unref()
  }
  again()
  return () => {
    left = 0
    clearTimeout(timer)
  }
}
