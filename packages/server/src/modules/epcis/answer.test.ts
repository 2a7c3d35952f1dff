import { eventsOf, type Json, readJson } from '@vigil/epcis/document'
import { documentHashIds, eventHashId } from '@vigil/epcis/hash'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queryDocument } from './answer.domain.ts'
import { objectEvent } from './epcis.fixture.ts'
import { namespacesIn, ownContext } from './event.domain.ts'

test('an event means the same alone and among others, whatever their prefixes mean', () => {
  const prefixes = fc.dictionary(
    fc.constantFrom('ex', 'other', 'cbvmda'),
    fc.constantFrom('https://one.example/', 'https://two.example/', 'urn:epcglobal:cbv:mda:'),
  )
  const event = fc
    .record({ prefixes, serial: fc.nat(5), address: fc.boolean() })
    .map(({ prefixes: own, serial, address }) => {
      const extensions = Object.fromEntries([...Object.keys(own), 'cbvmda'].map((prefix) => [`${prefix}:lot`, 'A']))
      const context = [...(address ? ['https://example.com/context.jsonld'] : []), own] as Json[]
      return { ...objectEvent(serial, extensions), '@context': context }
    })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 5 }), (events) => {
      const kept = events.map(({ '@context': context, ...doc }) => ({
        doc: JSON.stringify(doc),
        context: ownContext(context as never),
      }))
      const read = readJson(queryDocument(kept, { queryName: 'q', now: new Date(0) }))
      expect(read.ok ? [] : read.problems).toEqual([])
      if (!read.ok) return
      expect(eventsOf(read.value.document)).toHaveLength(events.length)
      const alone = events.map((each) => eventHashId(each as never, { namespaces: namespacesIn(each as never) }))
      expect(documentHashIds(read.value.document)).toEqual(alone)
    }),
  )
})
