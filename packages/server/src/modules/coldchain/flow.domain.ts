/**
 * Splits `total` in proportion to whole weights, largest remainder first, ties to the first: parts are whole and sum to it.
 * The weights' sum must not be zero unless `total` is.
 */
function share(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, each) => all + BigInt(each), 0n)
  if (sum === 0n) return weights.map(() => 0)
  const products = weights.map((each) => BigInt(total) * BigInt(each))
  const parts = products.map((each) => Number(each / sum))
  const rests = products
    .map((each, index) => ({ rest: each % sum, index }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
  const left = total - parts.reduce((all, each) => all + each, 0)
  for (const { index } of rests.slice(0, left)) parts[index]!++
  return parts
}

/**
 * Which grams of which input went into which output, when all is mixed: a table of whole grams whose rows sum to the inputs
 * and whose columns sum to the outputs, the last column being the loss.
 * @throws RangeError when the outputs weigh more than the inputs
 */
export function mix(inputs: readonly number[], outputs: readonly number[]): number[][] {
  const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0)
  const loss = sum(inputs) - sum(outputs)
  if (loss < 0) throw new RangeError('outputs weigh more than inputs')
  const rest = [...outputs, loss]
  return inputs.map((grams) => {
    const row = share(grams, rest)
    row.forEach((part, index) => {
      rest[index]! -= part
    })
    return row
  })
}
