import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemCaller } from '../../kernel/access/caller.ts'
import { type Tx, withScope } from '../../kernel/db/index.ts'
import { createTestApp, type TestApp } from '../../testing/index.ts'
import { county, documentOf, objectEvent } from './epcis.fixture.ts'
import { type CaptureGuard, captureEvents, EventsRefused } from './index.ts'
import { startJobs } from './job.loop.ts'
import { createJob, readJob } from './job.service.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
  // Its own loop would take the jobs of these tests.
  await app.modules.epcis.close()
}, 60_000)
afterAll(() => app.close())

const context = { path: county, by: '测试', source: 'loop' } as const
const inCounty = <T>(work: (tx: Tx) => Promise<T>) => withScope(app.kernel.db, [county], work)
const capture = (events: Parameters<typeof captureEvents>[2], guards: readonly CaptureGuard[] = []) =>
  inCounty((tx) => captureEvents({ kernel: app.kernel, guards }, tx, events, context))
const stored = () =>
  inCounty(async (tx) =>
    (await tx.selectFrom('epcis.event').select('hash').execute()).map(({ hash }) => hash.toString('hex')),
  )

describe('captureEvents', () => {
  test('stores an event once, whatever it is spelled like, and sets its record time', async () => {
    const event = objectEvent('once', { recordTime: '2001-01-01T00:00:00Z' })
    const urn = objectEvent('once', {
      epcList: ['urn:epc:id:sgtin:4012345.011111.once'],
      eventTime: '2026-01-05T02:00:00Z',
    })
    const [first, again] = await capture([event, urn])
    expect([first!.known, again!.known, first!.hash]).toEqual([false, true, again!.hash])
    expect(Math.abs(Date.parse(first!.event.recordTime!) - Date.now())).toBeLessThan(60_000)
    expect(first!.event.eventID).toBe(first!.hash)
    expect((await capture([event]))[0]!.known).toBe(true)
    expect((await stored()).filter((hash) => first!.hash.includes(hash))).toHaveLength(1)
  })

  test('an error declaration is a record of its own beside its event', async () => {
    const event = objectEvent('wrong')
    const declaration = {
      ...event,
      errorDeclaration: { declarationTime: '2026-01-06T10:00:00Z', reason: 'did_not_occur' },
    }
    expect((await capture([event, declaration, declaration])).map(({ known }) => known)).toEqual([false, false, true])
  })

  test('refuses a batch with one bad event whole, and names the event', async () => {
    const before = await stored()
    const bad = objectEvent('late', { eventTime: '2099-01-01T00:00:00Z' })
    const refused = await capture([objectEvent('good'), bad]).catch((error) => error)
    expect(refused).toBeInstanceOf(EventsRefused)
    expect(refused.refusals).toEqual([
      {
        position: 1,
        hash: expect.stringMatching(/^ni:/),
        path: '/eventTime',
        rule: 'event-time-future',
        message: expect.any(String),
      },
    ])
    expect(await stored()).toEqual(before)
  })

  test('guards see what is new, in its transaction, and can refuse it', async () => {
    const seen: string[][] = []
    const watch: CaptureGuard = async (tx, captured) => {
      const { length } = await tx.selectFrom('epcis.event').select('seq').where('eventId', '=', 'urn:uuid:1').execute()
      seen.push([String(length), ...captured.map(({ event }) => event.eventID!)])
    }
    const stop: CaptureGuard = async (_tx, captured) => {
      throw new EventsRefused([{ ...captured[0]!, path: '', rule: 'gate', message: '批次未放行' }])
    }
    const event = objectEvent('guarded', { eventID: 'urn:uuid:1' })
    await expect(capture([event], [stop])).rejects.toMatchObject({
      details: { code: 'event-refused', errors: [{ pointer: '/0', code: 'gate' }] },
    })
    await capture([event], [watch])
    await capture([event], [watch])
    expect(seen).toEqual([['1', 'urn:uuid:1']])
  })
})

describe('jobs', () => {
  const refuseOdd: CaptureGuard = async (_tx, captured) => {
    const odd = captured.filter(({ event }) => /odd/.test(JSON.stringify(event)))
    const refusals = odd.map((each) => ({ ...each, path: '', rule: 'gate', message: '批次未放行' }))
    if (refusals.length > 0) throw new EventsRefused(refusals)
  }
  const run = async (behaviour: 'rollback' | 'proceed', serials: readonly string[], loops = 1) => {
    const repository = { kernel: app.kernel, guards: [refuseOdd] }
    const events = serials.map((serial) => objectEvent(serial))
    const loop = startJobs(repository, console.error, 0)
    const body = Buffer.from(JSON.stringify(documentOf(events)))
    const caller = systemCaller('测试', ['epcis.capture'])
    const quiet = { ...loop, take: () => undefined }
    const id = await createJob(repository, quiet, caller, {
      behaviour,
      mediaType: 'application/json',
      body,
      events,
      path: county,
    })
    for (let i = 0; i < loops; i++) await loop.tick()
    return readJob(repository, caller, id)
  }

  test('what a guard refuses is left out or takes all with it, and is named', async () => {
    const serials = Array.from({ length: 1100 }, (_, i) => (i === 3 || i === 700 ? `odd-${i}` : `even-${i}`))
    const proceeded = await run('proceed', serials)
    expect(proceeded).toMatchObject({ running: false, success: false, total: 1100, stored: 1098, refused: 2 })
    expect(proceeded.errors.map(({ position }) => position)).toEqual([3, 700])
    const rolledBack = await run('rollback', ['another-1', 'odd-1'])
    expect(rolledBack).toMatchObject({ running: false, success: false, stored: 0, known: 0, refused: 1 })
    expect(await run('rollback', ['another-1'])).toMatchObject({ success: true, stored: 1 })
  })

  test('of a process that died are taken up where they stand, when its lease is over', async () => {
    const serials = Array.from({ length: 600 }, (_, i) => `taken-up-${i}`)
    const repository = { kernel: app.kernel, guards: [] }
    const events = serials.map((serial) => objectEvent(serial))
    const loop = startJobs(repository, console.error, 0)
    const caller = systemCaller('测试', ['epcis.capture'])
    const body = Buffer.from(JSON.stringify(documentOf(events)))
    const wanted = { behaviour: 'proceed', mediaType: 'application/json', body, events, path: county } as const
    const id = await createJob(repository, { ...loop, take: () => undefined }, caller, wanted)
    const lease = (leaseUntil: Date) =>
      inCounty((tx) =>
        tx.updateTable('epcis.job').set({ leaseUntil, done: 500, stored: 500 }).where('id', '=', id).execute(),
      )
    await lease(new Date(Date.now() + 60_000))
    await loop.tick()
    expect(await readJob(repository, caller, id)).toMatchObject({ running: true })
    await lease(new Date(Date.now() - 1))
    await loop.tick()
    expect(await readJob(repository, caller, id)).toMatchObject({
      running: false,
      success: true,
      stored: 600,
      known: 0,
    })
  })
})
