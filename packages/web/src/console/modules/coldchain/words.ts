import type {
  ColdCertificate,
  ColdDeclaration,
  ColdGap,
  ColdLot,
  ColdRecall,
  ColdRecallLine,
  ColdSample,
  ColdViolation,
} from '@vigil/contract'
import * as terms from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import type { Tone } from '../../ui/Mark.tsx'

const drawn = <K extends string>(names: Readonly<Record<K, string>>) =>
  Object.fromEntries(Object.entries<string>(names).map(([key, name]) => [key, t(name)])) as Record<K, string>

export const gateNames = drawn(terms.coldGateStateNames)
export const gateTones: Record<ColdLot['gate'], Tone> = {
  declared: 'idle',
  testing: 'warn',
  positive: 'bad',
  released: 'good',
  withdrawn: 'bad',
}
export const paperStateNames = drawn(terms.coldPaperStateNames)
export const paperTones: Record<ColdCertificate['state'], Tone> = { valid: 'good', withdrawn: 'bad', replaced: 'warn' }
export const holderKindNames = drawn(terms.coldHolderKindNames)
export const lotKindNames = drawn(terms.coldLotKindNames)
export const declarationNames = drawn(terms.coldDeclarationStateNames)
export const declarationTones: Record<ColdDeclaration['state'], Tone> = {
  declared: 'info',
  disputed: 'bad',
  entered: 'good',
  cancelled: 'idle',
}
export const documentNames = drawn(terms.coldDocumentKindNames)
export const sideNames = drawn(terms.coldSideNames)
export const subjectNames = drawn(terms.coldSubjectNames)
export const resultNames = drawn(terms.coldResultNames)
export const resultTones: Record<ColdSample['result'], Tone> = { pending: 'idle', negative: 'good', positive: 'bad' }
export const movementNames = drawn(terms.coldMovementKindNames)
export const violationNames = drawn(terms.coldViolationKindNames)
export const violationTones: Record<ColdViolation['state'], Tone> = { open: 'bad', taken: 'warn', closed: 'idle' }
export const violationStepNames = drawn(terms.coldViolationStepNames)
export const violationStateNames = drawn(terms.coldViolationStateNames)
export const gapNames: Record<ColdGap['kind'], string> = drawn(terms.coldGapKindNames)
export const recallKindNames = drawn(terms.coldRecallKindNames)
export const recallStateNames = drawn(terms.coldRecallStateNames)
const recallTones: Record<ColdRecall['state'], Tone> = { draft: 'warn', open: 'bad', closed: 'idle' }
/** How a recall is coloured: an exercise alarms nobody. */
export const recallTone = ({ kind, state }: Pick<ColdRecall, 'kind' | 'state'>): Tone =>
  kind === 'mock' && state === 'open' ? 'info' : recallTones[state]
export const fateNames = drawn(terms.coldFateNames)
/** Colours of a recall's bar, told apart in greys too; the list below it says the same in words. */
export const fateColours: Readonly<Record<ColdRecallLine['fate'], string>> = {
  'on-hand': '#0b5f59',
  'in-transit': '#3a8f88',
  left: '#3a4fa0',
  consumed: '#b4540a',
  destroyed: '#56645f',
  sampled: '#9fb3ae',
  lost: '#8a2a6a',
  unaccounted: '#b3261e',
}

const kilograms = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 0, maximumFractionDigits: 3 })

/** Grams as kilograms to the gram, with the unit: 12,500 g is 12.5 kg. */
export const weight = (grams: number): string => t('{kg} kg', { kg: kilograms.format(grams / 1000) })

/** Tenths of a degree Celsius as people read them: -185 is −18.5 °C. */
export const degrees = (tenths: number): string =>
  t('{degrees} °C', { degrees: (tenths / 10).toFixed(1).replace('-', '−') })

/** Grams as tonnes, for sums of many lots: 12,500,000 g is 12.5 t. */
export const tonnes = (grams: number): string => t('{t} 吨', { t: kilograms.format(grams / 1e6) })
