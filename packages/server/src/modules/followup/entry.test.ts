import type { FollowupCause, FollowupState } from '@vigil/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseAddress, placeOf } from './address.domain.ts'
import type { Finding } from './cause.domain.ts'
import { type Action, dueOf, evidenceKey, hoursAfter, type Known, stateAfter, stepOf } from './entry.domain.ts'
import { redByArea } from './red.domain.ts'
import { withdrawn } from './withdraw.domain.ts'

const now = new Date('2022-12-20T04:00:00Z')
const settings = { reopenDays: 30, now, knownAt: () => now }
const causes: readonly FollowupCause[] = ['fever', 'repeat', 'classes', 'mobile', 'address', 'proxy']
const finding = (kind: FollowupCause, purchases: string[], dueHours = 24): Finding => ({
  kind,
  grade: 'yellow',
  dueHours,
  detail: {},
  purchases,
})
const known = (change: Partial<Known> = {}): Known => ({
  state: 'new',
  closedAt: null,
  dueAt: hoursAfter(now, 10),
  causes: ['repeat'],
  grade: 'blue',
  evidence: new Set([evidenceKey('repeat', 'a')]),
  ...change,
})
const findings = fc
  .uniqueArray(fc.constantFrom(...causes), { minLength: 1 })
  .chain((list) =>
    fc.tuple(
      ...list.map((kind) =>
        fc
          .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 })
          .map((purchases) => finding(kind, purchases)),
      ),
    ),
  ) as fc.Arbitrary<Finding[]>

describe('what findings mean', () => {
  test('nothing known: an entry; a new cause joins it; the same again is nothing', () => {
    expect(stepOf([finding('fever', ['a'])], undefined, settings)).toMatchObject({ kind: 'open', causes: ['fever'] })
    expect(stepOf([finding('fever', ['b'], 24)], known(), settings)).toMatchObject({
      kind: 'join',
      causes: ['repeat', 'fever'],
      grade: 'yellow',
      dueAt: hoursAfter(now, 10),
    })
    expect(stepOf([finding('repeat', ['a'])], known(), settings)).toEqual({ kind: 'none' })
    expect(stepOf([finding('repeat', ['a', 'b'])], known(), settings)).toMatchObject({ kind: 'grow' })
  })

  test('a closed one is taken up again within the days, and begins anew after them', () => {
    const closed = (days: number) =>
      known({ state: 'closed', dueAt: null, closedAt: new Date(now.getTime() - days * 86_400_000) })
    expect(stepOf([finding('fever', ['b'])], closed(30), settings).kind).toBe('reopen')
    expect(stepOf([finding('fever', ['b'])], closed(31), settings).kind).toBe('open')
    expect(stepOf([finding('repeat', ['a'])], closed(1), settings).kind).toBe('none')
  })

  test('what was written is not written again', () => {
    fc.assert(
      fc.property(findings, fc.constantFrom<FollowupState>('new', 'in-hand', 'handed', 'closed'), (found, state) => {
        const closed = state === 'closed'
        const before = known({ state, closedAt: closed ? now : null, dueAt: closed ? null : now })
        const step = stepOf(found, before, settings)
        if (step.kind === 'none') return
        const keys = step.news.flatMap(({ kind, purchases }) => purchases.map((id) => evidenceKey(kind, id)))
        const after = known({
          causes: step.causes,
          grade: step.grade,
          dueAt: step.dueAt,
          evidence: new Set([...before.evidence, ...keys]),
        })
        expect(stepOf(found, after, settings)).toEqual({ kind: 'none' })
      }),
    )
  })

  test('the due time of an open entry never moves back', () => {
    fc.assert(
      fc.property(findings, fc.integer({ min: -100, max: 100 }), (found, hours) => {
        const dueAt = hoursAfter(now, hours)
        const step = stepOf(found, known({ dueAt }), settings)
        if (step.kind !== 'none') expect(step.dueAt.getTime()).toBeLessThanOrEqual(dueAt.getTime())
      }),
    )
  })

  test('due is the earliest, counted from when the last purchase behind it became known', () => {
    const at = (id: string) => hoursAfter(now, id === 'a' ? -5 : -1)
    const list = [finding('repeat', ['a', 'b'], 48), finding('fever', ['a'], 24)]
    expect(dueOf(list, at)).toEqual(hoursAfter(now, 19))
    expect(dueOf([list[0]!], at)).toEqual(hoursAfter(now, 47))
  })
})

