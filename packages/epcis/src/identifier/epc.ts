import { type Read, read, refuse } from '../result.ts'
import { escapeUrn, set39, set82, unescapeUrn } from './characters.ts'
import { checkDigit } from './check-digit.ts'
import { type Elements, elementOf, toElements } from './elements.ts'
import { type Scheme, type SchemeRule, schemes } from './scheme.ts'

/** A GS1 key as EPC URNs split it. `serial` is null for keys without one and for the class of all serials (`idpat`). */
export interface Epc {
  readonly scheme: Scheme
  /** GS1 company prefix, 6 to 12 digits. */
  readonly companyPrefix: string
  /** What the company numbered: digits (with the indicator first where there is one) or plain text. */
  readonly reference: string
  /** Piece and total, of an ITIP only. */
  readonly piece?: readonly [piece: string, total: string]
  readonly serial: string | null
}

/** Whether the EPC names one thing, or a class of things (a lot, or every serial of an item). */
export const isClass = ({ scheme, serial }: Epc): boolean =>
  scheme === 'lgtin' || (serial === null && schemes.get(scheme)!.serial !== null)

const shape = /^urn:epc:(id|class|idpat):([a-z]+):(\d{6,12})\.(.*)$/

/**
 * Reads an EPC URN of the GS1 schemes (EPC Tag Data Standard 6, 7): `urn:epc:id:…`, `urn:epc:class:lgtin:…` and
 * `urn:epc:idpat:…` with `*` as the serial. Error rules: `syntax`, `scheme` (unknown, or not in this kind of URN),
 * `company-prefix` (6–12 digits), `length` (prefix and reference do not have the scheme's digits), `escape`, `serial`, `characters`, `piece`.
 */
export function parseEpc(urn: string): Read<Epc> {
  const kind = /^urn:epc:(id|class|idpat):([a-z]+):/.exec(urn)
  if (!kind) return refuse('syntax', 'the text is not an EPC URN')
  const rule = schemes.get(kind[2]!)
  const wanted = rule?.scheme === 'lgtin' ? 'class' : 'id'
  if (!rule || (kind[1] !== wanted && !(kind[1] === 'idpat' && rule.pattern)))
    return refuse('scheme', `${kind[0]} is not a scheme of GS1 keys`)
  const match = shape.exec(urn)
  if (!match) return refuse('company-prefix', 'the company prefix must have 6 to 12 digits')
  return split(rule, match[3]!, match[4]!, kind[1] === 'idpat')
}

function split(rule: SchemeRule, companyPrefix: string, text: string, pattern: boolean): Read<Epc> {
  const width = rule.digits === null ? lengthOfText(rule, text) : rule.digits - companyPrefix.length
  const reference = rule.digits === null ? unescapeUrn(text.slice(0, width)) : text.slice(0, width)
  if (reference === null) return refuse('escape', 'a character of the reference must be escaped')
  const broken = brokenReference(rule, companyPrefix, reference, width)
  if (broken) return refuse(broken, `the reference of ${rule.scheme} breaks the rule ${broken}`)
  let rest = text.slice(width)
  let piece: Epc['piece']
  if (rule.scheme === 'itip') {
    const pieces = /^\.(\d\d)\.(\d\d)(?=\.)/.exec(rest)
    if (!pieces) return refuse('piece', 'piece and total must have two digits each')
    piece = [pieces[1]!, pieces[2]!]
    if (Number(piece[0]) === 0 || Number(piece[0]) > Number(piece[1]))
      return refuse('piece', 'piece must be 1 to total')
    rest = rest.slice(pieces[0].length)
  }
  const parts = { scheme: rule.scheme, companyPrefix, reference, ...(piece ? { piece } : {}) }
  if (rule.serial === null)
    return rest === '' ? read({ ...parts, serial: null }) : refuse('length', 'too many characters')
  if (rest[0] !== '.') return refuse('length', 'company prefix and reference do not have the right number of digits')
  if (pattern) return rest === '.*' ? read({ ...parts, serial: null }) : refuse('serial', 'a pattern ends in ".*"')
  const serial = unescapeUrn(rest.slice(1))
  if (serial === null) return refuse('escape', 'a character of the serial must be escaped')
  const brokenText = brokenSerial(rule, serial)
  return brokenText ? refuse(brokenText, `the serial breaks the rule ${brokenText}`) : read({ ...parts, serial })
}

/** A reference of text goes to the end, or to the dot before the serial: only CPI has one, and its set has no dot. */
const lengthOfText = ({ serial }: SchemeRule, text: string): number =>
  serial === null || !text.includes('.') ? text.length : text.indexOf('.')

