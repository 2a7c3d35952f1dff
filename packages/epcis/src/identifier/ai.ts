import { set39, set82 } from './characters.ts'
import { hasCheckCharacters, hasCheckDigit } from './check-digit.ts'

/** One application identifier and the form of its value. */
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
  /** Whether it begins with a date, YYMMDD; `month`: day 00 stands for the whole month. */
  readonly date?: 'day' | 'month'
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
  ['21', 0, false, [1, 20, set82], null, 'ser'],
  ['22', 0, false, [1, 20, set82], null, 'cpv'],
  ['235', 0, false, [1, 28, set82]],
  ['253', 13, true, [0, 17, set82], [], 'gdti'],
  ['254', 0, false, [1, 20, set82]],
  ['255', 13, true, [0, 12, numeric], [], 'gcn'],
  ['401', 0, false, [5, 30, set82], [], 'ginc'],
  ['402', 17, true, null, [], 'gsin'],
  ['414', 13, true, null, ['254', '7040'], 'gln'],
  ['415', 13, true, null, ['8020'], 'payTo'],
  ['417', 13, true, null, ['7040'], 'party'],
  ['8003', 14, true, [0, 16, set82], [], 'grai'],
  ['8004', 0, false, [5, 30, set82], ['7040'], 'giai'],
  ['8006', 18, false, null, ['22', '10', '21'], 'itip'],
  ['8010', 0, false, [5, 30, set39], ['8011'], 'cpid'],
  ['8011', 0, false, [1, 12, /^(0|[1-9]\d*)$/]],
  ['8013', 0, false, [5, 25, set82], [], 'gmn'],
  ['8017', 18, true, null, ['8019'], 'gsrnp'],
  ['8018', 18, true, null, ['8019'], 'gsrn'],
  ['8019', 0, false, [1, 10, numeric], null, 'srin'],
]

/** First two digits of the application identifiers that need no FNC1 (GS1 General Specifications 7.8.5, figure 2). */
const predefined = /^(0[0-4]|1[1-9]|20|3[1-6]|41)/
const sets: Readonly<Record<string, RegExp>> = { X: set82, N: numeric, Y: set39 }
/**
 * Attributes of GS1's syntax dictionary, as `ai:form`: `N6` six digits, `X..30` up to 30 characters, `N13c` with check digit, `N3X..9` both, `d` a
 * date, `D` one whose day may be 00 for the whole month.
 */
const attributes = `02:N14c 03:N14c 11:N6D 12:N6D 13:N6D 15:N6D 16:N6D 17:N6D 20:N2 240:X..30 241:X..30 242:N..6 243:X..20 250:X..30
  251:X..30 30:N..8 37:N..8 400:X..30 403:X..30 410:N13c 411:N13c 412:N13c 413:N13c 416:N13c 420:X..20 421:N3X..9 422:N3
  423:N3N..12 424:N3 425:N3N..12 426:N3 427:X..3 4300:X..35 4301:X..35 4302:X..70 4303:X..70 4304:X..70 4305:X..70 4306:X..70 4307:X2
  4308:X..30 4309:N20 4310:X..35 4311:X..35 4312:X..70 4313:X..70 4314:X..70 4315:X..70 4316:X..70 4317:X2 4318:X..20 4319:X..30
  4320:X..35 4321:N1 4322:N1 4323:N1 4324:N10D 4325:N10D 4326:N6d 4330:N6X..1 4331:N6X..1 4332:N6X..1 4333:N6X..1 7001:N13 7002:X..30
  7003:N10d 7004:N..4 7005:X..12 7006:N6d 7007:N6dN..6 7008:X..3 7009:X..10 7010:X..2 7011:N6dN..4 7020:X..20 7021:X..20 7022:X..20
  7023:X..30 7040:N1X3 7041:X..4 710:X..20 711:X..20 712:X..20 713:X..20 714:X..20 715:X..20 716:X..20 7240:X..20 7241:N2 7242:X..25 7250:N8 7251:N12
  7252:N1 7253:X..40 7254:X..40 7255:X..10 7256:X..90 7257:X..70 7258:X3 7259:X..40 8001:N14
  8002:X..20 8005:N6 8007:X..34 8008:N8dN..4 8009:X..50 8012:X..20 8014:X..25 8020:X..25 8026:N14N4 8030:X..90 8110:X..70 8111:N4 8112:X..70
  8200:X..70 90:X..30 91:X..90 92:X..90 93:X..90 94:X..90 95:X..90 96:X..90 97:X..90 98:X..90 99:X..90`
