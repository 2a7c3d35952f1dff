import { evidenceOf, type Finding, findingOf, type StoreWindow, strengthOf, type Values } from './fact.domain.ts'

/** What came more than a day after its sale, such as a file of old sales, does not say what the counter did, in minutes. */
const seenWithin = 1440

/**
 * Buyers with fever of whom no referral is on record. Counter and API record one by themselves where there is a clinic: what
 * is left came as a file after the sale, or from where no clinic is known, and the store is to be asked.
 */
export function feverWithoutReferral(window: StoreWindow, values: Values): Finding | undefined {
  const fever = window.entries.filter((entry) => entry.fever && entry.lag <= seenWithin)
  const missed = fever.filter(({ referred }) => !referred)
  if (missed.length < values.least! || missed.length * 100 < values.share! * fever.length) return undefined
  const evidence = evidenceOf(
    'fever',
    `${fever.length} 名发热购药人中有 ${missed.length} 名没有发热门诊引导记录`,
    missed,
  )
  const strength = strengthOf(missed.length / fever.length, values.full! / 100)
  return { ...findingOf(window, missed.length, 1, [evidence]), strength }
}

/** Sold what another store had just refused the same buyer. */
export function refusedElsewhere(window: StoreWindow, values: Values): Finding | undefined {
  const sold = window.entries.filter(({ refusedAt }) => refusedAt !== null)
  if (sold.length < values.least!) return undefined
  const evidence = evidenceOf('refused', `${sold.length} 笔售给刚被他店按停售令拒售的购药人`, sold)
  return findingOf(window, sold.length, values.full! / 100, [evidence])
}
