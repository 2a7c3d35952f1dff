import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { validate } from '../document/index.ts'
import { documentHashIds } from '../hash/index.ts'
import { readXml, writeXml } from './index.ts'

const folder = join(import.meta.dirname, '../../../../../shared/reference/epcis')
const documents = ['gs1/documents', 'openepcis', 'hash']
  .flatMap((path) =>
    readdirSync(join(folder, path), { recursive: true, encoding: 'utf8' }).map((name) => `${path}/${name}`),
  )
  .filter((path) => /\.json(ld)?$/.test(path))
  .map((path) => [path, JSON.parse(readFileSync(join(folder, path), 'utf8'))] as const)
  .filter(([, json]) => /^EPCIS/.test(json.type) && validate(json).length === 0)

test('there are documents', () => expect(documents.length).toBeGreaterThanOrEqual(55))

test.each(documents)('%s is the same after XML', (_, document) => {
  const read = readXml(writeXml(document))
  expect(read.ok ? [] : read.problems).toEqual([])
  if (!read.ok) return
  const { '@context': _a, ...back } = read.value.document
  const { '@context': _b, ...there } = document
  // Terms may be written in full or compact; they come back short.
  const term = /"(?:(?:gs1|cbv):|https:\/\/ref\.gs1\.org\/cbv\/)(?:(?:BizStep|Disp|Comp)-)?(\w+)"/g
  const plain = (json: object) => JSON.parse(JSON.stringify(json).replaceAll(term, '"$1"'))
  expect(stripped(plain(back))).toEqual(stripped(plain(there)))
  expect(documentHashIds(read.value.document)).toEqual(documentHashIds(document))
})

/** Without the events' contexts, whose form may change. */
const stripped = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json, (key, value) => (key === '@context' ? undefined : value)))
