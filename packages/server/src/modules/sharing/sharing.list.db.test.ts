import { addDays, dayOf } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/index.ts'
import { callerAt, cityPath, createShop } from '../../testing/shop.ts'
import { createOrder, issueOrder, lineImport } from '../stopsale/index.ts'
import { accept, type Receiver, startReceiver } from './receiver.fixture.ts'
import { caller, enrol, settings, settle } from './sharing.fixture.ts'

let app: TestApp
let receiver: Receiver
let days = 0
const clock = { now: () => new Date(Date.now() + days * 86_400_000) }
const rights = ['sharing.read', 'sharing.manage', 'sharing.send', 'stopsale.read', 'stopsale.manage'] as const
const manager = callerAt(cityPath, ...rights)

beforeAll(async () => {
  process.env.VIGIL_SHARING_ALLOW = '127.0.0.1'
  app = await createShop({ clock })
  await enrol(app, manager)
  receiver = await startReceiver()
  receiver.behave(accept)
})
afterAll(async () => {
  delete process.env.VIGIL_SHARING_ALLOW
  await receiver.close()
  await app.close()
})

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: { details?: { status: number; errors?: { pointer: string }[] } }) => [
      error.details?.status,
      error.details?.errors?.map(({ pointer }) => pointer).join(),
    ],
  )

/** An order that began two days ago, and what the insurance paid yesterday: of its drug, and of another. */
async function billed(): Promise<string> {
  const { parts } = app.modules.stopSales
  const [barred, free] = [...parts.reference.drugs()].filter((drug) => drug.class === 'antipyretic')
  const order = await createOrder(parts, manager, {
    name: '暂停销售',
    areaCode: '350582',
    from: dayOf(clock.now()),
    to: null,
    reason: '防控',
    documentNo: '',
    items: [{ kind: 'drug', value: barred!.id }],
  })
  await issueOrder(parts, manager, order.id)
  days = 2
  const day = addDays(dayOf(clock.now()), -1)
  const plan = await lineImport(parts).open(manager, [cityPath])
  if (!('prepare' in plan)) throw new Error('written in chunks')
  const rows = [barred!, free!].map((drug, at) => {
    const { generic, strength, form } = drug
    const parsed = plan.parse(
      { storeCode: 'JJ-0001', drug: generic, strength, form, day, quantity: '2', name: '林小明' },
      at,
    )
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
    return { rowNumber: at, value: parsed.ok }
  })
  const write = await plan.prepare(rows)
  await withScope(app.kernel.db, systemScope, (tx) => write(tx))
  return day
}

test('the insurance bureau gets the lines that break an order, masked, and no others', async () => {
  const day = await billed()
  const call = caller(app, manager)
  const insurance = (change = {}) => ({
    ...settings(receiver.url, { kind: 'medical-insurance' }),
    list: 'reimbursements',
    ...change,
  })
  expect(await refusal(call('sharing.create', { body: settings(receiver.url) }))).toEqual([403, undefined])
  expect(await refusal(call('sharing.create', { body: insurance({ format: 'jsonl' }) }))).toEqual([400, '/format'])
  const made = await call('sharing.create', { body: insurance() })
  expect(made).toMatchObject({ list: 'reimbursements', state: 'paused' })
  await call('sharing.set-state', { params: { id: made.id }, body: { state: 'active' } })
  await call('sharing.push', { params: { id: made.id }, body: { from: day, to: day } })
  await settle(app)
  const text = receiver.received.at(-1)!.body.toString()
  expect(text.trim().split('\n')).toHaveLength(2)
  expect(text).toContain('停售期间')
  expect(text).toContain('JJ-0001')
  expect(text).not.toContain('林小明')
})
