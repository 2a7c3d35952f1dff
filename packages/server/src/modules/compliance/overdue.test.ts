import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelsAbove } from '../../kernel/area/index.ts'
import { afterTold, nextStep } from './overdue.domain.ts'

const levels = ['/35/', '/35/3505/', '/35/3505/82/', '/35/3505/82/S1/'] as const
const names = ['province', 'city', 'county', 'office'] as const
const levelOf = (path: string) => names[levels.indexOf(path as (typeof levels)[number])]

test('the levels lead from the store up to its city, each above the one before', () => {
  expect(levelsAbove('/35/3505/82/S1/STORE/', levelOf)).toEqual([levels[3], levels[2], levels[1]])
  expect(levelsAbove('/35/3505/82/STORE/', levelOf)).toEqual([levels[2], levels[1]])
  expect(levelsAbove('/99/', levelOf)).toEqual([])
})

test('whoever wants to know, a measure comes to an end of its levels, and is told of at each at most once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }),
      (count, wanted) => {
        const all = levels.slice(0, count)
        const told: string[] = []
        let through = 0
        for (const pick of wanted) {
          const left = all.slice(through)
          const at = pick < left.length ? pick : undefined
          if (at !== undefined) told.push(left[at]!)
          const step = afterTold(left, at, 3)
          through += step.through
          if (step.inDays === null) break
          expect(step.inDays).toBe(3)
        }
        expect(through).toBe(all.length)
        expect(new Set(told).size).toBe(told.length)
      },
    ),
  )
})

test('what is proposed is another measure, and proposals come to an end', () => {
  for (const kind of Object.keys(nextStep) as (keyof typeof nextStep)[]) {
    const seen = new Set<string>()
    for (let next: keyof typeof nextStep | null = kind; next !== null; next = nextStep[next]) {
      expect(seen.has(next)).toBe(false)
      seen.add(next)
    }
  }
})
