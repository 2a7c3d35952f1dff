import { type Read, read, refuse } from '../result.ts'
import { brokenAiRule, findAi } from './ai.ts'

/** One application identifier with its value, as plain text. */
export type Element = readonly [ai: string, value: string]

/** A GS1 key with its qualifiers, and what else was said beside it (dates, measures), all as plain text. */
export interface Elements {
  readonly key: Element
  readonly qualifiers: readonly Element[]
  readonly attributes: readonly Element[]
}

/**
 * Elements in any order as one key with its qualifiers. Error rules: `key` (none, or two), `ai` (not one of this package's),
 * `twice`, and those of a value: `length`, `digits`, `check-digit`, `characters`, `leading-zero`, `piece`, `date`.
 */
export function toElements(list: readonly Element[]): Read<Elements> {
  const seen = new Set<string>()
  for (const [ai, value] of list) {
    const known = findAi(ai)
    if (!known || known.ai !== ai) return refuse('ai', `application identifier ${ai} is not known`)
    if (seen.has(ai)) return refuse('twice', `(${ai}) is given twice`)
    seen.add(ai)
    const rule = brokenAiRule(known, value)
    if (rule) return refuse(rule, `(${ai})${value} breaks the rule ${rule}`)
  }
  const keys = list.filter(([ai]) => findAi(ai)!.qualifiers)
  const key = keys[0]
  if (!key || keys.length > 1) return refuse('key', key ? 'there is more than one key' : 'there is no key')
  const order = findAi(key[0])!.qualifiers!
  const rank = ([ai]: Element) => order.indexOf(ai)
  return read({
    key,
    qualifiers: list.filter((each) => rank(each) >= 0).sort((a, b) => rank(a) - rank(b)),
    attributes: list.filter((each) => each !== key && rank(each) < 0),
  })
}

/** Value of one application identifier, or undefined. */
export function elementOf({ key, qualifiers, attributes }: Elements, ai: string): string | undefined {
  return [key, ...qualifiers, ...attributes].find(([each]) => each === ai)?.[1]
}
