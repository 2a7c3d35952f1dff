import type { ColdTask } from '@vigil/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byUrgency, type DeclarationFacts, declarationTasks, freeSlots } from './desk.domain.ts'

const hour = 3_600_000
const slotAt = Date.parse('2026-11-24T02:00:00.000Z')
const facts: DeclarationFacts = {
  ...{ id: 'd', number: 'LL1', state: 'declared', ownerId: 'owner', ownerName: '货主', warehouseId: 'house' },
  ...{ warehouseName: '监管仓', goodsName: '鱼', grams: 1000, slotAt, said: new Set(), problems: [] },
}
const kindsOf = (more: Partial<DeclarationFacts>, mine: string[], hours: number) =>
  declarationTasks({ ...facts, ...more }, new Set(mine), slotAt + hours * hour).map(({ kind }) => kind)

test('a declaration asks each side for what it has not done, from a day before the slot on', () => {
  expect(kindsOf({}, ['owner'], -25)).toEqual([])
  expect(kindsOf({}, ['owner'], -24)).toEqual(['count'])
  expect(kindsOf({}, ['house'], -24)).toEqual(['arrival'])
  expect(kindsOf({}, ['owner', 'house'], 5)).toEqual(['count', 'arrival'])
  expect(kindsOf({ said: new Set(['consignor']) }, ['owner', 'house'], 5)).toEqual(['arrival'])
  expect(kindsOf({ state: 'disputed' }, ['owner', 'house'], -50)).toEqual(['dispute', 'dispute'])
})

test('papers are told to the owner whenever, with how many are wrong', () => {
  const problems = [{ detail: '报关单未上传' }, { detail: '消毒证明未上传' }]
  const [task] = declarationTasks({ ...facts, problems }, new Set(['owner']), slotAt - 40 * hour)
  expect(task).toMatchObject({ kind: 'papers', holderId: 'owner', otherName: '监管仓', detail: '报关单未上传等 2 项' })
  expect(kindsOf({ problems }, ['house'], -40)).toEqual([])
})

test('what has entered or is cancelled, and what is others’, asks nothing', () => {
  const state = fc.constantFrom('entered', 'cancelled') as fc.Arbitrary<'entered' | 'cancelled'>
  const hours = fc.integer({ min: -100, max: 100 })
  const problems = [{ detail: 'x' }]
  fc.assert(
    fc.property(state, hours, (over, at) => {
      expect(kindsOf({ state: over, problems }, ['owner', 'house'], at)).toEqual([])
      expect(kindsOf({ problems }, ['stranger'], at)).toEqual([])
    }),
  )
})

test('tasks press by kind, then by how long they are due; none is lost', () => {
  const kind = fc.constantFrom<ColdTask['kind']>('gap', 'recall', 'receive', 'papers', 'dispute', 'violation')
  const at = fc
    .date({ min: new Date(0), max: new Date(10 ** 12), noInvalidDate: true })
    .map((date) => date.toISOString())
  const task = fc.record({ kind, at }).map(
    (some): ColdTask => ({
      ...{ holderId: 'h', id: 'i', dispatch: null, ref: '', goodsName: '', otherName: null, grams: null, detail: '' },
      ...some,
    }),
  )
  fc.assert(
    fc.property(fc.array(task), (tasks) => {
      const sorted = byUrgency(tasks)
      expect(new Set(sorted)).toEqual(new Set(tasks))
      const firstGap = sorted.findIndex((one) => one.kind === 'gap')
      const lastRecall = sorted.findLastIndex((one) => one.kind === 'recall')
      if (firstGap >= 0) expect(lastRecall).toBeLessThan(firstGap)
      sorted.forEach((one, index) => {
        const next = sorted[index + 1]
        if (next?.kind === one.kind) expect(one.at <= next.at).toBe(true)
      })
    }),
  )
})

test('free hours are those of the day that may still be booked, less what is taken', () => {
  const start = Date.parse('2026-11-24T00:00:00+08:00')
  const from = fc.integer({ min: -30, max: 30 })
  const takenHours = fc.dictionary(fc.integer({ min: 0, max: 23 }).map(String), fc.integer({ min: 0, max: 9 }))
  fc.assert(
    fc.property(from, fc.integer({ min: -30, max: 60 }), takenHours, (first, last, hours) => {
      const taken = new Map(Object.entries(hours).map(([at, n]) => [start + Number(at) * hour, n]))
      const range = { perHour: 4, from: start + first * hour, until: start + last * hour, taken }
      const free = freeSlots(start, range)
      expect(free).toHaveLength(Math.max(0, Math.min(23, last) - Math.max(0, first) + 1))
      for (const slot of free) expect(slot.free).toBe(Math.max(0, 4 - (taken.get(Date.parse(slot.at)) ?? 0)))
    }),
  )
})