describe('states', () => {
  const actions: readonly Action[] = ['take', 'note', 'hand-over', 'close', 'reopen']
  test('closed is left by taking up again only, and reached by closing only', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 20 }), (list) => {
        let state: FollowupState = 'new'
        for (const action of list) {
          const next = stateAfter(state, action)
          expect(next === undefined).toBe(state === 'closed' ? action !== 'reopen' : action === 'reopen')
          if (next === undefined) continue
          expect(next === 'closed').toBe(action === 'close')
          state = next
        }
      }),
    )
  })
})

describe('taking back', () => {
  const kept = fc.array(fc.record({ kind: fc.constantFrom(...causes), purchase: fc.constantFrom('a', 'b', 'c') }))
  test('only what lost something goes, and a cause that is still met stays', () => {
    fc.assert(
      fc.property(kept, fc.subarray(['a', 'b', 'c']), fc.subarray([...causes]), (list, gone, met) => {
        const lost = withdrawn(list, ({ purchase }) => gone.includes(purchase), new Set(met))
        for (const kind of lost.causes) {
          expect(met).not.toContain(kind)
          expect(list.some((one) => one.kind === kind && gone.includes(one.purchase))).toBe(true)
        }
        for (const one of list)
          expect(lost.evidence.includes(one)).toBe(gone.includes(one.purchase) || lost.causes.includes(one.kind))
      }),
    )
  })
})

describe('addresses', () => {
  const names = ['福建省泉州市晋江市', '福建省', '泉州市', '晋江市']
  test.each([
    ['青阳街道 1 号 3 幢 201 室', '青阳街道1号3栋201'],
    ['福建省泉州市晋江市青阳街道１号３栋－２０１', '青阳街道1号3栋201'],
    ['泉州市晋江市青阳街道1#3座201', '青阳街道1号3栋201'],
    ['晋江市', undefined],
    ['青阳街道', undefined],
    ['1号', undefined],
  ])('%s', (typed, expected) => expect(normaliseAddress(typed, names)).toBe(expected))

  test('spaces and signs say nothing, and what is normalised stays so', () => {
    const text = fc
      .array(fc.constantFrom(...'青阳街道中山路号栋室0123456789AB'.split('')), { minLength: 4, maxLength: 20 })
      .map((list) => list.join(''))
    fc.assert(
      fc.property(text, fc.constantFrom(' ', '，', '-', '　', '/'), (typed, sign) => {
        const once = normaliseAddress(typed, names)
        expect(normaliseAddress(typed.split('').join(sign), names)).toBe(once)
        if (once !== undefined) expect(normaliseAddress(once, names) ?? once).toBe(once)
      }),
    )
  })

  test('the office of the store follows up its neighbours, the area of residence those who came from elsewhere', () => {
    const shop = { code: '350582S01', path: '/350000/350500/350582/350582S01/' }
    const county = { code: '350582', path: '/350000/350500/350582/' }
    const other = { code: '350583', path: '/350000/350500/350583/' }
    expect(placeOf(county, shop)).toBe(shop)
    expect(placeOf(other, shop)).toBe(other)
    expect(placeOf(undefined, shop)).toBe(shop)
  })
})

test('red persons are told by area, in figures, and not again as a cause grows', () => {
  const kind = fc.constantFrom('open' as const, 'join' as const, 'reopen' as const, 'grow' as const)
  const news = fc.array(
    fc.record({ kind: fc.constantFrom(...causes), grade: fc.constantFrom('red' as const, 'orange' as const) }),
    { maxLength: 3 },
  )
  const one = fc
    .record({ kind, news, areaCode: fc.constantFrom('A', 'B') })
    .map((each) => ({ ...each, path: `/${each.areaCode}/` }))
  fc.assert(
    fc.property(fc.array(one), (list) => {
      const red = list.filter((each) => each.kind !== 'grow' && each.news.some(({ grade }) => grade === 'red'))
      const told = redByArea(list)
      expect(told.reduce((sum, { persons }) => sum + persons, 0)).toBe(red.length)
      expect(new Set(told.map(({ areaCode }) => areaCode)).size).toBe(told.length)
      for (const { areaCode, path } of told) expect(path).toBe(`/${areaCode}/`)
    }),
  )
})
