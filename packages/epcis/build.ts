import { spawnSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// Makes `dist/`, the folder that is published: Node strips no types inside node_modules, so a package holds JavaScript.
const here = import.meta.dirname
const dist = join(here, 'dist')
rmSync(dist, { recursive: true, force: true })
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', join(here, 'tsconfig.build.json')], { stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const { name, version, description, license, type, sideEffects } = JSON.parse(
  readFileSync(join(here, 'package.json'), 'utf8'),
)
const entry = (folder: string) => ({ types: `./${folder}index.d.ts`, default: `./${folder}index.js` })
const folders = readdirSync(dist, { withFileTypes: true }).filter((each) => each.isDirectory())
const made = {
  name,
  version,
  description,
  license,
  type,
  sideEffects,
  engines: { node: '>=22' },
  exports: { '.': entry(''), ...Object.fromEntries(folders.map((each) => [`./${each.name}`, entry(`${each.name}/`)])) },
}
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(made, null, 2)}\n`)
copyFileSync(join(here, 'README.md'), join(dist, 'README.md'))
copyFileSync(join(here, '../../LICENSE'), join(dist, 'LICENSE'))
