import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

type Output = Awaited<ReturnType<typeof build>>
type Chunk = { type: 'chunk'; fileName: string; code: string; imports: string[]; isEntry: boolean; moduleIds: string[] }

const root = resolve(import.meta.dirname, '../..')
let chunks: Chunk[] = []

function chunksOf(output: Output): Chunk[] {
  const list = Array.isArray(output) ? output : [output]
  return list
    .flatMap((one) => ('output' in one ? (one.output as unknown as Chunk[]) : []))
    .filter((c) => c.type === 'chunk')
}

beforeAll(async () => {
  // The test runner's own value would make it a build for developers.
  vi.stubEnv('NODE_ENV', 'production')
  // All entries, as they are built for use: what they share is counted where it lands.
  chunks = chunksOf(
    await build({ root, configFile: resolve(root, 'vite.config.ts'), logLevel: 'silent', build: { write: false } }),
  )
}, 120_000)

afterAll(() => void vi.unstubAllEnvs())

function firstScripts(main = 'counter/main.tsx'): Chunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const entry = chunks.find((chunk) => chunk.isEntry && chunk.moduleIds.some((id) => id.endsWith(main)))
  const found = new Set<Chunk>()
  const walk = (chunk: Chunk | undefined) => {
    if (!chunk || found.has(chunk)) return
    found.add(chunk)
    for (const name of chunk.imports) walk(byName.get(name))
  }
  walk(entry)
  return [...found]
}

test('the script before the first input is at most 60 KB gzip', () => {
  const scripts = firstScripts()
  expect(scripts.length).toBeGreaterThan(0)
  const bytes = scripts.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0)
  expect(bytes).toBeGreaterThan(5_000)
  expect(bytes).toBeLessThanOrEqual(60 * 1024)
})

test('no console library and no schema library is in it', () => {
  const modules = firstScripts().flatMap((chunk) => chunk.moduleIds)
  const foreign = modules.filter((id) =>
    /node_modules\/(react|react-dom|antd|@ant-design|echarts|typebox|dayjs)\//.test(id),
  )
  expect(foreign).toEqual([])
})

test('nothing in it is beyond the old WebViews', () => {
  // No transpiler can lower look-behind, and one such literal stops the whole script in Safari before 16.4.
  for (const chunk of firstScripts()) expect(chunk.code.match(/\(\?<[!=][^)]*/g) ?? []).toEqual([])
})

test('the page asks no other host for anything but what the user taps', () => {
  for (const chunk of firstScripts())
    expect(chunk.code.match(/https?:\/\/(?!www\.w3\.org)[a-z0-9.-]+/g) ?? []).toEqual([])
})

test('the public page is at most 16 KB gzip, with nothing of console or counter, and asks its own host only', () => {
  const scripts = firstScripts('public/main.tsx')
  const modules = scripts.flatMap((chunk) => chunk.moduleIds).filter((id) => !/node_modules\/preact\//.test(id))
  expect(modules.filter((id) => /node_modules|src\/(console|counter)\//.test(id))).toEqual([])
  const bytes = scripts.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0)
  expect(bytes).toBeGreaterThan(3_000)
  expect(bytes).toBeLessThanOrEqual(16 * 1024)
  for (const { code } of scripts) {
    expect(code.match(/\(\?<[!=][^)]*/g) ?? []).toEqual([])
    expect(code.match(/https?:\/\/(?!www\.w3\.org|id\.gs1\.org)[a-z0-9.-]+/g) ?? []).toEqual([])
  }
})

test('the desk of the cold chain is at most 48 KB gzip before its first page, with nothing of console or counter', () => {
  const scripts = firstScripts('cold/main.tsx')
  const modules = scripts.flatMap((chunk) => chunk.moduleIds)
  const foreign = /node_modules\/(react|react-dom|antd|echarts|typebox|dayjs)\/|src\/(console|counter)\//
  expect(modules.filter((id) => foreign.test(id))).toEqual([])
  const bytes = scripts.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0)
  expect(bytes).toBeGreaterThan(5_000)
  expect(bytes).toBeLessThanOrEqual(48 * 1024)
  for (const { code } of scripts) expect(code.match(/\(\?<[!=][^)]*/g) ?? []).toEqual([])
})
