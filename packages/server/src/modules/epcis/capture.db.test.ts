import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Tx, withScope } from '../../kernel/db/index.ts'
import { createTestApp, type TestApp } from '../../testing/index.ts'
import { county, objectEvent } from './epcis.fixture.ts'
import { type CaptureGuard, captureEvents, EventsRefused } from './index.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
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
