/** EPC schemes of the Core Business Vocabulary 2.0 that are GS1 keys, and the classes of things (LGTIN). */
export type Scheme =
  | 'sgtin'
  | 'sscc'
  | 'sgln'
  | 'grai'
  | 'giai'
  | 'gsrn'
  | 'gsrnp'
  | 'gdti'
  | 'cpi'
  | 'sgcn'
  | 'ginc'
  | 'gsin'
  | 'itip'
  | 'upui'
  | 'pgln'
  | 'lgtin'

/** How a scheme's URN is built, and of which application identifiers its key is. */
export interface SchemeRule {
  readonly scheme: Scheme
  /** Application identifier of the key. */
  readonly ai: string
  /** Digits of company prefix and reference together; null when the reference is text (`max` characters in all). */
  readonly digits: number | null
  /** Whether the reference's first digit goes before the company prefix in the key. */
  readonly indicator: boolean
  /** Digit that the key has before the company prefix. */
  readonly lead: '' | '0'
  /** Application identifier of the serial; `''` when it follows the key's digits; null when there is no serial. */
  readonly serial: string | null
  readonly serialMax: number
  /** The serial has digits only. */
  readonly serialDigits: boolean
  /** Whether an `idpat` URN can name the class of all its serials. */
  readonly pattern: boolean
}

type Row = readonly [Scheme, string, number | null, string?, (string | null)?, number?]
// Options: i indicator, 0 leading zero, d serial of digits, p may be a pattern.
const rows: readonly Row[] = [
  ['sgtin', '01', 13, 'ip', '21', 20],
  ['sscc', '00', 17, 'i'],
  ['sgln', '414', 12, '', '254', 20],
  ['grai', '8003', 12, '0p', '', 16],
  ['giai', '8004', null],
  ['gsrn', '8018', 17],
  ['gsrnp', '8017', 17],
  ['gdti', '253', 12, 'p', '', 17],
  ['cpi', '8010', null, 'dp', '8011', 12],
  ['sgcn', '255', 12, 'dp', '', 12],
  ['ginc', '401', null],
  ['gsin', '402', 16],
  ['itip', '8006', 13, 'ip', '21', 20],
  ['upui', '01', 13, 'ip', '235', 28],
  ['pgln', '417', 12],
  ['lgtin', '01', 13, 'i', '10', 20],
]

/** Every scheme's rule by its name in the URN. */
export const schemes: ReadonlyMap<string, SchemeRule> = new Map(
  rows.map(([scheme, ai, digits, options = '', serial = null, serialMax = 0]) => [
    scheme,
    {
      scheme,
      ai,
      digits,
      indicator: options.includes('i'),
      lead: options.includes('0') ? '0' : '',
      serial,
      serialMax,
      serialDigits: options.includes('d'),
      pattern: options.includes('p'),
    },
  ]),
)
