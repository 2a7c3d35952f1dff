import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as d from './index.ts'

/** Relative difference of at most 1e-10, the precision that the package promises. */
function same(mine: number, golden: number): void {
  expect(Math.abs(mine - golden)).toBeLessThanOrEqual(1e-10 * Math.abs(golden))
}

describe('published values', () => {
  test.each([
    // Abramowitz & Stegun, table 26.1, and for the tails table 26.2.
    ['Φ(1)', () => d.normalCdf(1), 0.841344746068543],
    ['Φ(0.5)', () => d.normalCdf(0.5), 0.691462461274013],
    ['Φ(−5)', () => d.normalCdf(-5), 2.866515718791939e-7],
    ['P(Z > 10)', () => d.normalSf(10), 7.61985302416053e-24],
    // Wichura 1988, the test values printed with AS 241.
    ['z(0.25)', () => d.normalQuantile(0.25), -0.6744897501960817],
    ['z(0.001)', () => d.normalQuantile(0.001), -3.090232306167814],
    ['z(1e-20)', () => d.normalQuantile(1e-20), -9.26234008979841],
    // A&S 6.1.8 and 6.1.12: Γ(1/2) = √π, Γ(1/4) = 3.6256099082; Γ(10) = 9!.
    ['ln Γ(1/2)', () => d.logGamma(0.5), Math.log(Math.PI) / 2],
    ['ln Γ(1/4)', () => d.logGamma(0.25), Math.log(3.625609908221908)],
    ['ln Γ(10)', () => d.logGamma(10), Math.log(362880)],
    // A&S table 26.8: χ²(0.95; 10) = 18.307; DLMF 8.4.1 gives the exact form for shape 1.
    ['χ² quantile', () => d.gammaQuantile(0.95, 5, 2), 18.307038053275146],
    ['P(1, x)', () => d.gammaP(1, 0.3), -Math.expm1(-0.3)],
    // A&S table 26.10: t(0.975; 10) = 2.228; one degree of freedom is Cauchy's distribution.
    ['t(0.975; 10)', () => d.studentQuantile(0.975, 10), 2.2281388519649385],
    ['T₁ ≤ −7', () => d.studentCdf(-7, 1), 0.5 - Math.atan(7) / Math.PI],
    ['I_x(a, 1) = xᵃ', () => d.betaI(0.2, 7.5, 1), 0.2 ** 7.5],
    ['beta quantile', () => d.betaQuantile(0.3, 2.5, 1), 0.3 ** (1 / 2.5)],
    // By hand: e⁻³ (1 + 3 + 9/2); four failures before the second success with p = 1/2 is 5 / 2⁶.
    ['Poisson', () => d.poissonCdf(2, 3), Math.exp(-3) * 8.5],
    ['negative binomial', () => d.negativeBinomialPmf(4, 2, 0.5), 5 / 64],
    ['negative binomial cdf', () => d.negativeBinomialCdf(2, 2, 0.5), 1 / 4 + 2 / 8 + 3 / 16],
    ['binomial', () => d.binomialPmf(2, 5, 0.5, 0.5), 10 / 32],
  ])('%s', (_, mine, golden) => same(mine(), golden))
})

const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })
const positive = (max: number) => fc.double({ min: 0.05, max, noNaN: true })

describe('properties', () => {
  test('a cumulative probability is the sum of its terms', () => {
    fc.assert(
      fc.property(positive(60), positive(30), fc.integer({ min: 0, max: 80 }), (mean, size, k) => {
        let poisson = 0
        let binomial = 0
        const prob = size / (size + mean)
        for (let i = 0; i <= k; i++) {
          poisson += d.poissonPmf(i, mean)
          binomial += d.negativeBinomialPmf(i, size, prob)
        }
        expect(d.poissonCdf(k, mean)).toBeCloseTo(poisson, 11)
        expect(d.negativeBinomialCdf(k, size, prob)).toBeCloseTo(binomial, 11)
      }),
    )
  })
  test('both tails make 1', () => {
    fc.assert(
      fc.property(positive(1e4), positive(1e4), probability, (a, b, x) => {
        expect(d.gammaP(a, b) + d.gammaQ(a, b)).toBeCloseTo(1, 12)
        expect(d.betaI(x, a, b) + d.betaQ(x, a, b)).toBeCloseTo(1, 12)
      }),
    )
  })
  test('a quantile undoes its distribution', () => {
    fc.assert(
      fc.property(probability, positive(300), (p, a) => {
        same(d.normalCdf(d.normalQuantile(p)), p)
        same(d.studentCdf(d.studentQuantile(p, a + 1), a + 1), p)
        expect(d.gammaP(a, d.gammaQuantile(p, a))).toBeCloseTo(p, 11)
        expect(d.betaI(d.betaQuantile(p, a, 2), a, 2)).toBeCloseTo(p, 11)
      }),
    )
  })
  test('a discrete quantile is the first count that reaches p', () => {
    fc.assert(
      fc.property(probability, positive(3000), positive(50), (p, mean, size) => {
        const k = d.poissonQuantile(p, mean)
        expect(d.poissonCdf(k, mean)).toBeGreaterThanOrEqual(p * (1 - 1e-12))
        expect(k === 0 || d.poissonCdf(k - 1, mean) < p).toBe(true)
        const prob = size / (size + mean)
        const n = d.negativeBinomialQuantile(p, size, prob)
        expect(d.negativeBinomialCdf(n, size, prob)).toBeGreaterThanOrEqual(p * (1 - 1e-12))
        expect(n === 0 || d.negativeBinomialCdf(n - 1, size, prob) < p).toBe(true)
      }),
    )
  })
})

test('outside its domain a function is NaN', () => {
  for (const value of [
    d.normalQuantile(1.1),
    d.logGamma(-1),
    d.gammaP(-1, 1),
    d.betaI(0.5, 0, 1),
    d.studentCdf(1, 0),
    d.poissonCdf(1, -1),
    d.negativeBinomialQuantile(0.5, 1, 0),
  ]) {
    expect(value).toBeNaN()
  }
})