function brokenReference(rule: SchemeRule, companyPrefix: string, reference: string, width: number): string | null {
  if (rule.digits !== null) {
    if (width < (rule.indicator ? 1 : 0) || reference.length !== width) return 'length'
    return /^\d*$/.test(reference) ? null : 'length'
  }
  if (reference.length < 1 || companyPrefix.length + reference.length > 30) return 'length'
  return (rule.scheme === 'cpi' ? set39 : set82).test(reference) ? null : 'characters'
}

function brokenSerial(rule: SchemeRule, serial: string): string | null {
  if (serial.length < 1 || serial.length > rule.serialMax) return 'serial'
  if (!rule.serialDigits) return set82.test(serial) ? null : 'characters'
  if (!/^\d+$/.test(serial)) return 'serial'
  return rule.scheme === 'cpi' && /^0./.test(serial) ? 'serial' : null
}

/** EPC URN: `urn:epc:class:…` for a lot, `urn:epc:idpat:…:*` for the class of all serials, else `urn:epc:id:…`. */
export function formatEpc(epc: Epc): string {
  const rule = schemes.get(epc.scheme)!
  const kind = epc.scheme === 'lgtin' ? 'class' : isClass(epc) ? 'idpat' : 'id'
  const reference = rule.digits === null ? escapeUrn(epc.reference) : epc.reference
  const parts = [epc.companyPrefix, reference, ...(epc.piece ?? [])]
  if (rule.serial !== null) parts.push(epc.serial === null ? '*' : escapeUrn(epc.serial))
  return `urn:epc:${kind}:${epc.scheme}:${parts.join('.')}`
}

/** Elements of an EPC, as in a GS1 Digital Link or an element string. */
export function epcToElements(epc: Epc): Elements {
  const rule = schemes.get(epc.scheme)!
  const { companyPrefix, reference, serial } = epc
  const digits = rule.indicator
    ? reference.slice(0, 1) + companyPrefix + reference.slice(1)
    : rule.lead + companyPrefix + reference
  const key = rule.digits === null ? digits : digits + checkDigit(digits)
  const tail = rule.serial === '' ? (serial ?? '') : (epc.piece?.join('') ?? '')
  const plain = serial === null || (epc.scheme === 'sgln' && serial === '0') || !rule.serial
  return {
    key: [rule.ai, key + tail],
    qualifiers: plain ? [] : [[rule.serial!, serial]],
    attributes: [],
  }
}

/**
 * EPC of a key with its qualifiers. The digits do not say how long the company prefix is: the caller has to. Attributes and a consumer
 * product variant are left out; with a serial the lot is, too. Error rules: `company-prefix`, `no-epc` (a service relation or another
 * key without an EPC scheme), and those of `toElements`.
 */
export function elementsToEpc(elements: Elements, companyPrefixLength: number): Read<Epc> {
  if (!(companyPrefixLength >= 6 && companyPrefixLength <= 12))
    return refuse('company-prefix', 'the company prefix must have 6 to 12 digits')
  const checked = toElements([elements.key, ...elements.qualifiers])
  if (!checked.ok) return checked
  const rule = schemeOf(elements)
  if (!rule) return refuse('no-epc', `(${elements.key[0]}) with these qualifiers has no EPC`)
  const value = elements.key[1]
  const start = rule.indicator || rule.lead ? 1 : 0
  const companyPrefix = value.slice(start, start + companyPrefixLength)
  if (!/^\d+$/.test(companyPrefix)) return refuse('company-prefix', 'the company prefix must be digits')
  const length = rule.digits === null ? value.length : rule.digits + rule.lead.length
  const reference = (rule.indicator ? value[0]! : '') + value.slice(start + companyPrefixLength, length)
  if (reference === '' && rule.digits === null)
    return refuse('length', 'the key has no reference after the company prefix')
  const tail = value.slice(length + 1)
  const serial = rule.serial === '' ? tail || null : rule.serial ? (elementOf(elements, rule.serial) ?? null) : null
  const piece = rule.scheme === 'itip' ? ([tail.slice(0, 2), tail.slice(2)] as const) : undefined
  return read({
    scheme: rule.scheme,
    companyPrefix,
    reference,
    ...(piece ? { piece } : {}),
    serial: rule.scheme === 'sgln' ? (serial ?? '0') : serial,
  })
}

function schemeOf(elements: Elements): SchemeRule | undefined {
  const ai = elements.key[0]
  if (elementOf(elements, '8019') !== undefined) return undefined
  if (ai === '01') {
    if (elementOf(elements, '235') !== undefined) return schemes.get('upui')
    return schemes.get(
      elementOf(elements, '21') === undefined && elementOf(elements, '10') !== undefined ? 'lgtin' : 'sgtin',
    )
  }
  if (ai === '8006' && elementOf(elements, '21') === undefined && elementOf(elements, '10') !== undefined)
    return undefined
  return [...schemes.values()].find((rule) => rule.ai === ai)
}
