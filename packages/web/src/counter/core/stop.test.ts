import type { CounterStopSale } from '@vigil/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barredBy } from './stop.ts'

const start = Date.parse('2022-12-01T02:00:00Z')
const end = Date.parse('2022-12-08T16:00:00Z')
const order = (change: Partial<CounterStopSale> = {}): CounterStopSale => ({
  id: '0190a5a0-0000-7000-8000-000000000001',
  name: '暂停销售退烧药品',
  detail: '疫情防控',
  from: '2022-12-01',
  to: '2022-12-08',
  startsAt: new Date(start).toISOString(),
  endsAt: new Date(end).toISOString(),
  drugIds: ['a'],
  classes: ['cough'],
  ...change,
})

test('a drug is barred between the two instants, by its id or its class, and never outside them', () => {
  fc.assert(
    fc.property(fc.integer({ min: start - 86_400_000, max: end + 86_400_000 }), fc.constantFrom('a', 'b'), (at, id) => {
      const drug = { id, class: 'antipyretic' }
      expect(barredBy([order()], drug, at) !== undefined).toBe(id === 'a' && at >= start && at < end)
      expect(barredBy([order()], { ...drug, class: 'cough' }, at) !== undefined).toBe(at >= start && at < end)
      expect(barredBy([order({ endsAt: null })], { id: 'a', class: '' }, at) !== undefined).toBe(at >= start)
      expect(barredBy([], drug, at)).toBeUndefined()
    }),
  )
})
