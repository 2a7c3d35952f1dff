import { parseInstant } from '../document/time.ts'
import { canonicalUri } from '../identifier/index.ts'

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const cbvUrns: readonly (readonly [urn: string, web: string])[] = [
  ['bizstep', 'BizStep'],
  ['disp', 'Disp'],
  ['btt', 'BTT'],
  ['sdt', 'SDT'],
  ['er', 'ER'],
].map(([urn, web]) => [`urn:epcglobal:cbv:${urn}:`, `https://ref.gs1.org/cbv/${web}-`] as const)

/**
 * A value as it stands in a pre-hash string: no space around it, numbers without needless zeros, CBV URNs as web URIs, GS1 keys
 * as constrained canonical Digital Links (CBV 2.0, 8.9.2).
 */
export function canonicalValue(value: string): string {
  const text = value.trim()
  const first = text.charCodeAt(0)
  if (first < 58 && numberPattern.test(text)) return canonicalNumber(Number(text), text)
  if (text.startsWith('urn:epcglobal:cbv:')) {
    const found = cbvUrns.find(([urn]) => text.startsWith(urn))
    return found ? found[1] + text.slice(found[0].length) : text
  }
  return /^(urn:epc:|http)/i.test(text) ? (canonicalUri(text) ?? text) : text
}

/** A number as the reference implementation writes it: whole numbers in full, small ones with an exponent of two digits. */
export function canonicalNumber(value: number, written = String(value)): string {
  if (!Number.isFinite(value)) return written
  if (Number.isInteger(value)) return BigInt(value).toString()
  if (Math.abs(value) >= 1e-4) return String(value)
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1')
}

const two = (value: number) => (value < 10 ? `0${value}` : String(value))
const three = (value: number) => String(value).padStart(3, '0')

/**
 * An instant in UTC with milliseconds. The fraction is read to microseconds and rounded half to even, as the reference implementation
 * does. Text that is no instant stays as it is.
 */
export function canonicalTime(value: string): string {
  const instant = parseInstant(value.trim())
  if (!instant) return value.trim()
  const beyond = Number(instant.fraction.slice(3, 6).padEnd(3, '0'))
  const odd = instant.time % 2 !== 0
  const date = new Date(instant.time + (beyond > 500 || (beyond === 500 && odd) ? 1 : 0))
  const day = `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${day}T${clock}.${three(date.getUTCMilliseconds())}Z`
}
