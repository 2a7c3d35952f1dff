import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { dayOf } from '@vigil/codes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestApp, type TestDatabase } from '../../testing/index.ts'
import { createShop, purchase, sell } from '../../testing/shop.ts'
import { accept, type Receiver, startReceiver } from './receiver.fixture.ts'
import { audited, caller, destinationAt } from './sharing.fixture.ts'
import { leaseSeconds } from './sharing.store.ts'

let database: TestDatabase
let app: TestApp
let receiver: Receiver
const children: ChildProcess[] = []

beforeAll(async () => {
  process.env.VIGIL_SHARING_ALLOW = '127.0.0.1'
  database = await createTestDatabase()
  app = await createShop({ database })
  // This process orders and looks on; others send.
  await app.modules.sharing.close()
  receiver = await startReceiver()
})
afterAll(async () => {
  delete process.env.VIGIL_SHARING_ALLOW
  for (const child of children) child.kill('SIGKILL')
  await app.close()
  await receiver.close()
  await database.drop()
})

function startSender(offsetMs: number): ChildProcess {
  const { dataDir } = app.kernel.config
  const args = [join(import.meta.dirname, 'sender.fixture.ts'), database.ownerUrl, dataDir, String(offsetMs)]
  const child = spawn(process.execPath, args, { env: process.env, stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  return child
}

test('a process that is killed after the recipient took the file, before it knew: the same number again, and one receipt', async () => {
  await sell(app, [purchase(app, 1)])
  const call = caller(app)
  const { id } = await destinationAt(app, receiver.url)
  const today = dayOf(new Date())
  const ordered = await call('sharing.push', { params: { id }, body: { from: today, to: today } })
  let first: ChildProcess | undefined
  receiver.behave(async (_request, _response, body) => {
    await body()
    // Taken, and entered in the recipient's books; then the sender dies before the answer reaches it.
    first?.kill('SIGKILL')
  }, accept)
  first = startSender(0)
  await once(first, 'exit')
  expect(first.signalCode).toBe('SIGKILL')
  const before = await call('sharing.delivery', { params: { id: ordered.id } })
  expect(before.delivery.status).toBe('waiting')
  expect(before.attempts.map(({ outcome }) => outcome)).toEqual(['running'])

  startSender((leaseSeconds + 5) * 1000)
  const read = () => call('sharing.delivery', { params: { id: ordered.id } })
  await expect.poll(async () => (await read()).delivery.status, { timeout: 40_000, interval: 200 }).toBe('acknowledged')
  const { delivery, attempts } = await read()
  expect(attempts.map(({ outcome, error }) => [outcome, error])).toEqual([
    ['unknown', '服务中断，不知对方是否收到，已用同一编号再推'],
    ['acknowledged', null],
  ])
  const [one, two] = receiver.received
  expect(receiver.received).toHaveLength(2)
  expect(one!.headers['idempotency-key']).toBe(delivery.number)
  expect(two!.headers['idempotency-key']).toBe(delivery.number)
  expect(two!.body.equals(one!.body)).toBe(true)
  expect(await audited(app, 'sharing.acknowledge')).toHaveLength(1)
})
