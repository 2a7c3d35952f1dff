import { DetectionError } from '../error.ts'
import { type LeastSquares, leastSquares } from './qr.ts'

export interface GlmInput {
  /** Counts, not negative; need not be whole. */
  readonly response: ArrayLike<number>
  /** The columns of the design, each as long as the response; an intercept is a column of ones. */
  readonly design: readonly ArrayLike<number>[]
  /** Added to the linear predictor, for example ln(population). */
  readonly offset?: ArrayLike<number>
  readonly weights?: ArrayLike<number>
  /** Relative change of the deviance at which to stop; default 1e-8, as R's `glm`. */
  readonly epsilon?: number
  readonly maxIterations?: number
}

export interface GlmFit {
  readonly coefficients: Float64Array
  /** Of the coefficients before multiplying by the dispersion; columns × columns, row after row. */
  readonly unscaledCovariance: Float64Array
  readonly fitted: Float64Array
  /** Diagonal of the hat matrix. */
  readonly hat: Float64Array
  readonly deviance: number
  /** Pearson's χ² over the residual degrees of freedom; NaN when there are none. */
  readonly dispersion: number
  readonly residualDf: number
  readonly rank: number
  readonly iterations: number
  readonly converged: boolean
}

/**
 * Quasi-Poisson regression with log link by iteratively reweighted least squares: McCullagh & Nelder, Generalized
 * Linear Models, 2nd ed. (1989), 2.5 and 9.2. Same start, steps and stop as R's `glm(family = quasipoisson)`.
 * @throws {DetectionError} when lengths differ, a count is negative or not finite, or the first step has no fit.
 */
export function quasiPoisson(input: GlmInput): GlmFit {
  const { response, design, epsilon = 1e-8, maxIterations = 25 } = input
  const rows = response.length
  check(input)
  const prior = Float64Array.from({ length: rows }, (_, i) => input.weights?.[i] ?? 1)
  const offset = Float64Array.from({ length: rows }, (_, i) => input.offset?.[i] ?? 0)
  const mu = Float64Array.from({ length: rows }, (_, i) => response[i]! + 0.1)
  const eta = mu.map(Math.log)
  const weight = new Float64Array(rows)
  const x = new Float64Array(rows * design.length)
  const z = new Float64Array(rows)

  let deviance = devianceOf(response, mu, prior)
  let step: LeastSquares | undefined
  let coefficients: Float64Array | undefined
  let converged = false
  let iterations = 0
  while (!converged && iterations < maxIterations) {
    iterations++
    for (let i = 0; i < rows; i++) {
      weight[i] = prior[i]! * mu[i]!
      const root = Math.sqrt(weight[i]!)
      z[i] = root * (eta[i]! - offset[i]! + (response[i]! - mu[i]!) / mu[i]!)
      for (let j = 0; j < design.length; j++) x[j * rows + i] = root * design[j]![i]!
    }
    step = leastSquares(x, z, rows, design.length)
    let next = step.coefficients
    let now = evaluate(next)
    for (let half = 0; !Number.isFinite(now) && half < maxIterations; half++) {
      if (!coefficients) throw new DetectionError('not-finite', 'the first step of the fit has no finite deviance')
      next = next.map((value, j) => (value + coefficients![j]!) / 2)
      now = evaluate(next)
    }
    coefficients = next
    converged = Math.abs(now - deviance) / (Math.abs(now) + 0.1) < epsilon
    deviance = now
  }
  const rank = step?.rank ?? 0
  const residualDf = prior.reduce((count, w) => count + (w > 0 ? 1 : 0), 0) - rank
  let chi = 0
  for (let i = 0; i < rows; i++) chi += weight[i]! * ((response[i]! - mu[i]!) / mu[i]!) ** 2
  return {
    coefficients: coefficients ?? new Float64Array(),
    unscaledCovariance: step?.covariance ?? new Float64Array(),
    fitted: mu,
    hat: step?.hat ?? new Float64Array(rows),
    deviance,
    dispersion: residualDf > 0 ? chi / residualDf : Number.NaN,
    residualDf,
    rank,
    iterations,
    converged,
  }

  function evaluate(beta: Float64Array): number {
    for (let i = 0; i < rows; i++) {
      let sum = offset[i]!
      for (let j = 0; j < design.length; j++) if (!Number.isNaN(beta[j])) sum += beta[j]! * design[j]![i]!
      eta[i] = sum
      mu[i] = Math.max(Math.exp(sum), Number.EPSILON)
    }
    return devianceOf(response, mu, prior)
  }
}

function check({ response, design, offset, weights }: GlmInput): void {
  for (let i = 0; i < response.length; i++) {
    if (!Number.isFinite(response[i])) throw new DetectionError('not-finite', 'the response is not a number', i)
    if (response[i]! < 0) throw new DetectionError('negative', 'the response is negative', i)
  }
  for (const column of [...design, offset, weights]) {
    if (column && column.length !== response.length) {
      throw new DetectionError('length', `a column has ${column.length} values, the response ${response.length}`)
    }
  }
}

/** Twice the log-likelihood lost against a perfect fit. */
function devianceOf(y: ArrayLike<number>, mu: Float64Array, prior: Float64Array): number {
  let sum = 0
  for (let i = 0; i < mu.length; i++) {
    const own = y[i]! > 0 ? y[i]! * Math.log(y[i]! / mu[i]!) - (y[i]! - mu[i]!) : mu[i]!
    sum += 2 * prior[i]! * own
  }
  return sum
}
