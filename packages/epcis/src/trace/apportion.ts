/**
 * Splits a whole number in proportion to weights, into whole numbers that sum to it exactly (largest remainder; ties to the first).
 * With no weight above zero everything falls to the last. Numbers are non-negative safe integers; weights may be zero.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, each) => all + BigInt(each), 0n)
  if (sum === 0n) return weights.map((_, i) => (i === weights.length - 1 ? total : 0))
  const products = weights.map((each) => BigInt(total) * BigInt(each))
  const parts = products.map((each) => Number(each / sum))
  const rests = products
    .map((each, i) => [each % sum, i] as const)
    .sort(([a, i], [b, j]) => (a === b ? i - j : a > b ? -1 : 1))
  const left = total - parts.reduce((all, each) => all + each, 0)
  for (const [, i] of rests.slice(0, left)) parts[i]!++
  return parts
}
