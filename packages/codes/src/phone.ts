import { type Checked, invalid, valid } from './checked.ts'
import { toHalfWidth } from './text.ts'

export type PhoneKind = 'mobile' | 'landline' | 'service' | 'hong-kong' | 'macau' | 'taiwan'
/** `number` in one canonical form: mainland without +86, others with country code, e.g. '0595-22345678', '+85291234567'. */
export type Phone = { number: string; kind: PhoneKind }

function digits(input: string): string {
  return toHalfWidth(input)
    .replace(/＋/g, '+')
    .replace(/[\s()（）.·\-－‐‑–—]/g, '')
}

/**
 * Mainland mobile number: 1, then 3–9, then nine digits (工信部《电信网编号计划》2017). A leading +86, 0086 or 86 is
 * taken off. Returns the 11 digits. Error codes: empty, characters, length, prefix.
 */
export function checkMobile(input: string): Checked<string> {
  const number = digits(input).replace(/^(\+86|0086|86(?=1\d{10}$))/, '')
  if (number === '') return invalid('empty', '请输入手机号码')
  if (!/^\d+$/.test(number)) return invalid('characters', '手机号码只能含数字，请检查是否混入其他字符')
  if (number.length !== 11) return invalid('length', `手机号码应为11位，现为${number.length}位，请检查是否漏输或多输`)
  if (!/^1[3-9]/.test(number)) return invalid('prefix', '手机号码应以13至19开头，请核对前两位')
  return valid(number)
}

const FOREIGN: readonly { kind: PhoneKind; country: string; pattern: RegExp }[] = [
  { kind: 'hong-kong', country: '852', pattern: /^[2-9]\d{7}$/ },
  { kind: 'macau', country: '853', pattern: /^(6|28|8)\d+$/ },
  { kind: 'taiwan', country: '886', pattern: /^([2-8]\d{7,8}|9\d{8})$/ },
]

/**
 * Any telephone at which a person or a business in China may be reached: mainland mobile, landline with area code,
 * service numbers 400/800 and 95/96, Hong Kong, Macau and Taiwan with country code. Error codes: empty, format.
 */
export function checkPhone(input: string): Checked<Phone> {
  const number = digits(input)
  if (number === '') return invalid('empty', '请输入电话号码')
  const mobile = checkMobile(number)
  if (mobile.ok) return valid({ number: mobile.value, kind: 'mobile' })
  for (const { kind, country, pattern } of FOREIGN) {
    const match = new RegExp(`^(?:\\+|00)?${country}0?(\\d+)$`).exec(number)
    const local = match?.[1] ?? ''
    if (pattern.test(local) && (kind !== 'macau' || local.length === 8))
      return valid({ number: `+${country}${local}`, kind })
  }
  const mainland = number.replace(/^(\+86|0086)(?=[1-9])/, '0').replace(/^(\+86|0086)/, '')
  // 010 and 02x are three digits long, every other area code four (0 followed by 3–9).
  const landline = /^(010|02\d|0[3-9]\d{2})([2-8]\d{6,7})$/.exec(mainland)
  if (landline) return valid({ number: `${landline[1]}-${landline[2]}`, kind: 'landline' })
  if (/^([48]00\d{7}|9[56]\d{3,4})$/.test(number)) return valid({ number, kind: 'service' })
  return invalid(
    'format',
    '电话号码格式不正确：请填11位手机号，或带区号的固定电话（如0595-22345678），港澳台号码请加852、853、886',
  )
}
