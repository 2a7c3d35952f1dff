import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'

interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

const han = /\p{Script=Han}/u
/** Chinese that is no text of a screen: names of provinces. Patterns are looked through neither. */
const data = new Set(['counter/core/area.ts'])
const root = join(import.meta.dirname, '../packages/web/src')
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string'

function hasHan(node: Node): boolean {
  if ('regex' in node) return false
  if (node.type === 'JSXText' || node.type === 'Literal') return han.test(String(node.value))
  return node.type === 'TemplateElement' && han.test((node.value as { raw: string }).raw)
}

const isCatalogue = (node: Node): boolean =>
  node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Identifier' && node.callee.name === 't'

/** Chinese texts of one file that are drawn past the catalogue, by line. */
function strays(code: string, filename: string): string[] {
  const found: string[] = []
  const visit = (node: Node): void => {
    if (hasHan(node)) found.push(`${filename}:${code.slice(0, node.start).split('\n').length}`)
    for (const [key, value] of Object.entries(node)) {
      // The text given to `t` is in the catalogue; the values beside it must be, too.
      const children = isCatalogue(node) && key === 'arguments' ? (value as Node[]).slice(1) : value
      for (const child of Array.isArray(children) ? children : [children]) if (isNode(child)) visit(child)
    }
  }
  const { program, errors } = parseSync(filename, code)
  expect(errors).toEqual([])
  visit(program as unknown as Node)
  return found
}

test('a text past the catalogue is seen', () => {
  expect(strays("const a = t('一'); const b = '二'", 'a.ts')).toEqual(['a.ts:1'])
  expect(strays('const a = <p title={t("一")}>\n二</p>', 'a.tsx')).toEqual(['a.tsx:1'])
  expect(strays("t('一 {n}', { n: `二` })", 'a.ts')).toEqual(['a.ts:1'])
})

test('every Chinese text of the screens passes through the message catalogue', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.(test|fixture)\.|\.d\.ts$/.test(name) && !data.has(name),
  )
  expect(files.length).toBeGreaterThan(100)
  expect(files.flatMap((name) => strays(readFileSync(join(root, name), 'utf8'), name))).toEqual([])
})
