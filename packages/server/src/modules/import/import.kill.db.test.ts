import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPharmacyCity, type PharmacyCity } from '../pharmacy/pharmacy.fixture.ts'
import { csv, saleRow } from './import.fixture.ts'
import { resumeImports } from './index.ts'

const cli = join(import.meta.dirname, '../../cli.ts')
let city: PharmacyCity
let folder: string
let drug: string

beforeAll(async () => {
  city = await createPharmacyCity()
  folder = await mkdtemp(join(tmpdir(), 'vigil-import-'))
  drug = city.app.modules.pharmacy.purchases.reference.drug(city.drug.antipyretic)!.name
}, 200_000)
afterAll(async () => {
  await city.close()
  await rm(folder, { recursive: true, force: true })
})

/** The command as it is typed, in a process of its own. */
function start(...words: string[]): {
  child: ChildProcess
  ended: Promise<{ code: number | null; out: string; error: string }>
} {
  const { dataDir } = city.app.kernel.config
  const env = { ...process.env, DATABASE_URL: city.app.database.ownerUrl, VIGIL_DATA_DIR: dataDir }
  const child = spawn(process.execPath, [cli, 'import', ...words], { env })
  let out = ''
  let error = ''
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    error += text
  })
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, error })) }
}

const file = async (name: string, rows: readonly (readonly string[])[]) => {
  const path = join(folder, name)
  await writeFile(path, csv(rows))
  return path
}
const rowsOf = (count: number, from: number) => Array.from({ length: count }, (_, n) => saleRow(drug, from + n))
const stored = async () => (await city.owner<{ n: number }>('SELECT count(*)::int AS n FROM pharmacy.purchase'))[0]!.n

test('killed in the middle, the import is finished by another process, and nothing is lost or doubled', async () => {
  const count = 24_000
  const path = await file('long.csv', rowsOf(count, 0))
  const { child, ended } = start('purchase', path, '--json')
  const position = async () =>
    (
      await city.owner<{ position: number; status: string }>(
        'SELECT position, status FROM import.run ORDER BY created_at DESC LIMIT 1',
      )
    )[0]
  for (;;) {
    const now = await position()
    if (now && now.position >= 4000) break
    if (child.exitCode !== null) throw new Error((await ended).error)
    await sleep(10)
  }
  child.kill('SIGKILL')
  await ended
  const left = (await position())!
  expect(left.status).toBe('running')
  expect(left.position).toBeLessThan(count)
  // Chunks are whole: as many rows are there as the run says.
  await expect.poll(async () => (await position())!.position === (await stored()), { timeout: 10_000 }).toBe(true)

  expect(await resumeImports(city.app.kernel, 0)).toBe(1)
  await expect.poll(async () => (await position())?.status, { timeout: 90_000 }).toBe('done')
  expect(await stored()).toBe(count)
  expect(await city.drift()).toEqual([])
}, 200_000)

test('the command tells what it did by its exit code, in words and as JSON', async () => {
  const rows = rowsOf(3, 30_000)
  const good = await file('good.csv', rows)
  const dry = await start('purchase', good, '--dry-run').ended
  expect([dry.code, dry.out]).toEqual([0, '试导入（没有写入）：共 3 行，新增 3，更改 0，原已存在 0，未导入 0\n'])
  const done = await start('purchase', good, '--json').ended
  expect([done.code, JSON.parse(done.out)]).toMatchObject([
    0,
    { status: 'done', result: { fresh: 3 }, errorFile: null },
  ])

  const mixed = await file('mixed.csv', [rows[0]!, saleRow(drug, 1, { 8: '0' })])
  const some = await start('purchase', mixed).ended
  expect(some.code).toBe(2)
  expect(some.out).toContain('新增 0，更改 0，原已存在 1，未导入 1')
  expect(some.out).toContain('第 3 行 数量：数量应为 1 至 99 的整数')
  expect(await readFile(join(folder, 'mixed-错误行.csv'), 'utf8')).toContain('数量应为 1 至 99 的整数')

  const foreign = join(folder, 'foreign.csv')
  await writeFile(foreign, '甲,乙\n1,2\n')
  const none = await start('purchase', foreign).ended
  expect([none.code, none.out]).toEqual([1, ''])
  expect(none.error).toContain('缺少“售出时间”列')
  const missing = await start('purchase', join(folder, 'nothing.csv')).ended
  expect([missing.code, missing.out]).toEqual([1, ''])
  await expect(access(join(folder, 'good-错误行.csv'))).rejects.toThrow()
}, 200_000)
