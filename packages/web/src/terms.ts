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
export const complianceGradeNames = drawn(words.complianceGradeNames)
export const measureKindNames = drawn(words.measureKindNames)
export const measureStateNames = drawn(words.measureStateNames)
export const measureOutcomeNames = drawn(words.measureOutcomeNames)
export const noticeKindNames = drawn(words.noticeKindNames)
export const openingStateNames = drawn(words.openingStateNames)
export const openingStandingNames = drawn(words.openingStandingNames)
export const openingSourceNames = drawn(words.openingSourceNames)
export const closingReasonNames = drawn(words.closingReasonNames)
export const callResultNames = drawn(words.callResultNames)
export const staffRoleNames = drawn(words.staffRoleNames)
export const staffStateNames = drawn(words.staffStateNames)
export const testOutcomeNames = drawn(words.testOutcomeNames)
export const testSourceNames = drawn(words.testSourceNames)
export const exemptReasonNames = drawn(words.exemptReasonNames)
export const leaveReasonNames = drawn(words.leaveReasonNames)
export const auditActionNames = drawn(words.auditActionNames)
export const permissions = drawn(granted)
