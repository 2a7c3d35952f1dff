import { describe, expect, it } from 'vitest'
import { type Mention, type Outbreak, scoreAlerts, scoreByChance } from './score.ts'

const outbreak: Outbreak = { county: 'a', class: 'cough', first: 10, last: 14, size: 50 }
const says = (county: string, name: Mention['class'], ...days: number[]) => ({
  mentions: days.map((day): Mention => ({ county, class: name, day })),
})
const found = (...alerts: ReturnType<typeof says>[]) => scoreAlerts(alerts, [outbreak])

describe('score of alerts', () => {
  it('counts an alert of the same county and class on a day of the outbreak', () => {
    expect(found(says('a', 'cough', 12, 13))).toEqual({
      alerts: 1,
      hits: 1,
      outbreaks: [{ size: 50, delay: 2, anew: true }],
    })
  })

  it('counts both ends of the outbreak and nothing beyond them', () => {
    expect(found(says('a', 'cough', 10)).outbreaks[0]!.delay).toBe(0)
    expect(found(says('a', 'cough', 14)).outbreaks[0]!.delay).toBe(4)
    expect(found(says('a', 'cough', 9), says('a', 'cough', 15)).hits).toBe(0)
  })

  it('does not count another county or class, but the sum of all classes', () => {
    expect(found(says('b', 'cough', 12), says('a', 'antiviral', 12)).hits).toBe(0)
    expect(found(says('a', 'all', 12)).hits).toBe(1)
  })

  it('takes the first of several alerts, and tells an old alert that goes on from a new one', () => {
    const score = found(says('a', 'cough', 8, 11), says('a', 'all', 13))
    expect(score).toMatchObject({ alerts: 2, hits: 2, outbreaks: [{ delay: 1, anew: true }] })
    expect(found(says('a', 'cough', 8, 11)).outbreaks[0]).toMatchObject({ delay: 1, anew: false })
  })

  it('measures chance against outbreaks that were not there', () => {
    const real = says('a', 'cough', 12)
    const scores = scoreByChance([real, says('b', 'cough', 12)], [outbreak], ['a', 'b', 'c'])
    expect(scores.map(({ hits }) => hits)).toEqual([1, 0])
  })
})
