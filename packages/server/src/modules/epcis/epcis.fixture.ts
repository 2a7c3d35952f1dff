import { type EpcisDocument, type EpcisEvent, epcisContext, type ObjectEvent } from '@vigil/epcis/document'
import { expect } from 'vitest'
import type { Kernel } from '../../kernel/kernel.ts'

/** Path of the county in which the tests capture. */
export const county = '/350000/350500/350582/'

/** A packing step of one thing; `more` overrides. */
export const objectEvent = (serial: number | string, more: Partial<ObjectEvent> = {}): EpcisEvent => ({
  type: 'ObjectEvent',
  eventTime: '2026-01-05T10:00:00.000+08:00',
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep: 'packing',
  epcList: [`https://id.gs1.org/01/04012345111118/21/${serial}`],
  ...more,
})

/** A document around events. */
export const documentOf = (eventList: readonly unknown[]): EpcisDocument => ({
  '@context': [epcisContext],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-05T10:00:00Z',
  epcisBody: { eventList: eventList as readonly EpcisEvent[] },
})

/**
 * Waits until no transaction is open that began before now, in any database of the server: what was captured while one is open
 * is not told yet, and the tests beside this one make databases.
 */
export async function settled({ connections: { system } }: Pick<Kernel, 'connections'>): Promise<void> {
  const { rows } = await system.query<{ id: string }>('select pg_current_xact_id()::text as id')
  const over = 'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as over'
  const ask = async () => (await system.query<{ over: boolean }>(over, [rows[0]!.id])).rows[0]!.over
  await expect.poll(ask, { timeout: 30_000 }).toBe(true)
}
