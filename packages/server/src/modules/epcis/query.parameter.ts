import { type Namespaces, parseInstant } from '@vigil/epcis/document'
import { exception } from './exception.ts'
import { firstYear } from './key.domain.ts'
import type { Comparison } from './query.domain.ts'

/** A parameter's value: as text from a URL, or as JSON from the body of a named query. */
export type Value = unknown

/** @throws Problem 400 QueryParameterException that names the parameter */
export const wrong = (name: string, why: string) =>
  exception('QueryParameterException', `参数 ${name}：${why}`, [
    {
      pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`.slice(0, 300),
      detail: why,
      code: 'query-parameter',
    },
  ])

/** Entries of a list: JSON arrays, or text parted by `|`. @throws Problem 400 when empty */
export function listOf(name: string, value: Value): string[] {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split('|') : [value]
  if (list.length === 0 || list.some((each) => !/^(string|number|boolean)$/.test(typeof each) || each === ''))
    throw wrong(name, '应为一个或多个值（以 | 分隔）')
  if (list.some((each) => !String(each).isWellFormed() || String(each).includes('\0')))
    throw wrong(name, '含有无法保存的字符')
  if (list.length > 1000) throw wrong(name, '最多 1000 个值')
  return list.map(String)
}

/** @throws Problem 400 when it is no date and time with an offset; milliseconds since 1970 */
export function timeOf(name: string, value: Value): number {
  // A plus sign that was not escaped in a URL has become a space.
  const instant = typeof value === 'string' ? parseInstant(value.replace(/ (?=\d\d:\d\d$)/, '+')) : null
  if (!instant || instant.time < firstYear) throw wrong(name, '应为带时区的时间，如 2026-01-05T10:00:00+08:00')
  return instant.time
}

/** @throws Problem 400 */
export function numberOf(name: string, value: Value): number {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() ? Number(value) : Number.NaN
  if (!Number.isFinite(number)) throw wrong(name, '应为数字')
  return number
}

/** A count of 1 or more. @throws Problem 400 */
export function countOf(name: string, value: Value): number {
  const number = numberOf(name, value)
  if (!Number.isSafeInteger(number) || number < 1) throw wrong(name, '应为正整数')
  return number
}

/** @throws Problem 400 */
export function booleanOf(name: string, value: Value): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw wrong(name, '应为 true 或 false')
}

/** Whether an EXISTS parameter is asked for: `true`, 1 or nothing at all; false and 0 ask for nothing. @throws Problem 400 */
export function existsOf(name: string, value: Value): boolean {
  if (value === '' || value === null || value === 1 || value === '1') return true
  if (value === 0 || value === '0') return false
  return booleanOf(name, value)
}

const comparisons: Readonly<Record<string, Comparison>> = { EQ: 'eq', GT: 'gt', GE: 'ge', LT: 'lt', LE: 'le' }
/** The comparison that a parameter's first letters name. */
export const comparisonOf = (operator: string): Comparison => comparisons[operator]!

/** Full names that an extension in a parameter may have: by its prefix, or written out (`namespace#name` as of EPCIS 1.x, too). @throws Problem 400 */
export function extensionNames(parameter: string, name: string, namespaces: Namespaces): string[] {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name) || name.startsWith('urn:')) {
    const hash = name.lastIndexOf('#')
    return hash < 0 ? [name] : [name, name.slice(0, hash) + name.slice(hash + 1)]
  }
  const colon = name.indexOf(':')
  const namespace = colon > 0 ? namespaces.get(name.slice(0, colon)) : undefined
  if (namespace === undefined || colon === name.length - 1)
    throw wrong(parameter, '前缀未声明，请在 GS1-Extensions 请求头或 @context 中说明')
  return [namespace + name.slice(colon + 1)]
}
