import { addDays, dayOf, startOfDay } from '@vigil/codes'
import type { BodyOf, Contract, ResponseOf } from '@vigil/contract'
import { systemCaller } from '../kernel/access/index.ts'
import { systemScope, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Compliance } from '../modules/compliance/index.ts'
import { demoStore } from './accounts.ts'
import { findSetting } from './demo.ts'
import { daysDone, olderDays } from './surveillance.ts'

const officer = systemCaller('陈科长', ['compliance.read', 'compliance.handle'])
const mark = 'demo.compliance'
const historyMark = 'demo.compliance.days'
/** Pause between two looks whether the older days are there, in ms. */
const waitMs = 5_000
/** Days of scores that a new demo city has, and the time of day at which they were judged. */
const historyDays = 12
const nightMs = 3 * 3_600_000
type List = ResponseOf<Contract['compliance.list']>

/** Judges the demo city and decides some measures, by the commands that the console gives. */
async function handle({ handlers, loop }: Compliance): Promise<void> {
  const call = (
    name: 'compliance.act' | 'compliance.list' | 'compliance.people' | 'compliance.run',
    input: object,
  ): Promise<never> =>
    handlers[name]({ caller: officer, params: {}, query: {}, body: {}, ...input } as never) as Promise<never>
  const act = (order: BodyOf<Contract['compliance.act']>) => call('compliance.act', { body: order })
  await call('compliance.run', {})
  await loop.work()
  const { items }: List = await call('compliance.list', { query: { grade: 'any', limit: 12 } })
  const [worst, second, ...rest] = items.map(({ storeCode }) => storeCode)
  if (worst) await act({ kind: 'letter', storeCodes: [worst], note: '', dueDays: 5 })
  if (second) {
    const people: ResponseOf<Contract['compliance.people']> = await call('compliance.people', {
      query: { store: second },
    })
    const [inspector] = people.items
    if (inspector) await act({ kind: 'task', storeCodes: [second], note: '', dueDays: 7, assigneeId: inspector.id })
  }
  const note = '近 7 天登记笔数明显少于周边药店，请核对是否有漏登。'
  await act({ kind: 'warning', storeCodes: [demoStore.code, ...rest.slice(0, 2)], note, dueDays: 3 })
}

/**
 * What the store pages draw: the scores of the days before, of the stores that one looks at, and all stores anew. Once the
 * older days are there: until then stores seem to have been silent.
 */
async function judgeHistory(kernel: Kernel, { handlers, loop }: Compliance, isEnded: () => boolean): Promise<void> {
  const size = (await findSetting(kernel))?.size
  while (size === 'full' && (await daysDone(kernel)) < olderDays) {
    await new Promise((resolve) => setTimeout(resolve, waitMs).unref())
    if (isEnded()) return
  }
  const run = () => handlers['compliance.run']({ caller: officer, params: {}, query: {}, body: {} } as never)
  await run()
  await loop.work()
  const { items } = (await handlers['compliance.list']({
    caller: officer,
    params: {},
    query: { grade: 'any', limit: 12 },
    body: {},
  } as never)) as List
  const shown = [demoStore.code, ...items.map(({ storeCode }) => storeCode)]
  const now = kernel.clock.now()
  for (let ago = historyDays; ago > 0 && !isEnded(); ago--)
    await loop.judgeAt(shown, new Date(startOfDay(addDays(dayOf(now), -ago)).getTime() + nightMs))
  await loop.judgeAt(shown, now)
}

/** Does a piece of work once in the life of a demo database. */
async function once(kernel: Kernel, name: string, isEnded: () => boolean, work: () => Promise<void>): Promise<void> {
  const done = await withScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('vigil.setting').select('name').where('name', '=', name).executeTakeFirst(),
  )
  if (done || isEnded()) return
  await work()
  if (isEnded()) return
  await withScope(kernel.db, systemScope, (tx) =>
    tx
      .insertInto('vigil.setting')
      .values({ name, value: JSON.stringify({ done: kernel.clock.now().toISOString() }) })
      .onConflict((same) => same.doNothing())
      .execute(),
  )
}

/** Judges the stores of a new demo city in the background and warns a few, its own counter among them. @returns ends it */
export function startDemoCompliance(
  kernel: Kernel,
  compliance: Compliance,
  logError: (error: unknown) => void,
): () => void {
  let ended = false
  const isEnded = () => ended
  const run = async () => {
    await once(kernel, mark, isEnded, () => handle(compliance))
    await once(kernel, historyMark, isEnded, () => judgeHistory(kernel, compliance, isEnded))
  }
  void run().catch((error) => ended || logError(error))
  return () => {
    ended = true
  }
}