/** Families whose last digit counts: decimal places of measures and amounts, processors and certificates in a row. `:0-5` is its range. */
const families = `310 311 312 313 314 315 316 320 321 322 323 324 325 326 327 328 329 330 331 332 333 334 335 336 337 340 341 342 343 344
  345 346 347 348 349 350 351 352 353 354 355 356 357 360 361 362 363 364 365 366 367 368 369:N6:5
  390 392:N..15:9 391 393:N3N..15:9 394:N4:3 395:N6:5 703:N3X..27:9 723:X..30:9`

function attribute(ai: string, form: string): ApplicationIdentifier {
  const match = /^(?:N(\d+)(c?)([dD]?))?(?:([NXY])(\.\.)?(\d+))?$/.exec(form)!
  const [, digits = '0', checked, date, set, range, max] = match
  const rest = set ? ([range ? 1 : Number(max), Number(max), sets[set]!] as const) : null
  const optional =
    rest && Number(digits) > 0 && range && !['421', '703', '391', '393'].some((each) => ai.startsWith(each))
  return {
    ai,
    digits: Number(digits),
    checked: checked === 'c',
    rest: optional ? [0, rest[1], rest[2]] : rest,
    qualifiers: null,
    predefined: predefined.test(ai),
    ...(date ? { date: date === 'D' ? 'month' : 'day' } : {}),
  }
}

function familyRows(): (readonly [string, string])[] {
  let names: string[] = []
  return families.split(/\s+/).flatMap((token) => {
    const [name, form, last] = token.split(':') as [string, string?, string?]
    names.push(name)
    if (!form) return []
    const done = names
    names = []
    const digits = [...'0123456789'].filter((digit) => digit <= last!)
    return done.flatMap((each) => digits.map((digit) => [each + digit, form] as const))
  })
}

/** Application identifiers by their digits: the keys of the EPC schemes with their qualifiers, and attributes of all families. */
export const applicationIdentifiers: ReadonlyMap<string, ApplicationIdentifier> = new Map([
  ...[...attributes.split(/\s+/).map((token) => token.split(':') as [string, string]), ...familyRows()].map(
    ([ai, form]) => [ai, attribute(ai, form)] as const,
  ),
  ...rows.map(
    ([ai, digits, checked, rest = null, qualifiers = null, shortName]) =>
      [
        ai,
        { ai, digits, checked, rest, qualifiers, predefined: predefined.test(ai), ...(shortName ? { shortName } : {}) },
      ] as const,
  ),
])

const byName = new Map(
  [...applicationIdentifiers.values()].flatMap((ai) => (ai.shortName ? [[ai.shortName, ai] as const] : [])),
)

/** Application identifier by its digits or by its short name (`gtin`, `lot`). */
export const findAi = (name: string): ApplicationIdentifier | undefined =>
  applicationIdentifiers.get(name) ?? byName.get(name)

/** Stable name of the rule that `value` breaks as the value of `ai`, or null. */
export function brokenAiRule({ ai, digits, checked, rest, date }: ApplicationIdentifier, value: string): string | null {
  if (value.length < digits + (rest?.[0] ?? 0) || value.length > digits + (rest?.[1] ?? 0)) return 'length'
  const head = value.slice(0, digits)
  if (!numeric.test(head)) return 'digits'
  if (checked && !hasCheckDigit(head)) return 'check-digit'
  if (rest && !rest[2].test(value.slice(digits))) return 'characters'
  if (ai === '8003' && value[0] !== '0') return 'leading-zero'
  if (ai === '8006' || ai === '8026') return brokenPiece(value)
  if ((ai === '8013' || ai === '8014') && !hasCheckCharacters(value)) return 'check-digit'
  if (/^432[123]$/.test(ai) && !/^[01]$/.test(value)) return 'characters'
  if (/^433[0-3]$/.test(ai) && !/^\d{6}-?$/.test(value)) return 'characters'
  return date && !isDate(value.slice(0, 6), date) ? 'date' : null
}

function brokenPiece(itip: string): string | null {
  if (!hasCheckDigit(itip.slice(0, 14))) return 'check-digit'
  const [piece, total] = [Number(itip.slice(14, 16)), Number(itip.slice(16))]
  return piece === 0 || piece > total ? 'piece' : null
}

/** Two digits of a year are of the century that GS1 General Specifications 7.12 choose; leap years fall alike in both. */
function isDate(text: string, date: 'day' | 'month'): boolean {
  const [month, day] = [Number(text.slice(2, 4)), Number(text.slice(4))]
  const days = new Date(Date.UTC(2000 + Number(text.slice(0, 2)), month, 0)).getUTCDate()
  return month >= 1 && month <= 12 && day >= (date === 'month' ? 0 : 1) && day <= days
}
