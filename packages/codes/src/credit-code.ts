import { type Checked, CodesError, invalid, valid } from './checked.ts'
import { compact } from './text.ts'

/** `areaCode`: where it is registered (GB/T 2260); `organizationCode`: the 9 characters of GB 11714. */
export type CreditCode = { code: string; areaCode: string; organizationCode: string }

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ORGANIZATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/**
 * Check character of a unified social credit code: MOD 31 (GB 32100-2015, 附录). Throws CodesError unless given
 * 17 characters of its alphabet (digits and capitals without I, O, S, V, Z).
 */
export function creditCodeCheckDigit(first17: string): string {
  const values = [...first17].map((character) => ALPHABET.indexOf(character))
  if (values.length !== 17 || values.includes(-1))
    throw new CodesError('first17', 'must be 17 characters of the GB 32100 alphabet')
  const sum = values.reduce((total, value, i) => total + value * (WEIGHTS[i] ?? 0), 0)
  return ALPHABET.charAt((31 - (sum % 31)) % 31)
}

/**
 * Check character of an organization code: MOD 11, letters count 10–35 (GB 11714-1997). Throws CodesError unless
 * given 8 digits or capitals.
 */
export function organizationCodeCheckDigit(first8: string): string {
  if (!/^[0-9A-Z]{8}$/.test(first8)) throw new CodesError('first8', 'must be 8 digits or capital letters')
  const sum = ORGANIZATION_WEIGHTS.reduce(
    (total, weight, i) => total + weight * Number.parseInt(first8.charAt(i), 36),
    0,
  )
  return '0X987654321'.charAt(sum % 11)
}

/**
 * Unified social credit code (统一社会信用代码), GB 32100-2015, with the organization code inside it (GB 11714).
 * Error codes: empty, length, characters, area, check-digit, organization-check-digit.
 */
export function checkCreditCode(input: string): Checked<CreditCode> {
  const code = compact(input)
  if (code === '') return invalid('empty', '请输入统一社会信用代码')
  if (code.length !== 18) return invalid('length', `统一社会信用代码应为18位，现为${code.length}位，请对照营业执照核对`)
  const wrong = [...code].find((character) => !ALPHABET.includes(character))
  if (wrong !== undefined)
    return invalid('characters', `统一社会信用代码不会出现“${wrong}”，请检查是否将数字1、0、5、2误认作字母I、O、S、Z`)
  const areaCode = code.slice(2, 8)
  if (!/^\d{6}$/.test(areaCode))
    return invalid('area', `统一社会信用代码第3至8位“${areaCode}”应为6位数字的行政区划码，请核对`)
  if (creditCodeCheckDigit(code.slice(0, 17)) !== code[17])
    return invalid('check-digit', '统一社会信用代码校验不通过，可能有一位输错或颠倒，请对照营业执照逐位核对')
  const organizationCode = code.slice(8, 17)
  if (organizationCodeCheckDigit(organizationCode.slice(0, 8)) !== organizationCode[8])
    return invalid('organization-check-digit', '统一社会信用代码第9至17位（主体标识码）校验不通过，请对照营业执照核对')
  return valid({ code, areaCode, organizationCode })
}
