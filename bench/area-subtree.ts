import { allAreas } from '@vigil/codes/areas'
import { listAreas, putAreas, seedAreas, standardAreas } from '../packages/server/src/kernel/area/index.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import { quantile, withKernel } from './environment.ts'

const rounds = 300

/** Time of the subtree of a random city and province, by path and by recursion over parents, over all areas of the country. */
export async function run(): Promise<void> {
  await withKernel(async (kernel) => {
    const offices = standardAreas()
      .filter((area) => area.level === 'county' && area.code.startsWith('35'))
      .flatMap((county) =>
        Array.from({ length: 10 }, (_, at) => {
          const code = `${county.code}S${String(at + 1).padStart(2, '0')}`
          return {
            ...county,
            code,
            name: `${county.name}${at + 1}所`,
            level: 'office' as const,
            parent: county.code,
            path: `${county.path}${code}/`,
            standard: false,
          }
        }),
      )
    await withScope(kernel.db, systemScope, (tx) => putAreas(tx, offices))
    const began = performance.now()
    await withScope(kernel.db, systemScope, seedAreas)
    console.log(
      `area subtree: ${allAreas().length + offices.length} areas, seeded again in ${(performance.now() - began).toFixed(0)} ms`,
    )
    const roots = standardAreas().filter((area) => area.level !== 'county')
    const time = async (name: string, query: (path: string, code: string) => Promise<number>) => {
      const times = new Float64Array(rounds)
      for (let round = 0; round < rounds; round++) {
        const root = roots[(round * 7919) % roots.length]!
        const start = performance.now()
        await query(root.path, root.code)
        times[round] = performance.now() - start
      }
      times.sort()
      console.log(`  ${name}: p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`)
    }
    const { system } = kernel.connections
    await time('by prefix of path', async (path) => {
      const { rows } = await system.query({
        name: 'prefix',
        text: 'SELECT code FROM area.area WHERE path ^@ $1',
        values: [path],
      })
      return rows.length
    })
    await time('by recursion over parents', async (_path, code) => {
      const text = `WITH RECURSIVE sub AS (SELECT code FROM area.area WHERE code = $1
        UNION ALL SELECT a.code FROM area.area a JOIN sub ON a.parent = sub.code) SELECT code FROM sub`
      return (await system.query({ name: 'recursive', text, values: [code] })).rows.length
    })
    await time('area.tree of an account', async (path) => (await listAreas(kernel.db, [path])).length)
  })
}
