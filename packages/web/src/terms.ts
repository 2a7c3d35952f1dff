// The words of the contract in the language of the screen.
import { permissions as granted } from '@vigil/contract/permission'
import * as words from '@vigil/contract/terms'
import { t } from './text.ts'

const drawn = <K extends string>(names: Readonly<Record<K, string>>): Readonly<Record<K, string>> =>
  Object.fromEntries(Object.entries<string>(names).map(([key, name]) => [key, t(name)])) as Record<K, string>

export const drugClassNames = drawn(words.drugClassNames)
export const symptomNames = drawn(words.symptomNames)
export const relationNames = drawn(words.relationNames)
export const revealPurposeNames = drawn(words.revealPurposeNames)
export const documentTypeNames = drawn(words.documentTypeNames)
export const statusNames = drawn(words.statusNames)
export const noticeKindNames = drawn(words.noticeKindNames)
export const auditActionNames = drawn(words.auditActionNames)
export const permissions = drawn(granted)
