import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

// Both directions in a process of their own, whose heap V8 itself keeps below 200 MB: with more it would die.
const script = `
import { Readable } from 'node:stream'
import { xlsxWriter, readTable } from ${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))}
const columns = Array.from({ length: 20 }, (_, at) => ({ head: '列' + at, type: at === 1 ? 'integer' : 'text' }))
let peak = 0
function* rows() {
  for (let row = 0; row < 100_000; row++) {
    if (row % 1000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed)
    yield columns.map((_, at) => (at === 1 ? row : at === 2 ? '35050219900101' + row : at < 10 ? '内容' : null))
  }
}
const file = Readable.from(rows()).pipe(xlsxWriter(columns, { sheetName: '数据' }))
const specs = columns.map(({ head }) => ({ key: head, heads: [head] }))
let read = 0
for await (const row of readTable(file, { filename: 'a.xlsx', columns: specs })) {
  if (row.values.列1 !== String(read)) throw new Error('row ' + read)
  read += 1
  if (read % 1000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed)
}
console.log(JSON.stringify({ read, peak }))
`

it('writes and reads 100,000 rows in a heap below 200 MB', { timeout: 90_000 }, async () => {
  const args = ['--max-old-space-size=160', '--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { read, peak } = JSON.parse(stdout) as { read: number; peak: number }
  expect(read).toBe(100_000)
  expect(peak).toBeLessThan(200 * 1024 ** 2)
})
