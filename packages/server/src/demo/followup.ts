import type { BodyOf, Contract, FollowupItem } from '@vigil/contract'
import { systemCaller } from '../kernel/access/index.ts'
import { systemScope, withScope } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Followups } from '../modules/followup/index.ts'

const officer = systemCaller('示范随访员', ['followup.read', 'followup.handle'])
const mark = 'demo.followup'
/** Pause between two looks whether persons have been found, in ms, and how many looks are made. */
const pauseMs = 1_000
const looks = 120
/** Persons that are read at once; more than are left lying. */
const pageSize = 200
/** Of so many overdue persons one is left lying, and of so many others one is in hand and one handed over. */
const cycle = { overdue: 40, other: 12 } as const
const outcomes = [
  'well',
  'well',
  'well',
  'well',
  'well',
  'sent',
  'sent',
  'tested',
  'unreachable',
  'well',
  'positive',
] as const

type Name = keyof Contract & `followup.${string}`

/** Handles some of the persons who were found, by the commands that the console gives. Done once. */
async function handle(kernel: Kernel, { handlers }: Followups): Promise<void> {
  const call = <K extends Name>(name: K, input: object): Promise<never> =>
    handlers[name]({ caller: officer, params: {}, query: {}, body: {}, ...input } as never) as Promise<never>
  const listed = async (limit: number): Promise<FollowupItem[]> =>
    ((await call('followup.list', { query: { state: 'new', limit } })) as { items: FollowupItem[] }).items
  const act = <K extends Name>(name: K, { id, revision }: FollowupItem, body: object): Promise<FollowupItem> =>
    call(name, { params: { id }, body: { revision, ...body } })
  let left = 0
  let round = 0
  // The most urgent come first: what was due before the platform was started has been done, but for some.
  for (let items = await listed(pageSize); items[left]?.overdue; items = await listed(pageSize))
    for (const item of items.slice(left)) {
      if (!item.overdue) break
      round++
      if (round % cycle.overdue === 0) left++
      else await act('followup.close', item, { outcome: outcomes[round % outcomes.length]!, note: '' })
    }
  const handed = new Map<string, string[]>()
  for (const [index, item] of (await listed(pageSize)).filter(({ overdue }) => !overdue).entries()) {
    const county = item.areaCode.slice(0, 6)
    if (index % cycle.other === 0)
      await act('followup.note', await act('followup.take', item, {}), { text: '第一次电话无人接听，下午再联系。' })
    if (index % cycle.other === 1) handed.set(county, [...(handed.get(county) ?? []), item.id])
  }
  for (const [county, ids] of handed) {
    const order = { ids, recipient: 'cdc', recipientName: '县（市、区）疾控中心' } satisfies BodyOf<
      Contract['followup.hand-over']
    >
    const sheet = (await call('followup.hand-over', { body: order })) as { id: string }
    if (county < '350560')
      await call('followup.receipt', { params: { id: sheet.id }, body: { number: `CDC-${county}-01`, note: '' } })
  }
  await withScope(kernel.db, systemScope, (tx) =>
    tx
      .insertInto('vigil.setting')
      .values({ name: mark, value: JSON.stringify({ done: kernel.clock.now().toISOString() }) })
      .onConflict((same) => same.doNothing())
      .execute(),
  )
}

/**
 * Once the background work has found persons in a new demo city, some of them are handled, so that the board shows every
 * state. @returns ends it
 */
export function startDemoFollowups(
  kernel: Kernel,
  followups: Followups,
  logError: (error: unknown) => void,
): () => void {
  let left = looks
  let timer: NodeJS.Timeout | undefined
  const step = async () => {
    const state = await withScope(kernel.db, systemScope, async (tx) => ({
      done: await tx.selectFrom('vigil.setting').select('name').where('name', '=', mark).executeTakeFirst(),
      swept: await tx
        .selectFrom('followup.lease')
        .select('sweptDay')
        .where('sweptDay', 'is not', null)
        .executeTakeFirst(),
    }))
    if (state.done) return
    if (state.swept) return handle(kernel, followups)
    left -= 1
    if (left > 0) timer = setTimeout(run, pauseMs)
  }
  let ended = false
  const run = () => void step().catch((error) => ended || logError(error))
  run()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
