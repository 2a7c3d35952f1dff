import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EpcisEvent, eventsOf, namespacesOf, readJson } from '@vigil/epcis/document'
import { documentHashIds, eventHashId } from '@vigil/epcis/hash'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { createPharmacyCity, type PharmacyCity } from '../pharmacy/pharmacy.fixture.ts'

const folder = join(import.meta.dirname, '../../../../../../shared/reference/epcis')
const files = (path: string) =>
  readdirSync(join(folder, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.json(ld)?$/.test(name) && !name.startsWith('Queries'))
    .map((name) => `${path}/${name}`)
const all = [...files('gs1/documents'), ...files('openepcis/Capture'), ...files('openepcis/Query'), ...files('hash')]
/** Of a draft: the JSON schema of EPCIS 2.0 refuses it, too. */
const draft = 'openepcis/Query/SensorData_with_combined_events.json'
/** Holds a GS1 Digital Link whose check digit is wrong. */
const malformed = 'openepcis/Query/Combination_of_different_event.json'
const invalid = all.filter((path) => path.includes('/Invalid/') || path === draft)
const valid = all.filter((path) => !invalid.includes(path) && path !== malformed)

let city: PharmacyCity
let program: Client
beforeAll(async () => {
  city = await createPharmacyCity()
  program = await city.program('epcis-api', '350582')
}, 60_000)
afterAll(() => city.close())

/** Hashes of all that was captured. */
const wanted = new Set<string>()
const capture = (path: string) =>
  program.app.inject({
    method: 'POST',
    url: '/epcis/capture',
    headers: { ...program.headers, 'content-type': 'application/ld+json' },
    payload: readFileSync(join(folder, path)),
  })
async function jobOf(location: unknown) {
  await city.app.modules.epcis.jobs.tick()
  return (await program.call('GET', new URL(String(location)).pathname)).json()
}

test('there are as many documents as there were when this was written, or more', () => {
  expect([valid.length >= 59, invalid.length >= 9]).toEqual([true, true])
})

test.each(valid)('%s is captured and comes back equal by hash', async (path) => {
  const response = await capture(path)
  expect(response.statusCode).toBe(202)
  expect(await jobOf(response.headers.location)).toMatchObject({ running: false, success: true, errors: [] })
  const read = readJson(readFileSync(join(folder, path), 'utf8'))
  if (!read.ok) throw new Error(path)
  // What a document asks to leave out of its hashes does not change what an event is.
  const hashes = eventsOf(read.value.document).map(({ event, namespaces }) => eventHashId(event, { namespaces }))
  for (const hash of hashes) {
    wanted.add(hash)
    const answer = await program.call('GET', `/epcis/events/${encodeURIComponent(hash)}`)
    expect(hashesIn(answer.body)).toContain(hash)
  }
})

function hashesIn(text: string): string[] {
  const read = readJson(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return documentHashIds(read.value.document)
}

test.each(invalid)('%s is refused', async (path) => {
  const response = await capture(path)
  const refused =
    response.statusCode === 400 ? response.json().type : (await jobOf(response.headers.location)).errors[0].type
  expect(refused).toBe('epcisException:ValidationException')
})

test('the event with a wrong check digit is named, the others of its document are captured when that is asked for', async () => {
  const response = await program.app.inject({
    method: 'POST',
    url: '/epcis/capture',
    headers: { ...program.headers, 'content-type': 'application/ld+json', 'gs1-capture-error-behaviour': 'proceed' },
    payload: readFileSync(join(folder, malformed)),
  })
  const job = await jobOf(response.headers.location)
  expect(job.errors.map((each: { title: string }) => each.title)).toEqual(['malformed-digital-link'])
  expect([job.stored + job.known, job.refused]).toEqual([5, 1])
})

test('all of it is answered as one query document that validates', async () => {
  const answer = await program.call('GET', '/epcis/events?perPage=1000')
  const read = readJson(answer.body)
  expect(read.ok ? [] : read.problems).toEqual([])
  const events: readonly EpcisEvent[] = read.ok ? read.value.events.map(({ event }) => event) : []
  expect(events.length).toBeGreaterThan(70)
  expect(events.every(({ recordTime, eventID }) => recordTime && eventID)).toBe(true)
  const hashes = hashesIn(answer.body)
  expect(wanted.size).toBeGreaterThan(70)
  expect([...wanted].filter((hash) => !hashes.includes(hash))).toEqual([])
  expect(namespacesOf(answer.json()['@context']).size).toBeGreaterThan(8)
})
