import { uuidv7 } from '@vigil/codes'
import { type City, createCity, purchasesOfDay } from '@vigil/simulate'
import { toInput } from '../packages/server/src/demo/sales.ts'
import { load } from './load.ts'

interface Task {
  readonly port: number
  readonly key: string
  readonly connections: number
  readonly seconds: number
  /** Requests a second; 0 for as many as are answered. */
  readonly rate: number
  readonly storeCodes: string[]
  readonly drugIds: Record<string, string>
  readonly day: string
}

/** More than one process can register in a second. */
const mostPerSecond = 8_000

/** Bodies made of simulated sales, each with an id and a time of its own; made before the clock runs. */
function bodies(task: Task, city: City): () => string {
  const sales = purchasesOfDay(city, 0)
  const made = Array.from(
    { length: Math.ceil(task.seconds * (task.rate || mostPerSecond)) + task.connections },
    (_, index) => {
      const sale = sales[index % sales.length]!
      const now = Date.now()
      const input = toInput(
        {
          ...sale,
          id: uuidv7(now),
          soldAt: new Date(now).toISOString(),
          storeCode: task.storeCodes[index % task.storeCodes.length]!,
        },
        (key) => task.drugIds[key]!,
      )
      return JSON.stringify({ purchases: [input] })
    },
  )
  let next = 0
  return () => made[next++]!
}

process.on('message', async (task: Task) => {
  const city = createCity({ seed: 7, city: '350500', startDay: task.day, days: 1 })
  const result = await load(
    task.port,
    '/api/purchases',
    task.key,
    task.connections,
    task.seconds,
    bodies(task, city),
    task.rate,
  )
  process.send?.(result, () => process.exit(0))
})
