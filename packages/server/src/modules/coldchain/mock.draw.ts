import { createHash } from 'node:crypto'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What a draw is from, in a word: SHA-256 over the sorted ids, a line each. */
export const digestOf = (candidates: readonly string[]): string => sha256([...candidates].sort().join('\n'))

/**
 * Draws lots so that nobody can choose them and anybody can repeat it: the first ones by SHA-256 of seed and id.
 * @returns at most `count` of the candidates, in the order in which they were drawn
 */
export const draw = (seed: string, candidates: readonly string[], count: number): string[] =>
  [...new Set(candidates)]
    .map((id) => ({ id, rank: sha256(`${seed} ${id}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id)
