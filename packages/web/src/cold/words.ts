import {
  coldDeclarationStateNames,
  coldDocumentKindNames,
  coldGateStateNames,
  coldHolderKindNames,
  coldTaskKindNames,
} from '@vigil/contract/terms'
import { t } from '../text.ts'

export const holderKindName = (kind: keyof typeof coldHolderKindNames): string => t(coldHolderKindNames[kind])
export const taskKindName = (kind: keyof typeof coldTaskKindNames): string => t(coldTaskKindNames[kind])
export const declarationStateName = (state: keyof typeof coldDeclarationStateNames): string =>
  t(coldDeclarationStateNames[state])
export const documentKindName = (kind: keyof typeof coldDocumentKindNames): string => t(coldDocumentKindNames[kind])
export const gateStateName = (state: keyof typeof coldGateStateNames): string => t(coldGateStateNames[state])

/** Grams in kilograms, exact: 12,500 → `12.5 千克`. */
export function kilograms(grams: number): string {
  const whole = Math.floor(grams / 1000)
  const rest = String(grams % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '')
  const amount = `${whole.toString().replace(/\B(?=(\d{3})+$)/g, ',')}${rest === '' ? '' : `.${rest}`}`
  return t('{amount} 千克', { amount })
}

/** Whole grams of a number of kilograms as it is typed; null for what is none, negative, or finer than a gram. */
export function gramsOf(typed: string): number | null {
  const match = /^(\d{1,9})(?:\.(\d{1,3}))?$/.exec(typed.trim().replace(/,/g, ''))
  return match ? Number(match[1]) * 1000 + Number((match[2] ?? '').padEnd(3, '0')) : null
}

const chinaMs = 8 * 3_600_000
const pad = (n: number) => String(n).padStart(2, '0')

/** 2022-03-14 14:05 in China, where the warehouse is, wherever the phone is. */
export function time(instant: string): string {
  return new Date(Date.parse(instant) + chinaMs).toISOString().slice(0, 16).replace('T', ' ')
}

/** 03-14 14:05, with the year when it is another one. */
export function shortTime(instant: string, now = Date.now()): string {
  const year = new Date(now + chinaMs).getUTCFullYear()
  const whole = time(instant)
  return whole.startsWith(`${year}-`) ? whole.slice(5) : whole
}

/** Today in China, moved by some days: 2022-03-14. */
export function dayFromNow(days: number, now = Date.now()): string {
  const at = new Date(now + chinaMs + days * 86_400_000)
  return `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`
}
