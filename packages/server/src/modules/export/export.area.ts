import type { Scope } from '../../kernel/db/index.ts'
import type { Reference } from '../pharmacy/index.ts'

/** Code for what is about no single area. */
export const wholeCountry = '000000'

export const areaNameOf = (reference: Reference, code: string): string =>
  code === wholeCountry ? '全国' : reference.areaName(code)

/** The area that an export is about: the one that was picked, else the deepest one that holds what was exported. */
export function areaOf(reference: Reference, scope: Scope, picked?: string): string {
  if (picked) return picked
  const codes = (scope[0] ?? '/').split('/').filter(Boolean).reverse()
  return codes.find((code) => reference.area(code)) ?? wholeCountry
}
