import { type Checked, CodesError, invalid, valid } from './checked.ts'
import { ageOn, type Day, dayOf, isDay } from './day.ts'
import { compact } from './text.ts'

export type Sex = 'male' | 'female'
export type CitizenId = { number: string; birthDate: Day; sex: Sex; areaCode: string }

/** First two digits of GB/T 2260 that a citizen ID may begin with. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71'.split(' '),
)
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const OLDEST = 130

/** True when the two digits are a province of the mainland or Taiwan in GB/T 2260. */
export function isProvincePrefix(prefix: string): boolean {
  return PROVINCES.has(prefix)
}

/**
 * Check character of an 18-character number: ISO 7064 MOD 11-2 (GB 11643-1999, 附录 A), '0'–'9' or 'X'.
 * Throws CodesError unless given exactly 17 digits.
 */
export function citizenIdCheckDigit(first17: string): string {
  if (!/^\d{17}$/.test(first17)) throw new CodesError('first17', 'must be 17 digits')
  let sum = 0
  for (let i = 0; i < 17; i += 1) sum += (WEIGHTS[i] ?? 0) * (first17.charCodeAt(i) - 48)
  return '10X98765432'.charAt(sum % 11)
}

/** Birth date of eight digits, refused when impossible, in the future, or more than 130 years ago. */
export function checkBirthDate(digits: string, today: Day): Checked<Day> {
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`
  if (!isDay(day)) return invalid('birth-date-impossible', `号码中的出生日期 ${day} 不存在，请对照证件核对第7至14位`)
  if (day > today) return invalid('birth-date-future', `号码中的出生日期 ${day} 晚于今天，请对照证件核对第7至14位`)
  if (ageOn(day, today) > OLDEST)
    return invalid('birth-date-too-old', `号码中的出生日期 ${day} 距今超过${OLDEST}年，请对照证件核对第7至14位`)
  return valid(day)
}

/** Birth date, sex and check character of the 18-character layout that citizen IDs and residence permits share. */
export function checkEighteen(number: string, today: Day): Checked<{ birthDate: Day; sex: Sex }> {
  const birth = checkBirthDate(number.slice(6, 14), today)
  if (!birth.ok) return birth
  if (citizenIdCheckDigit(number.slice(0, 17)) !== number[17])
    return invalid('check-digit', '号码校验不通过，可能有一位输错或相邻两位颠倒，请对照证件逐位核对')
  return valid({ birthDate: birth.value, sex: Number(number[16]) % 2 === 1 ? 'male' : 'female' })
}

/** Length and characters of an 18-character number; `name` is the document as a person calls it. */
export function checkEighteenShape(number: string, name: string): Checked<string> {
  if (number === '') return invalid('empty', `请输入${name}号码`)
  if (!/^[0-9X]+$/.test(number))
    return invalid('characters', `${name}号码只能含数字，末位可为X，请检查是否混入其他字符`)
  if (number.length !== 18)
    return invalid('length', `${name}号码应为18位，现为${number.length}位，请检查是否漏输或多输`)
  if (number.slice(0, 17).includes('X')) return invalid('x-position', `字母X只能出现在${name}号码的末位，请核对`)
  return valid(number)
}

/**
 * Citizen identity number (公民身份号码), GB 11643-1999. Spaces, hyphens, full-width characters and lower x are
 * accepted and normalised. `today` is the day against which the birth date is judged.
 * Error codes: empty, characters, length, x-position, first-generation, province, wrong-type, birth-date-impossible,
 * birth-date-future, birth-date-too-old, check-digit.
 */
export function checkCitizenId(input: string, today: Day = dayOf(new Date())): Checked<CitizenId> {
  const number = compact(input)
  // 居民身份证法 2011 amendment, art. 23: first-generation cards ended on 1 January 2013.
  if (/^\d{15}$/.test(number))
    return invalid(
      'first-generation',
      '15位号码属于第一代居民身份证，已于2013年1月1日停止使用，请使用18位的第二代居民身份证',
    )
  const shape = checkEighteenShape(number, '身份证')
  if (!shape.ok) return shape
  const prefix = number.slice(0, 2)
  if (/^8[123]$/.test(prefix))
    return invalid('wrong-type', '这是港澳台居民居住证的号码，请将证件类型改为“港澳台居民居住证”')
  if (prefix.startsWith('9'))
    return invalid('wrong-type', '以9开头的是外国人永久居留身份证号码，请将证件类型改为“外国人永久居留身份证”')
  if (!isProvincePrefix(prefix)) return invalid('province', `号码前两位“${prefix}”不是有效的省级代码，请对照证件核对`)
  const rest = checkEighteen(number, today)
  return rest.ok ? valid({ number, ...rest.value, areaCode: number.slice(0, 6) }) : rest
}
