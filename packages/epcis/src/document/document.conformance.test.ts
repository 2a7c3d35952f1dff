import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  eventsOf,
  readJson,
  standardPrefixes,
  toWebUri,
  type VocabularyField,
  validate,
  validateQuery,
  vocabularies,
} from './index.ts'

const folder = join(import.meta.dirname, '../../../../../shared/reference/epcis')
const files = (path: string) =>
  readdirSync(join(folder, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.json(ld)?$/.test(name) && !name.startsWith('Queries'))
    .map((name) => `${path}/${name}`)
const text = (path: string) => readFileSync(join(folder, path), 'utf8')

const all = [...files('gs1/documents'), ...files('openepcis/Capture'), ...files('openepcis/Query'), ...files('hash')]
const invalid = all.filter((path) => path.includes('/Invalid/'))
/** The JSON schema of EPCIS 2.0 refuses it, too: measurement types of a draft, reports without a type. */
const draft = 'openepcis/Query/SensorData_with_combined_events.json'
const valid = all.filter((path) => !path.includes('/Invalid/') && path !== draft)

test('the reference has as many as were there when this was written, or more', () => {
  expect(valid.length).toBeGreaterThanOrEqual(60)
  expect(invalid.length).toBeGreaterThanOrEqual(8)
})

test.each(valid)('%s is accepted', (path) => {
  const read = readJson(text(path))
  expect(read.ok ? [] : read.problems).toEqual([])
  if (read.ok) expect(eventsOf(read.value.document).length).toBeGreaterThan(0)
})

test.each(invalid)('%s is rejected', (path) => {
  const problems = validate(JSON.parse(text(path)))
  expect(problems.length).toBeGreaterThan(0)
  for (const problem of problems)
    expect(problem).toMatchObject({ path: expect.stringMatching(/^\//), rule: expect.stringMatching(/^[a-z-]+$/) })
})

test('a document of a draft is refused where the schema refuses it', () => {
  const problems = validate(JSON.parse(text(draft)))
  expect(problems.map(({ path }) => path.split('/').slice(5).join('/'))).toEqual([
    '7/sensorElementList/0/sensorReport/1/type',
    '7/sensorElementList/0/sensorReport/2/type',
    '8/sensorElementList/0/sensorReport/0/type',
    '8/sensorElementList/0/sensorReport/1/type',
    '10/sensorElementList/0/sensorReport/0/type',
  ])
})

test('every fault of the combined document is found in its event', () => {
  const problems = validate(JSON.parse(text('openepcis/Capture/Invalid/Combination_of_multiple_invalid_fields.json')))
  const events = '/epcisBody/eventList'
  expect(problems.map(({ path, rule }) => `${path.slice(events.length)} ${rule}`)).toEqual([
    '/0/bizStep vocabulary',
    '/1/disposition vocabulary',
    '/2/sourceList/0/type vocabulary',
    '/3/ilmd/materialType unknown-property',
    '/4/eventTime date-time',
    '/4/action action',
  ])
})

test('the valid query is accepted, every fault of the invalid one found', () => {
  const problems = (path: string) => validateQuery(JSON.parse(text(`openepcis/Query/Queries/${path}`)))
  expect(problems('SimpleEventQuery.json')).toEqual([])
  expect(
    problems('Invalid/Query_with_invalid_values.json')
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['/EQ_action/0', '/GE_eventTime', '/orderDirection'])
})

describe('vocabularies are those of the context', () => {
  const context = JSON.parse(text('gs1/epcis-context.jsonld'))['@context']
  const terms = (entry: { '@context': Record<string, string> }) =>
    Object.entries(entry['@context']).map(([name, curie]) => [
      name,
      curie.replace(/^(\w+):/, (_, prefix: string) => context[prefix]),
    ])
  const report = context.sensorElementList['@context'].sensorReport['@context']
  test.each<[VocabularyField, { '@context': Record<string, string> }]>([
    ['bizStep', context.bizStep],
    ['disposition', context.disposition],
    ['bizTransactionType', context.bizTransactionList['@context'].type],
    ['sourceDestType', context.sourceList['@context'].type],
    ['errorReason', context.errorDeclaration['@context'].reason],
    ['measurementType', report.type],
    ['exception', report.exception],
    ['component', report.component],
  ])('%s', (field, entry) => {
    const expected = terms(entry)
    expect(expected.map(([name]) => [name, toWebUri(field, name!)])).toEqual(expected)
    expect(vocabularies[field].names.size).toBe(expected.length)
  })
  test('prefixes', () => {
    for (const [prefix, iri] of Object.entries(standardPrefixes)) expect(context[prefix]).toBe(iri)
  })
})
