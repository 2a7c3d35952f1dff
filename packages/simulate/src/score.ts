import { type DrugClass, drugClasses } from './types.ts'

/** An injected outbreak as a score needs it; days by index, both included. */
export interface Outbreak {
  readonly county: string
  readonly class: DrugClass
  readonly first: number
  readonly last: number
  readonly size: number
}

/** A day on which an alert spoke of a county and class, or of the sum of all classes. */
export interface Mention {
  readonly county: string
  readonly class: DrugClass | 'all'
  readonly day: number
}

/** One alert that somebody was told of: all that it spoke of while it lasted. */
export interface ScoredAlert {
  readonly mentions: readonly Mention[]
}

export interface Found {
  readonly size: number
  /** Days from the first case to the first mention; undefined when it was missed. */
  readonly delay: number | undefined
  /** An alert that speaks of it began after it did. */
  readonly anew: boolean
}

export interface Score {
  readonly alerts: number
  /** Alerts that overlap an outbreak in the same county and class. */
  readonly hits: number
  readonly outbreaks: readonly Found[]
}

/** Whether a mention is of an outbreak: same county, same class or the sum that holds it, on one of its days. */
export const speaksOf = (mention: Mention, outbreak: Outbreak): boolean =>
  mention.county === outbreak.county &&
  (mention.class === outbreak.class || mention.class === 'all') &&
  mention.day >= outbreak.first &&
  mention.day <= outbreak.last

/** Counts true alerts and found outbreaks. */
export function scoreAlerts(alerts: readonly ScoredAlert[], outbreaks: readonly Outbreak[]): Score {
  const isHit = ({ mentions }: ScoredAlert) => mentions.some((one) => outbreaks.some((each) => speaksOf(one, each)))
  return {
    alerts: alerts.length,
    hits: alerts.filter(isHit).length,
    outbreaks: outbreaks.map((outbreak) => {
      let first = Number.POSITIVE_INFINITY
      let anew = false
      for (const { mentions } of alerts) {
        const days = mentions.filter((one) => speaksOf(one, outbreak)).map(({ day }) => day)
        if (days.length === 0) continue
        first = Math.min(first, ...days)
        if (mentions.every(({ day }) => day >= outbreak.first)) anew = true
      }
      return { size: outbreak.size, delay: Number.isFinite(first) ? first - outbreak.first : undefined, anew }
    }),
  }
}

/**
 * The same score against outbreaks that were not there: each moved to other counties and classes on the same days, one
 * shift after the other. What it hits is chance.
 */
export function scoreByChance(
  alerts: readonly ScoredAlert[],
  outbreaks: readonly Outbreak[],
  counties: readonly string[],
): Score[] {
  const real = new Set(outbreaks.map((one) => `${one.county} ${one.class}`))
  return counties.slice(1).map((_, shift) => {
    const moved = outbreaks.flatMap((outbreak): Outbreak[] => {
      const county = counties[(counties.indexOf(outbreak.county) + shift + 1) % counties.length]!
      const at = drugClasses.indexOf(outbreak.class)
      const name = drugClasses[(at + shift) % drugClasses.length]!
      return real.has(`${county} ${name}`) ? [] : [{ ...outbreak, county, class: name }]
    })
    return scoreAlerts(alerts, moved)
  })
}
