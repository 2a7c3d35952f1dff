import { addDays, dayOf } from '@vigil/codes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { closedDays } from './closing.domain.ts'
import {
  checkInLimit,
  decideStatement,
  rateOf,
  type Statement,
  standingOf,
  sumOf,
  supersedes,
} from './opening.domain.ts'
import { areasToTell, instantOf } from './reminder.domain.ts'

const now = new Date('2026-11-23T09:30:00+08:00')
const statement = (more: Partial<Statement> = {}): Statement => ({
  id: '01930000-0000-7000-8000-000000000001',
  state: 'open',
  reason: null,
  note: '',
  backOn: null,
  saidAt: now,
  ...more,
})
const decide = (more: Partial<Statement>, status = 'active') => decideStatement(statement(more), { now, status })

describe('a statement', () => {
  test('counts for the day of Shanghai on which it was made', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * 86_400_000 }), (ago) => {
        const saidAt = new Date(now.getTime() - ago)
        expect(decide({ saidAt })).toMatchObject({ day: dayOf(saidAt) })
      }),
    )
    expect(decide({ saidAt: new Date('2026-11-22T16:00:00Z') })).toMatchObject({ day: '2026-11-23' })
  })

  test('that lies ahead or waited too long is refused', () => {
    expect(decide({ saidAt: new Date(now.getTime() + 6 * 60_000) })).toHaveProperty('refusal')
    expect(decide({ saidAt: new Date(now.getTime() - 3 * 86_400_000 - 1) })).toHaveProperty('refusal')
    expect(decide({ saidAt: new Date(Number.NaN) })).toHaveProperty('refusal')
    expect(decide({}, 'suspended')).toHaveProperty('refusal')
  })

  test('of a closing has a reason, words for another one, and a return that can be', () => {
    const day = dayOf(now)
    expect(decide({ state: 'closed' })).toEqual({ refusal: '请选择停业原因' })
    expect(decide({ state: 'closed', reason: 'other', note: '  ' })).toEqual({ refusal: '请写明停业原因' })
    expect(decide({ state: 'closed', reason: 'moving', backOn: addDays(day, -1) })).toHaveProperty('refusal')
    expect(decide({ state: 'closed', reason: 'moving', backOn: '2026-02-30' })).toHaveProperty('refusal')
    expect(decide({ state: 'closed', reason: 'moving', backOn: day })).toHaveProperty('day')
    expect(decide({ reason: 'moving', backOn: day })).toMatchObject({ statement: { reason: null, backOn: null } })
  })
})

test('whatever the order of arrival, the same statement stands', () => {
  const one = fc.record({ id: fc.uuid(), saidAt: fc.integer({ min: 0, max: 5 }).map((n) => new Date(n)) })
  const last = (list: readonly { id: string; saidAt: Date }[]) =>
    list.reduce((held, next) => (supersedes(next, held) ? next : held))
  fc.assert(
    fc.property(
      fc.uniqueArray(one, { minLength: 1, selector: ({ id }) => id }),
      fc.func(fc.integer()),
      (list, order) => {
        const other = [...list].sort((a, b) => order(a.id) - order(b.id))
        expect(last(other)).toEqual(last(list))
      },
    ),
  )
})

test('the parts of a sum are all of it, and its rate a share', () => {
  const row = fc
    .record({ open: fc.nat(9), closed: fc.nat(9), sold: fc.nat(9), rest: fc.nat(9) })
    .map(({ rest, ...parts }) => ({ ...parts, active: parts.open + parts.closed + parts.sold + rest }))
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const sum = sumOf(rows)
      expect(sum.open + sum.closed + sum.sold + sum.missing).toBe(sum.active)
      expect(sum.missing).toBeGreaterThanOrEqual(0)
      expect(rateOf(sum)).toBeGreaterThanOrEqual(0)
      expect(rateOf(sum)).toBeLessThanOrEqual(1)
    }),
  )
})

test('what a store says counts before what its sales show', () => {
  expect(standingOf('closed', true)).toBe('closed')
  expect(standingOf(null, true)).toBe('sold')
  expect(standingOf(null, false)).toBe('missing')
  expect(checkInLimit('2026-11-23').toISOString()).toBe('2026-11-23T02:00:00.000Z')
})

describe('telling of the missing', () => {
  const areas = ['/35/01/', '/35/01/a/', '/35/02/'].map((path, index) => ({
    code: String(index),
    level: path.endsWith('a/') ? 'office' : 'county',
    path,
  }))
  const time = fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'))
  test('from the time on and never before; what was told is not told again, however the clock moves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 * 1440), { maxLength: 30 }), time, (minutes, at) => {
        const told = new Map<string, Set<string>>()
        const messages: string[] = []
        for (const minute of minutes) {
          const now = new Date(Date.UTC(2026, 0, 1) - 8 * 3_600_000 + minute * 60_000)
          const day = dayOf(now)
          const known = told.get(day) ?? new Set()
          for (const { path } of areasToTell(areas, { day, now, timeAt: () => at, told: known })) {
            expect(now.getTime()).toBeGreaterThanOrEqual(instantOf(day, at).getTime())
            known.add(path)
            messages.push(`${day} ${path}`)
          }
          told.set(day, known)
        }
        expect(new Set(messages).size).toBe(messages.length)
      }),
    )
  })
  test('where the rule says nobody, nobody is told', () => {
    const now = new Date('2026-01-01T23:00:00+08:00')
    const timeAt = (path: string) => (path.startsWith('/35/01/') ? null : '10:00')
    const due = areasToTell(areas, { day: '2026-01-01', now, timeAt, told: new Set() })
    expect(due.map(({ path }) => path)).toEqual(['/35/02/'])
  })
})

describe('closed until', () => {
  const first = '2026-03-01'
  const statement = fc.record({
    day: fc.nat(20).map((n) => addDays(first, n)),
    state: fc.constantFrom('open' as const, 'closed' as const),
    back: fc.option(fc.nat(12)),
  })
  test('a day is closed when the last thing said before its end says so, and it is not yet the day of return', () => {
    fc.assert(
      fc.property(fc.uniqueArray(statement, { selector: ({ day }) => day, maxLength: 8 }), (given) => {
        const said = given.map(({ day, state, back }) => ({
          day,
          state,
          backOn: state === 'closed' && back !== null ? addDays(day, back) : null,
        }))
        const [from, to] = [addDays(first, 3), addDays(first, 25)]
        const closed = closedDays(said, from, to)
        for (let day = from; day <= to; day = addDays(day, 1)) {
          const last = said.filter((each) => each.day <= day).sort((a, b) => (a.day < b.day ? 1 : -1))[0]
          const still = last?.day === day || (last?.backOn != null && day < last.backOn)
          expect(closed.has(day)).toBe(last?.state === 'closed' && still)
        }
        expect([...closed].every((day) => day >= from && day <= to)).toBe(true)
      }),
    )
  })
})
