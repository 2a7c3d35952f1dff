/** A fraction of whole numbers, the lower one positive. */
type Fraction = readonly [bigint, bigint]

interface Unit {
  readonly dimension: string
  /** Of the dimension's base unit in one of this. */
  readonly factor: Fraction
  /** Added before the factor: where the scale has its zero. */
  readonly zero: Fraction
}

/** A decimal number as it is written, exactly; null for what is none. */
function fractionOf(text: string): Fraction | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!match) return null
  const [, sign, whole, fraction = '', exponent = '0'] = match
  const digits = BigInt(whole! + fraction) * (sign ? -1n : 1n)
  const scale = Number(exponent) - fraction.length
  return scale >= 0 ? [digits * 10n ** BigInt(scale), 1n] : [digits, 10n ** BigInt(-scale)]
}

const one: Fraction = [1n, 1n]
const none: Fraction = [0n, 1n]
const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d]
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d + c * b, b * d]
const over = (left: Fraction, [c, d]: Fraction): Fraction => times(left, [d, c])

/** The number nearest to a fraction. */
function numberOf([above, below]: Fraction): number {
  // Enough digits for any number to be told from its neighbours.
  const digits = Math.max(0, 25 + String(below).length - String(above).length)
  return Number(`${(above * 10n ** BigInt(digits)) / below}e-${digits}`)
}

const dimension = (name: string, units: Readonly<Record<string, string>>): [string, Unit][] =>
  Object.entries(units).map(([code, factor]) => [code, { dimension: name, factor: fractionOf(factor)!, zero: none }])

/**
 * Units by their code of UN/ECE Recommendation 20, for what sensors of goods measure; each dimension with its base unit at 1. Factors that are
 * no decimal are those of the recommendation, as long as it gives them.
 */
const units: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ['KEL', { dimension: 'temperature', factor: one, zero: none }],
  ['CEL', { dimension: 'temperature', factor: one, zero: [27315n, 100n] }],
  ['FAH', { dimension: 'temperature', factor: [5n, 9n], zero: [45967n, 100n] }],
  ...dimension('share', { P1: '1', NX: '0.1', '59': '0.0001', '61': '0.0000001' }),
  ...dimension('density', { KMQ: '1', A93: '0.001', GP: '0.000001', GQ: '0.000000001' }),
  ...dimension('mass', {
    ...{ KGM: '1', GRM: '0.001', MGM: '0.000001', MC: '0.000000001', CGM: '0.00001', DG: '0.0001', DJ: '0.01' },
    ...{ HGM: '0.1', DTN: '100', TNE: '1000', LBR: '0.45359237', ONZ: '0.028349523125', STN: '907.18474' },
    ...{ LTN: '1016.0469088', GRN: '0.00006479891' },
  }),
  ...dimension('length', {
    ...{ MTR: '1', DMT: '0.1', CMT: '0.01', MMT: '0.001', '4H': '0.000001', C45: '0.000000001', KMT: '1000' },
    ...{ INH: '0.0254', FOT: '0.3048', YRD: '0.9144', SMI: '1609.344', NMI: '1852' },
  }),
  ...dimension('pressure', {
    ...{ PAL: '1', '74': '0.001', A97: '100', KPA: '1000', MPA: '1000000', MBR: '100', BAR: '100000' },
    ...{ ATM: '101325', ATT: '98066.5', PS: '6894.757', HN: '133.3224', UA: '133.3224' },
  }),
  ...dimension('volume', {
    ...{ MTQ: '1', DMQ: '0.001', LTR: '0.001', CLT: '0.00001', DLT: '0.0001', MLT: '0.000001', CMQ: '0.000001' },
    ...{ MMQ: '0.000000001', HLT: '0.1', GLL: '0.003785411784', GLI: '0.00454609' },
  }),
  ...dimension('time', { SEC: '1', C26: '0.001', MIN: '60', HUR: '3600', DAY: '86400', WEE: '604800' }),
])

/** Codes of the units in which the same is measured, the unit itself first; only itself when this package does not know it. */
export function comparableUnits(uom: string): readonly string[] {
  const known = units.get(uom)
  if (!known) return [uom]
  return [
    uom,
    ...[...units].flatMap(([code, { dimension }]) => (dimension === known.dimension && code !== uom ? [code] : [])),
  ]
}

/**
 * A value in another unit of the same dimension, worked out exactly and rounded once; null when they do not measure the same.
 * @param difference the value is a width (as a standard deviation), for which the zero of a scale does not count
 */
export function convertUnit(value: number, from: string, to: string, difference = false): number | null {
  if (from === to) return value
  const [given, wanted] = [units.get(from), units.get(to)]
  const exact = Number.isFinite(value) ? fractionOf(String(value)) : null
  if (!given || !wanted || given.dimension !== wanted.dimension || !exact) return null
  const base = times(difference ? exact : plus(exact, given.zero), given.factor)
  const result = over(base, wanted.factor)
  const [zeroAbove, zeroBelow] = wanted.zero
  return numberOf(difference ? result : plus(result, [-zeroAbove, zeroBelow]))
}
