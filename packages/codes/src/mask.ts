import type { DocumentType } from './document.ts'
import { compact, toHalfWidth } from './text.ts'

/** Two or more common Chinese characters: each is one unit of the text. */
const han = /^[\u4e00-\u9fff]{2,}$/

function stars(count: number): string {
  return '*'.repeat(Math.max(count, 0))
}

/**
 * A name reduced to its first character: 王芳 → 王*, 欧阳娜娜 → 欧***. At most three stars, so that the length of a long
 * name tells nothing; a name of one character is hidden whole.
 */
export function maskName(name: string): string {
  if (han.test(name)) return name[0]! + stars(Math.min(name.length - 1, 3))
  const characters = [...toHalfWidth(name)]
  if (characters.length === 0) return ''
  if (characters.length === 1) return '*'
  return `${characters[0]}${stars(Math.min(characters.length - 1, 3))}`
}

/** A telephone reduced to 138****1234; a shorter or longer one keeps at most a quarter at either end. */
export function maskMobile(number: string): string {
  const text = compact(number)
  if (/^1\d{10}$/.test(text)) return `${text.slice(0, 3)}****${text.slice(7)}`
  return keepEnds(text, 3, 4)
}

/** Keeps at most a quarter of the text at either end, within the limits given. */
function keepEnds(text: string, head: number, tail: number): string {
  const quarter = Math.floor(text.length / 4)
  const first = Math.min(head, quarter)
  const last = Math.min(tail, quarter)
  return `${text.slice(0, first)}${stars(text.length - first - last)}${text.slice(text.length - last)}`
}

/**
 * A document number reduced to at most its first 3 and last 4 characters, at least half of it hidden. The birth date
 * never remains: numbers that may carry one in another place (not 18 characters) keep their first 3 only.
 */
export function maskDocument(type: DocumentType, number: string): string {
  const text = compact(number)
  const dated = type === 'citizen-id' || type === 'hmt-residence' || type === 'foreign-permanent-residence'
  const elsewhere = dated ? text.length !== 18 : text.length > 11
  return keepEnds(text, 3, elsewhere ? 0 : 4)
}

const PROVINCE = /^(?:[^市县路街道号村镇乡巷弄\d]{2,6}?(?:省|自治区|特别行政区)|(?:北京|天津|上海|重庆)市)/u
const CITY =
  /^(?:(?:景德镇|新乡|萍乡)市|\p{Script=Han}[^省市区县路街道号村镇乡巷弄\d]{0,9}?(?:自治州|地区|盟|市(?!场)))/u
// A name that runs across a street or village is no county; hiding too much is the safe mistake.
const COUNTY =
  /^(?:[小社园校厂库景舍活宅墅]区|(?![小社园校厂库景舍活宅墅]区)\p{Script=Han})(?:[小社园校厂库景舍活宅墅]区|(?![小社园校厂库景舍活宅墅]区)[^县路街道号村镇乡巷弄\d]){0,11}?(?:自治县|自治旗|区|县|旗|市(?!场))/u

/**
 * An address reduced to its county: 福建省泉州市晋江市青阳街道… → 福建省泉州市晋江市****. Where no county is recognised, its
 * first 6 characters at most, never more than half and nothing from the first digit on.
 */
export function maskAddress(address: string): string {
  const text = toHalfWidth(address).replace(/\s/g, '')
  if (text === '') return ''
  let rest = text
  let levels = 0
  for (const level of [PROVINCE, CITY, COUNTY]) {
    const match = level.exec(rest)?.[0]
    if (match === undefined) continue
    rest = rest.slice(match.length)
    levels += 1
  }
  const kept = text.slice(0, text.length - rest.length)
  if (levels > 0 && kept.length <= 24) return rest === '' ? kept : `${kept}****`
  const characters = [...text]
  const start = characters.slice(0, Math.min(6, Math.floor(characters.length / 2))).join('')
  return `${start.replace(/\d.*/, '')}****`
}
