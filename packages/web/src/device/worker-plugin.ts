import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

interface Offline {
  /** Its script is `{name}-sw.js`. */
  readonly name: string
  /** Address of the page; every address below it shows it, too. */
  readonly page: string
  /** Other files that it needs at once. */
  readonly files: readonly string[]
}

/**
 * Writes the service worker of a page that works without a network, with what it has to keep: the files that the page needs at once,
 * those that it may load later (camera scan, areas), and a version that changes whenever one of them does.
 */
export function offlineWorker({ name, page: address, files }: Offline): Plugin {
  const entry = `${name}.html`
  return {
    name: `vigil-${name}-worker`,
    apply: 'build',
    writeBundle(options, bundle) {
      const dir = options.dir
      const page = bundle[entry]
      if (!dir || page?.type !== 'asset') return
      const needed = new Set<string>()
      const later = new Set<string>()
      const walk = (file: string, into: Set<string>) => {
        if (needed.has(file) || later.has(file)) return
        into.add(file)
        const chunk = bundle[file]
        if (chunk?.type !== 'chunk') return
        for (const css of chunk.viteMetadata?.importedCss ?? []) walk(css, into)
        for (const asset of chunk.viteMetadata?.importedAssets ?? []) walk(asset, into)
        for (const next of chunk.imports) walk(next, into)
      }
      const html = String(page.source)
      for (const [, file] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) if (file) walk(file, needed)
      const grow = (file: string) => {
        const chunk = bundle[file]
        if (chunk?.type !== 'chunk') return
        for (const next of [...chunk.dynamicImports, ...chunk.imports]) {
          const known = needed.has(next) || later.has(next)
          walk(next, later)
          if (!known) grow(next)
        }
      }
      for (const file of [...needed]) grow(file)
      const urls = (files: Set<string>) => [...files].sort().map((file) => `/${file}`)
      const list = [address, '/icon.svg', ...files, ...urls(needed)]
      const hash = createHash('sha256')
        .update(html)
        .update([...list, ...urls(later)].join('\n'))
      const version = hash.digest('hex').slice(0, 12)
      const source = readFileSync(join(import.meta.dirname, 'offline-worker.js'), 'utf8')
      const filled = source
        .replace('__NAME__', name)
        .replace('__PAGE__', address)
        .replace('__VERSION__', version)
        .replace("['__NEEDED__']", JSON.stringify(list))
        .replace("['__LATER__']", JSON.stringify(urls(later)))
      writeFileSync(join(dir, `${name}-sw.js`), filled)
    },
  }
}
