import type { QuantityElement } from '../document/types.ts'

/** Nanograms in one unit of mass, by its code of UN/ECE Recommendation 20. */
const nanograms: Readonly<Record<string, bigint>> = {
  MC: 1_000n,
  MGM: 1_000_000n,
  CGM: 10_000_000n,
  DG: 100_000_000n,
  GRM: 1_000_000_000n,
  DJ: 10_000_000_000n,
  HGM: 100_000_000_000n,
  KGM: 1_000_000_000_000n,
  DTN: 100_000_000_000_000n,
  TNE: 1_000_000_000_000_000n,
  LBR: 453_592_370_000n,
  ONZ: 28_349_523_125n,
}

/** Whether the code names a unit of mass that this package converts. */
export const isMassUnit = (uom: string | undefined): boolean => uom !== undefined && Object.hasOwn(nanograms, uom)

/** A decimal number as whole nanograms, cut off below one; null when it is no mass. Exact: no floating-point product is taken. */
export function massOf(quantity: number | undefined, uom: string | undefined): bigint | null {
  if (quantity === undefined || !isMassUnit(uom) || !Number.isFinite(quantity)) return null
  const [digits, exponent] = quantity.toExponential().split('e') as [string, string]
  const [whole, fraction = ''] = digits.split('.') as [string, string?]
  const scale = Number(exponent) - fraction.length
  const product = BigInt(whole + fraction) * nanograms[uom!]!
  return scale >= 0 ? product * 10n ** BigInt(scale) : product / 10n ** BigInt(-scale)
}

/** Whole grams of a quantity, or null when it is no mass or not whole grams. */
export function gramsOf({ quantity, uom }: Pick<QuantityElement, 'quantity' | 'uom'>): number | null {
  const mass = massOf(quantity, uom)
  return mass !== null && mass % 1_000_000_000n === 0n ? Number(mass / 1_000_000_000n) : null
}

/** Known mass of a list in nanograms, and whether every entry had one. */
export function totalMass(list: readonly QuantityElement[] = []): {
  readonly mass: bigint
  readonly complete: boolean
} {
  const masses = list.map(({ quantity, uom }) => massOf(quantity, uom))
  return { mass: masses.reduce<bigint>((sum, each) => sum + (each ?? 0n), 0n), complete: !masses.includes(null) }
}
