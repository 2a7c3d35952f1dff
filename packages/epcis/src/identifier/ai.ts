import { set39, set82 } from './characters.ts'
import { hasCheckDigit } from './check-digit.ts'

/** One application identifier that takes part in EPCIS identification. */
export interface ApplicationIdentifier {
  readonly ai: string
  /** Short name of the GS1 Digital Link standard, release 1.1, still read. */
  readonly shortName?: string
  /** Digits that come first, the last being a check digit when `checked`. */
  readonly digits: number
  readonly checked: boolean
  /** Characters after the digits: how many, and of what set. */
  readonly rest: readonly [min: number, max: number, set: RegExp] | null
  /** Key qualifiers that may follow in a GS1 Digital Link, in this order. Not null: a primary key. */
  readonly qualifiers: readonly string[] | null
  /** Whether the element string needs no FNC1 after it (GS1 General Specifications 7.8.5). */
  readonly predefined: boolean
}

const numeric = /^\d*$/
type Row = readonly [
  ai: string,
  digits: number,
  checked: boolean,
  rest?: readonly [number, number, RegExp] | null,
  qualifiers?: readonly string[] | null,
  shortName?: string,
]
const rows: readonly Row[] = [
  ['00', 18, true, null, [], 'sscc'],
  ['01', 14, true, null, ['22', '10', '21', '235'], 'gtin'],
  ['10', 0, false, [1, 20, set82], null, 'lot'],
  ['11', 6, false],
  ['13', 6, false],
  ['15', 6, false],
  ['17', 6, false],
  ['21', 0, false, [1, 20, set82], null, 'ser'],
  ['22', 0, false, [1, 20, set82], null, 'cpv'],
  ['235', 0, false, [1, 28, set82]],
  ['253', 13, true, [0, 17, set82], [], 'gdti'],
  ['254', 0, false, [1, 20, set82]],
  ['255', 13, true, [0, 12, numeric], [], 'gcn'],
  ['401', 0, false, [5, 30, set82], [], 'ginc'],
  ['402', 17, true, null, [], 'gsin'],
  ['414', 13, true, null, ['254'], 'gln'],
  ['417', 13, true, null, [], 'party'],
  ['8003', 14, true, [0, 16, set82], [], 'grai'],
  ['8004', 0, false, [5, 30, set82], [], 'giai'],
  ['8006', 18, false, null, ['22', '10', '21'], 'itip'],
  ['8010', 0, false, [5, 30, set39], ['8011'], 'cpid'],
  ['8011', 0, false, [1, 12, /^(0|[1-9]\d*)$/]],
  ['8017', 18, true, null, ['8019'], 'gsrnp'],
  ['8018', 18, true, null, ['8019'], 'gsrn'],
  ['8019', 0, false, [1, 10, numeric], null, 'srin'],
]
const predefined = new Set(['00', '01', '11', '13', '15', '17', '414', '417'])

/** Application identifiers by their digits: those of the EPC schemes, their qualifiers, and the dates of a lot. */
export const applicationIdentifiers: ReadonlyMap<string, ApplicationIdentifier> = new Map(
  rows.map(([ai, digits, checked, rest = null, qualifiers = null, shortName]) => [
    ai,
    { ai, digits, checked, rest, qualifiers, predefined: predefined.has(ai), ...(shortName ? { shortName } : {}) },
  ]),
)

const byName = new Map(
  [...applicationIdentifiers.values()].flatMap((ai) => (ai.shortName ? [[ai.shortName, ai] as const] : [])),
)

/** Application identifier by its digits or by its short name (`gtin`, `lot`). */
export const findAi = (name: string): ApplicationIdentifier | undefined =>
  applicationIdentifiers.get(name) ?? byName.get(name)

/** Stable name of the rule that `value` breaks as the value of `ai`, or null. */
export function brokenAiRule({ ai, digits, checked, rest }: ApplicationIdentifier, value: string): string | null {
  if (value.length < digits + (rest?.[0] ?? 0) || value.length > digits + (rest?.[1] ?? 0)) return 'length'
  const head = value.slice(0, digits)
  if (!numeric.test(head)) return 'digits'
  if (checked && !hasCheckDigit(head)) return 'check-digit'
  if (rest && !rest[2].test(value.slice(digits))) return 'characters'
  if (ai === '8003' && value[0] !== '0') return 'leading-zero'
  if (ai === '8006') return brokenPiece(value)
  if (/^1[1357]$/.test(ai) && !isDate(value)) return 'date'
  return null
}

function brokenPiece(itip: string): string | null {
  if (!hasCheckDigit(itip.slice(0, 14))) return 'check-digit'
  const [piece, total] = [Number(itip.slice(14, 16)), Number(itip.slice(16))]
  return piece === 0 || piece > total ? 'piece' : null
}

/** YYMMDD, day 00 standing for the whole month. */
function isDate(text: string): boolean {
  const [month, day] = [Number(text.slice(2, 4)), Number(text.slice(4))]
  return month >= 1 && month <= 12 && day <= new Date(Date.UTC(2000 + Number(text.slice(0, 2)), month, 0)).getUTCDate()
}
