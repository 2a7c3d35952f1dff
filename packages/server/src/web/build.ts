import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname, '../../..')
export const distDir = join(root, 'web/dist')
const stampFile = join(distDir, '.stamp')
const sources = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/cold.html',
  'web/counter.html',
  'web/public.html',
  'web/vite.config.ts',
  'web/package.json',
  'codes/src',
  'contract/src',
]

async function* filesBelow(path: string): AsyncGenerator<string> {
  const info = await stat(path)
  if (info.isFile()) yield path
  else for (const name of (await readdir(path)).sort()) yield* filesBelow(join(path, name))
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources)
    for await (const file of filesBelow(join(root, source)))
      hash.update(file.slice(root.length)).update(await readFile(file))
  return hash.digest('hex')
}

/** Vite in a process of its own: it works beside the start of the database, and its memory goes with it. */
async function runBuild(): Promise<void> {
  const vite = fileURLToPath(new URL('bin/vite.js', import.meta.resolve('vite/package.json')))
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: join(root, 'web'),
    stdio: ['ignore', 'inherit', 'inherit'],
    // Built under a test runner, the libraries would otherwise take their test doubles into the product.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('the screens could not be built 网页生成失败')
}

/**
 * Builds the screens when their sources have changed since the last build; a second start finds them ready.
 * @returns true when it built
 */
export async function ensureWebBuilt(log: (line: string) => void): Promise<boolean> {
  const stamp = await fingerprint()
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return false
  log('正在生成网页（首次启动约 10–20 秒）…')
  await runBuild()
  await writeFile(stampFile, stamp)
  return true
}
