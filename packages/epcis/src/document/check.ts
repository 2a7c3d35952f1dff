import type { Problem } from '../result.ts'
import { parseInstant } from './time.ts'

/** Looks at one value and adds what is wrong with it. `path` is the JSON pointer of the value. */
export type Check = (value: unknown, path: string, problems: Problem[]) => void

const uriPattern = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/
const loosePercent = /%(?![0-9A-Fa-f]{2})/

/** Whether the text is a URI with a scheme (RFC 3986); compact URIs are, too. */
export const isUri = (text: string): boolean => uriPattern.test(text) && !loosePercent.test(text)

/** JSON pointer of a property below `path`. */
export const below = (path: string, name: string | number): string =>
  `${path}/${typeof name === 'number' ? name : name.replaceAll('~', '~0').replaceAll('/', '~1')}`

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typed =
  (type: 'string' | 'number' | 'boolean'): Check =>
  (value, path, problems) => {
    if (typeof value !== type) problems.push({ path, rule: 'type', message: `must be a ${type}` })
  }

export const string = typed('string')
export const number = typed('number')
export const boolean = typed('boolean')
/** Anything: extensions are not judged. */
export const anything: Check = () => {}

/** A string for which `holds`; `rule` and `message` say what is wanted. */
export const text =
  (rule: string, message: string, holds: (value: string) => boolean): Check =>
  (value, path, problems) => {
    if (typeof value !== 'string') problems.push({ path, rule: 'type', message: 'must be a string' })
    else if (!holds(value)) problems.push({ path, rule, message })
  }

export const uri = text('uri', 'must be a URI', isUri)
export const time = text('date-time', 'must be a date and time with an offset', (value) => parseInstant(value) !== null)

/** A list; `min` entries at least, no two alike when `unique`. */
export const list =
  (item: Check, { min = 0, unique = false } = {}): Check =>
  (value, path, problems) => {
    if (!Array.isArray(value)) return void problems.push({ path, rule: 'type', message: 'must be a list' })
    if (value.length < min) problems.push({ path, rule: 'empty', message: 'must not be empty' })
    for (let i = 0; i < value.length; i++) item(value[i], below(path, i), problems)
    if (unique && new Set(value).size < value.length)
      problems.push({ path, rule: 'unique', message: 'has an entry twice' })
  }

/** What may stand beside the known properties: nothing, names with a colon (extensions), or everything. */
export type Others = 'none' | 'extensions' | 'any'

/** An object: each property by its check, the `required` ones there. */
export const object =
  (fields: Readonly<Record<string, Check>>, required: readonly string[] = [], others: Others = 'extensions'): Check =>
  (value, path, problems) => {
    if (!isObject(value)) return void problems.push({ path, rule: 'type', message: 'must be an object' })
    for (const name in value) {
      if (Object.hasOwn(fields, name)) fields[name]!(value[name], below(path, name), problems)
      else if (others === 'none' || (others === 'extensions' && !isUri(name)))
        problems.push({ path: below(path, name), rule: 'unknown-property', message: `${name} is not a property here` })
    }
    for (const name of required)
      if (value[name] === undefined)
        problems.push({ path: below(path, name), rule: 'required', message: `${name} is missing` })
  }

/** First check, and the second when the first found nothing. */
export const both =
  (first: Check, second: Check): Check =>
  (value, path, problems) => {
    const before = problems.length
    first(value, path, problems)
    if (problems.length === before) second(value, path, problems)
  }
