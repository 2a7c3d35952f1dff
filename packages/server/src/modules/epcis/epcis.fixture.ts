import { type EpcisDocument, type EpcisEvent, epcisContext, type ObjectEvent } from '@vigil/epcis/document'

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
