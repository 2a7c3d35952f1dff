import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
export const distDir = join(root, 'web/dist')
const stampFile = join(distDir, '.stamp')
const sources = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/counter.html',
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

/**
 * Builds the screens when their sources have changed since the last build; a second start finds them ready.
 * @returns true when it built
 */
export async function ensureWebBuilt(log: (line: string) => void): Promise<boolean> {
  const stamp = await fingerprint()
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return false
  log('正在生成网页(首次启动约 10–20 秒)…')
  const { build } = await import('vite')
  await build({ root: join(root, 'web'), configFile: join(root, 'web/vite.config.ts'), logLevel: 'error' })
  await writeFile(stampFile, stamp)
  return true
}
