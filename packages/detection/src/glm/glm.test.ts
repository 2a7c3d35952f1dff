import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DetectionError } from '../error.ts'
import { quasiPoisson } from './glm.ts'

const ones = (n: number) => new Float64Array(n).fill(1)

test('the randomized trial of Dobson (1990), p. 93', () => {
  // Two crossed factors of three levels; the treatments have equal totals of 50, so that all is known in closed form.
  const response = [18, 17, 15, 20, 10, 20, 25, 13, 12]
  const level = (factor: (i: number) => number, value: number) => response.map((_, i) => (factor(i) === value ? 1 : 0))
  const outcome = (i: number) => i % 3
  const treatment = (i: number) => Math.floor(i / 3)
  const design = [ones(9), level(outcome, 1), level(outcome, 2), level(treatment, 1), level(treatment, 2)]
  const fit = quasiPoisson({ response, design })
  const golden = [Math.log(21), Math.log(40 / 63), Math.log(47 / 63), 0, 0]
  golden.forEach((value, j) => {
    expect(fit.coefficients[j]).toBeCloseTo(value, 10)
  })
  // The deviance and standard errors printed in the book.
  expect(fit.deviance).toBeCloseTo(5.1291, 4)
  expect(Math.sqrt(fit.unscaledCovariance[0]!)).toBeCloseTo(0.1709, 4)
  expect(Math.sqrt(fit.unscaledCovariance[6]!)).toBeCloseTo(0.2022, 4)
  expect(fit.residualDf).toBe(4)
})

test('with an intercept and an offset the rate is the total over the total', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 99 })), { minLength: 2, maxLength: 30 }),
      (rows) => {
        const response = rows.map(([y]) => y)
        const total = response.reduce((sum, y) => sum + y, 0)
        fc.pre(total > 0)
        const population = rows.map(([, size]) => size)
        const people = population.reduce((sum, size) => sum + size, 0)
        const fit = quasiPoisson({
          response,
          design: [ones(rows.length)],
          offset: population.map(Math.log),
          epsilon: 1e-14,
        })
        expect(fit.coefficients[0]).toBeCloseTo(Math.log(total / people), 9)
        const chi = rows.reduce(
          (sum, [y, size]) => sum + (y - (size * total) / people) ** 2 / ((size * total) / people),
          0,
        )
        expect(fit.dispersion / (chi / (rows.length - 1) || 1)).toBeCloseTo(chi > 0 ? 1 : 0, 6)
        expect(fit.hat.reduce((sum, h) => sum + h, 0)).toBeCloseTo(1, 9)
      },
    ),
  )
})

test('a column that depends on others is left out', () => {
  const fit = quasiPoisson({ response: [1, 2, 3, 4], design: [ones(4), [0, 1, 2, 3], [1, 2, 3, 4]] })
  expect(fit.rank).toBe(2)
  expect(fit.coefficients[2]).toBeNaN()
})

test.each([
  [[1, Number.NaN], 'not-finite', 1],
  [[1, 2, -1], 'negative', 2],
] as const)('%s is refused', (response, code, index) => {
  let caught: unknown
  try {
    quasiPoisson({ response, design: [ones(response.length)] })
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(DetectionError)
  expect(caught).toMatchObject({ code, index })
})
