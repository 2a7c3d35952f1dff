import { type Checked, invalid, valid } from './checked.ts'
import {
  checkBirthDate,
  checkCitizenId,
  checkEighteen,
  checkEighteenShape,
  isProvincePrefix,
  type Sex,
} from './citizen-id.ts'
import { type Day, dayOf } from './day.ts'
import { compact } from './text.ts'

export type DocumentType =
  | 'citizen-id'
  | 'passport'
  | 'hk-macau-permit'
  | 'taiwan-permit'
  | 'foreign-permanent-residence'
  | 'hmt-residence'

export type DocumentNumber = { type: DocumentType; number: string; birthDate?: Day; sex?: Sex; areaCode?: string }

/** The document types in the order a form offers them, with full and short Chinese names. */
export const documentTypes: readonly { type: DocumentType; name: string; short: string }[] = [
  { type: 'citizen-id', name: '居民身份证', short: '身份证' },
  { type: 'passport', name: '护照', short: '护照' },
  { type: 'hk-macau-permit', name: '港澳居民来往内地通行证', short: '回乡证' },
  { type: 'taiwan-permit', name: '台湾居民来往大陆通行证', short: '台胞证' },
  { type: 'foreign-permanent-residence', name: '外国人永久居留身份证', short: '永居证' },
  { type: 'hmt-residence', name: '港澳台居民居住证', short: '居住证' },
]

/** True when the value names a document type. */
export function isDocumentType(value: unknown): value is DocumentType {
  return documentTypes.some((known) => known.type === value)
}

function checkPassport(number: string): Checked<DocumentNumber> {
  if (!/^[A-Z0-9]+$/.test(number)) return invalid('characters', '护照号码只能含字母和数字，请检查是否混入其他字符')
  // ICAO Doc 9303 gives 9 characters; some states print longer numbers in the visual zone.
  if (number.length < 5 || number.length > 17)
    return invalid('length', `护照号码应为5至17位，现为${number.length}位，请对照护照资料页核对`)
  if (!/\d/.test(number)) return invalid('characters', '护照号码至少含一位数字，请确认没有把姓名填入号码栏')
  return valid({ type: 'passport', number })
}

function checkHkMacauPermit(number: string): Checked<DocumentNumber> {
  if (!/^[HM]/.test(number))
    return invalid('prefix', '港澳居民来往内地通行证以H（香港）或M（澳门）开头，请核对首位字母')
  // Eight digits stay for life; older cards print two more for the number of renewals.
  if (!/^[HM](\d{8}|\d{10})$/.test(number))
    return invalid('format', '港澳居民来往内地通行证应为1位字母加8位数字（旧版可再加2位换证次数），请对照证件核对')
  return valid({ type: 'hk-macau-permit', number, areaCode: number.startsWith('H') ? '810000' : '820000' })
}

function checkTaiwanPermit(number: string): Checked<DocumentNumber> {
  if (!/^\d{8}$/.test(number))
    return invalid('format', '台湾居民来往大陆通行证应为8位数字，请使用卡式证件正面的号码，不含括号内的换证次数')
  return valid({ type: 'taiwan-permit', number, areaCode: '710000' })
}

function checkHmtResidence(number: string, today: Day): Checked<DocumentNumber> {
  const shape = checkEighteenShape(number, '港澳台居民居住证')
  if (!shape.ok) return shape
  const areaCode = number.slice(0, 6)
  // 港澳台居民居住证申领发放办法（国办发〔2018〕81号）第四条
  if (!/^8[123]0000$/.test(areaCode))
    return invalid('prefix', '港澳台居民居住证号码应以810000、820000或830000开头，请核对；其他开头请改选证件类型')
  const rest = checkEighteen(number, today)
  return rest.ok ? valid({ type: 'hmt-residence', number, ...rest.value, areaCode }) : rest
}

/** Two-digit year read as the latest century that does not lie in the future. */
function fullYear(twoDigits: string, today: Day): string {
  const thisCentury = `${today.slice(0, 2)}${twoDigits}`
  return thisCentury > today.slice(0, 4) ? `${Number(today.slice(0, 2)) - 1}${twoDigits}` : thisCentury
}

function checkForeignPermanentResidence(number: string, today: Day): Checked<DocumentNumber> {
  const type = 'foreign-permanent-residence'
  // Before December 2023: nationality (3 letters), place (4), birth date YYMMDD, serial, check. The rule of that check
  // is not published, so it is not enforced: a wrong guess would turn a lawful holder away.
  const old = /^[A-Z]{3}(\d{4})(\d{2})(\d{4})\d{2}$/.exec(number)
  if (old) {
    const [, place = '', year = '', rest = ''] = old
    if (!isProvincePrefix(place.slice(0, 2)))
      return invalid('province', `号码第4、5位“${place.slice(0, 2)}”不是有效的省级代码，请对照证件核对`)
    const birth = checkBirthDate(`${fullYear(year, today)}${rest}`, today)
    return birth.ok
      ? valid({ type, number, birthDate: birth.value, areaCode: `${place}00` })
      : invalid(birth.code, birth.message.replace('第7至14位', '第8至13位'))
  }
  if (/^[A-Z]/.test(number))
    return invalid('format', '旧版外国人永久居留身份证应为3位字母加12位数字；新版为以9开头的18位号码，请对照证件核对')
  const shape = checkEighteenShape(number, '外国人永久居留身份证')
  if (!shape.ok) return shape
  if (!number.startsWith('9')) return invalid('prefix', '新版外国人永久居留身份证号码应以9开头，请核对或改选证件类型')
  if (!isProvincePrefix(number.slice(1, 3)))
    return invalid('province', `号码第2、3位“${number.slice(1, 3)}”不是有效的省级代码，请对照证件核对`)
  const rest = checkEighteen(number, today)
  return rest.ok ? valid({ type, number, ...rest.value, areaCode: `${number.slice(1, 3)}0000` }) : rest
}

/**
 * Checks an identity document by its own type's rule and normalises the number (upper case, no spaces or hyphens).
 * `areaCode` is the GB/T 2260 code that the number carries (for a foreigner: where the card was applied for).
 * Sources: GB 11643-1999; 国办发〔2018〕81号; 国家移民管理局 2023 rule for the new permanent residence card (leading 9,
 * MOD 11-2); ICAO Doc 9303. Error codes: type, empty, characters, length, format, prefix, province, those of
 * `checkCitizenId`.
 */
export function checkDocument(
  type: DocumentType,
  input: string,
  today: Day = dayOf(new Date()),
): Checked<DocumentNumber> {
  const number = compact(input)
  const name = documentTypes.find((known) => known.type === type)?.name
  if (name === undefined) return invalid('type', '证件类型无法识别，请从列表中选择')
  if (number === '') return invalid('empty', `请输入${name}号码`)
  switch (type) {
    case 'citizen-id': {
      const id = checkCitizenId(number, today)
      return id.ok ? valid({ type, ...id.value }) : id
    }
    case 'passport':
      return checkPassport(number)
    case 'hk-macau-permit':
      return checkHkMacauPermit(number)
    case 'taiwan-permit':
      return checkTaiwanPermit(number)
    case 'foreign-permanent-residence':
      return checkForeignPermanentResidence(number, today)
    case 'hmt-residence':
      return checkHmtResidence(number, today)
  }
}
