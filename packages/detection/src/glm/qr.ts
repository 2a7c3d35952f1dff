/** Least squares by Householder QR of a column-major matrix. */
export interface LeastSquares {
  /** One per column; NaN where the column depends on those before it. */
  readonly coefficients: Float64Array
  readonly rank: number
  /** (XᵀX)⁻¹ of the columns kept, row-major over all columns, NaN elsewhere. */
  readonly covariance: Float64Array
  /** Diagonal of the hat matrix. */
  readonly hat: Float64Array
}

/**
 * Solves min |y − Xβ|. X has `rows` × `columns` values, column after column, and is overwritten, as is y. A column
 * whose length falls below `tolerance` of what it was is left out, as R's `lm` does.
 */
export function leastSquares(
  x: Float64Array,
  y: Float64Array,
  rows: number,
  columns: number,
  tolerance = 1e-11,
): LeastSquares {
  const kept: number[] = []
  const triangle = new Float64Array(columns * columns)
  const reflectors: Float64Array[] = []
  for (let j = 0; j < columns; j++) {
    const column = x.subarray(j * rows, (j + 1) * rows)
    const length = norm(column, 0)
    reflectors.forEach((v, step) => {
      reflect(v, column, step)
    })
    const k = kept.length
    const rest = norm(column, k)
    if (k >= rows || !(rest > tolerance * length)) continue
    for (let i = 0; i < k; i++) triangle[i * columns + k] = column[i]!
    const v = column.slice(k)
    const alpha = v[0]! > 0 ? -rest : rest
    v[0]! -= alpha
    const size = norm(v, 0)
    for (let i = 0; i < v.length; i++) v[i]! /= size
    triangle[k * columns + k] = alpha
    reflectors.push(v)
    reflect(v, y, k)
    kept.push(j)
  }
  const rank = kept.length
  const inverse = invertUpper(triangle, rank, columns)
  return {
    rank,
    coefficients: coefficientsOf(inverse, y, kept, columns),
    covariance: covarianceOf(inverse, kept, columns),
    hat: hatOf(reflectors, rows),
  }
}

/** The Euclidean length of a column from a row on. */
function norm(column: Float64Array, from: number): number {
  let sum = 0
  for (let i = from; i < column.length; i++) sum += column[i]! ** 2
  return Math.sqrt(sum)
}

function reflect(v: Float64Array, column: Float64Array, from: number): void {
  let dot = 0
  for (let i = 0; i < v.length; i++) dot += v[i]! * column[from + i]!
  for (let i = 0; i < v.length; i++) column[from + i]! -= 2 * dot * v[i]!
}

function invertUpper(r: Float64Array, rank: number, stride: number): Float64Array {
  const inverse = new Float64Array(stride * stride)
  for (let j = 0; j < rank; j++) {
    inverse[j * stride + j] = 1 / r[j * stride + j]!
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0
      for (let k = i + 1; k <= j; k++) sum += r[i * stride + k]! * inverse[k * stride + j]!
      inverse[i * stride + j] = -sum / r[i * stride + i]!
    }
  }
  return inverse
}

function coefficientsOf(inverse: Float64Array, y: Float64Array, kept: readonly number[], columns: number) {
  const coefficients = new Float64Array(columns).fill(Number.NaN)
  kept.forEach((column, i) => {
    let sum = 0
    for (let k = i; k < kept.length; k++) sum += inverse[i * columns + k]! * y[k]!
    coefficients[column] = sum
  })
  return coefficients
}

function covarianceOf(inverse: Float64Array, kept: readonly number[], columns: number): Float64Array {
  const covariance = new Float64Array(columns * columns).fill(Number.NaN)
  kept.forEach((row, i) => {
    kept.forEach((column, j) => {
      let sum = 0
      for (let k = Math.max(i, j); k < kept.length; k++) {
        sum += inverse[i * columns + k]! * inverse[j * columns + k]!
      }
      covariance[row * columns + column] = sum
    })
  })
  return covariance
}

function hatOf(reflectors: readonly Float64Array[], rows: number): Float64Array {
  const hat = new Float64Array(rows)
  const column = new Float64Array(rows)
  for (let j = 0; j < reflectors.length; j++) {
    column.fill(0)
    column[j] = 1
    for (let step = reflectors.length - 1; step >= 0; step--) reflect(reflectors[step]!, column, step)
    for (let i = 0; i < rows; i++) hat[i]! += column[i]! ** 2
  }
  return hat
}
