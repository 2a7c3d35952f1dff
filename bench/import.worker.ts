import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { buildApp } from '../packages/server/src/app.ts'
import { systemCaller } from '../packages/server/src/kernel/access/index.ts'
import { readConfig } from '../packages/server/src/kernel/config.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import { openKernel } from '../packages/server/src/kernel/open.ts'
import { createImport, startImport, workOn } from '../packages/server/src/modules/import/index.ts'

export interface Order {
  readonly path: string
  readonly dataDir: string
  readonly ownerUrl: string
}

export interface Measured {
  readonly seconds: number
  /** Resident memory of the whole server process in bytes, before and at its highest. */
  readonly before: number
  readonly rss: number
  /** Seconds of the processor, user and system. */
  readonly cpu: number
  readonly fresh: number
  readonly unchanged: number
  readonly refused: number
}

/** One import in a server process of its own, from the upload to the last commit. */
async function importOnce({ path, dataDir, ownerUrl }: Order): Promise<Measured> {
  const kernel = await openKernel(readConfig({ dataDir, databaseUrl: ownerUrl, demo: 'none' }, {}), ownerUrl)
  const app = await buildApp(kernel)
  // The watch takes in the city in threads of its own when a server starts: its memory is not the import's.
  app.modules.surveillance.loop.hold()
  const caller = systemCaller('导入测试', ['purchase.register'])
  const before = process.memoryUsage.rss()
  let rss = before
  const timer = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss())
  }, 50)
  const cpu = process.cpuUsage()
  const began = performance.now()
  const upload = { filename: path.split('/').at(-1)!, stream: createReadStream(path) }
  const { id } = await createImport(kernel, app.modules.imports, caller, 'purchase', upload)
  await startImport(kernel, app.modules.imports, caller, id, 'run', async () => undefined)
  await workOn(kernel, app.modules.imports, id)
  const seconds = (performance.now() - began) / 1000
  clearInterval(timer)
  const { user, system } = process.cpuUsage(cpu)
  const run = await withScope(kernel.db, systemScope, (tx) =>
    tx.selectFrom('import.run').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  )
  if (run.status !== 'done') throw new Error(`the import ended as ${run.status}: ${run.error}`)
  const { fresh, unchanged, refused } = run
  await app.close()
  await kernel.close()
  return { seconds, before, rss, cpu: (user + system) / 1e6, fresh, unchanged, refused }
}

if (process.send) {
  const [order] = (await once(process, 'message')) as [Order]
  process.send(await importOnce(order))
  process.disconnect()
}
