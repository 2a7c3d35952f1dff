import { DetectionError } from '../error.ts'
import { anscombeNegBin } from './negative-binomial.ts'

/** How counts are standardized; R's `trans`. */
export type Transformation =
  | 'standard'
  | 'rossi'
  | 'anscombe'
  | 'anscombe2nd'
  | 'pearsonNegBin'
  | 'anscombeNegBin'
  | 'none'

const twoThirds = (x: number) => Math.cbrt(x) ** 2
const sixthRoot = (x: number) => Math.sqrt(Math.cbrt(x))

/** A count x in standard deviations from its expected count m. @throws {DetectionError} for an unknown one. */
export function standardize(trans: Transformation, x: number, m: number, alpha: number): number {
  switch (trans) {
    case 'rossi':
      return (x - 3 * m + 2 * Math.sqrt(x * m)) / (2 * Math.sqrt(m))
    case 'standard':
      return (x - m) / Math.sqrt(m)
    case 'anscombe':
      return (1.5 * (twoThirds(x) - twoThirds(m))) / sixthRoot(m)
    case 'anscombe2nd':
      return (twoThirds(x) - (twoThirds(m) - 1 / Math.cbrt(m) / 9)) / ((2 / 3) * sixthRoot(m))
    case 'pearsonNegBin':
      return (x - m) / Math.sqrt(m + alpha * m * m)
    case 'anscombeNegBin':
      return anscombeNegBin(x, m, alpha)
    case 'none':
      return x
    default:
      throw new DetectionError('option', `trans ${trans}`)
  }
}

/**
 * The count that takes the sum to h: `room` is h + k less the sum before, `left` h less the sum after (which R gives
 * for `none` and `anscombeNegBin`). May be NaN or negative.
 */
export function thresholdOf(trans: Transformation, m: number, room: number, left: number, alpha: number): number {
  const root = Math.sqrt(m)
  switch (trans) {
    case 'rossi':
      return 2 * room * root + 5 * m - 2 * Math.sqrt(4 * m * m + 2 * m * root * room)
    case 'standard':
      return Math.ceil(root * room + m)
    case 'anscombe':
      return Math.max(0, (2 / 3) * sixthRoot(m) * room + twoThirds(m)) ** 1.5
    case 'anscombe2nd':
      // surveillance has m^(1/3) / 9 here where its standardization has m^(-1/3) / 9.
      return Math.max(0, (2 / 3) * sixthRoot(m) * room + twoThirds(m) - Math.cbrt(m) / 9) ** 1.5
    case 'pearsonNegBin':
      return Math.sqrt(m + alpha * m * m) * room + m
    default:
      return left
  }
}
