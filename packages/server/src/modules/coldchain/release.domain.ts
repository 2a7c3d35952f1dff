import type { Trouble } from './declaration.domain.ts'

export interface SampleFacts {
  readonly id: string
  /** Positive sample that it tests again. */
  readonly retestOf: string | null
  readonly subject: 'goods' | 'packaging' | 'vehicle'
  readonly result: 'pending' | 'negative' | 'positive'
}

const subjects = { goods: '食品', packaging: '外包装', vehicle: '运输工具' } as const

/**
 * Positive samples that stand: those that no retest has refuted. A retest refutes when one is negative and none is positive or
 * pending; a positive retest stands for itself and may be refuted in turn.
 */
export function standingPositives(samples: readonly SampleFacts[]): SampleFacts[] {
  const retests = Map.groupBy(samples, ({ retestOf }) => retestOf)
  return samples.filter(({ id, result }) => {
    const again = retests.get(id) ?? []
    return result === 'positive' && (again.length === 0 || again.some((retest) => retest.result !== 'negative'))
  })
}

/**
 * What stands in the way of a release besides the documents: entry, a negative sample of goods, packaging and vehicle each,
 * none pending, no positive that stands, and a disinfection.
 */
export function releaseTroubles(entered: boolean, samples: readonly SampleFacts[], disinfections: number): Trouble[] {
  const found: Trouble[] = []
  const positives = standingPositives(samples)
  if (!entered) found.push({ rule: 'not-entered', detail: '尚未入仓' })
  for (const [subject, name] of Object.entries(subjects)) {
    const own = samples.filter((sample) => sample.subject === subject)
    if (own.length === 0) found.push({ rule: `no-sample-${subject}`, detail: `${name}未采样` })
    if (own.some(({ result }) => result === 'pending'))
      found.push({ rule: `pending-${subject}`, detail: `${name}检测未出结果` })
    if (positives.some((sample) => sample.subject === subject))
      found.push({ rule: `positive-${subject}`, detail: `${name}检出阳性` })
  }
  if (disinfections === 0) found.push({ rule: 'no-disinfection', detail: '未登记消毒' })
  return found
}

/** Where a lot stands before the gate. Of a made lot, `releases` are those of the imported lots in it. */
export function gateOf(
  entered: boolean,
  releases: readonly number[],
  positive: boolean,
): 'declared' | 'testing' | 'positive' | 'released' | 'withdrawn' {
  if (!entered) return 'declared'
  if (releases.length > 0 && releases.every((count) => count % 2 === 1)) return 'released'
  if (releases.some((count) => count > 0 && count % 2 === 0)) return 'withdrawn'
  return positive ? 'positive' : 'testing'
}
