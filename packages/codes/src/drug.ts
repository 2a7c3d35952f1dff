import { type Checked, CodesError, invalid, valid } from './checked.ts'
import { compact } from './text.ts'

/** `drugCode`: the first 7 digits, which name the drug, its package and its holder. */
export type TraceCode = { code: string; drugCode: string }

/**
 * `number` in its printed form; `category` by the letter; `kind`: approved for the mainland, imported (境外生产),
 * from Hong Kong, Macau or Taiwan, or an old import certificate without 国药准字.
 */
export type ApprovalNumber = {
  number: string
  category: 'chemical' | 'chinese' | 'biological' | 'health' | 'reagent' | 'excipient' | 'repackaged' | 'classical'
  kind: 'domestic' | 'imported' | 'hk-macau-taiwan' | 'certificate'
}

/** Check digit of an EAN-13: weights 1 and 3, MOD 10 (GB 12904, GS1 General Specifications 7.9). */
export function ean13CheckDigit(first12: string): string {
  if (!/^\d{12}$/.test(first12)) throw new CodesError('first12', 'must be 12 digits')
  const sum = [...first12].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0)
  return String((10 - (sum % 10)) % 10)
}

/** Commodity bar code EAN-13 (GB 12904). Error codes: empty, characters, length, check-digit. */
export function checkEan13(input: string): Checked<string> {
  const code = compact(input)
  if (code === '') return invalid('empty', '请扫描或输入商品条码')
  if (!/^\d+$/.test(code)) return invalid('characters', '商品条码只能含数字，请重新扫描')
  if (code.length === 20) return invalid('length', '这是20位药品追溯码，不是商品条码，请填入追溯码栏')
  if (code.length !== 13) return invalid('length', `商品条码应为13位，现为${code.length}位，请重新扫描`)
  if (ean13CheckDigit(code.slice(0, 12)) !== code[12])
    return invalid('check-digit', '商品条码校验不通过，请重新扫描或逐位核对')
  return valid(code)
}

/**
 * Drug trace code (药品追溯码), 20 digits, the first 7 being the drug identifier (NMPAB/T 1002-2019 药品追溯码编码要求).
 * It has no check digit. Error codes: empty, characters, length.
 */
export function checkTraceCode(input: string): Checked<TraceCode> {
  const code = compact(input)
  if (code === '') return invalid('empty', '请扫描或输入药品追溯码')
  if (!/^\d+$/.test(code)) return invalid('characters', '药品追溯码只能含数字，请重新扫描包装上的追溯码')
  if (code.length !== 20) return invalid('length', `药品追溯码应为20位，现为${code.length}位，请重新扫描包装上的追溯码`)
  return valid({ code, drugCode: code.slice(0, 7) })
}

const CATEGORY: Readonly<Record<string, ApprovalNumber['category']>> = {
  H: 'chemical',
  Z: 'chinese',
  S: 'biological',
  B: 'health',
  T: 'reagent',
  F: 'excipient',
  J: 'repackaged',
  C: 'classical',
}

/**
 * Drug approval number: 国药准字 + H/Z/S/B/T/F/J (and C, classical formulas) + 8 digits (国药监注〔2001〕582号); HJ/ZJ/SJ
 * made abroad and HC/ZC/SC from Hong Kong, Macau and Taiwan + year + 4 digits (药品注册管理办法 2020, art. 123); older import
 * certificates H/Z/S, with C or a leading B, without 国药准字. Spaces and full-width characters are taken.
 * Error codes: empty, trial, format.
 */
export function checkApprovalNumber(input: string): Checked<ApprovalNumber> {
  const text = compact(input)
    .replace(/[:：]/g, '')
    .replace(/^批准文号/, '')
  if (text === '') return invalid('empty', '请输入药品批准文号')
  if (text.startsWith('国药试字'))
    return invalid('trial', '“国药试字”为试生产文号，早已停用，请填写包装上的“国药准字”文号')
  const approved = /^国药准字([HZSBTFJC])(\d{8})$/.exec(text)
  if (approved) {
    const category = CATEGORY[approved[1] ?? '']
    if (category) return valid({ number: text, category, kind: 'domestic' })
  }
  const outside = /^国药准字([HZS])([JC])((?:19|20)\d{6})$/.exec(text)
  if (outside) {
    const category = CATEGORY[outside[1] ?? '']
    if (category) return valid({ number: text, category, kind: outside[2] === 'J' ? 'imported' : 'hk-macau-taiwan' })
  }
  const certificate = /^(?:进口药品注册证号?|医药产品注册证号?|注册证号)?(B?([HZS])C?(?:19|20)\d{6})$/.exec(text)
  if (certificate) {
    const category = CATEGORY[certificate[2] ?? '']
    if (category) return valid({ number: certificate[1] ?? '', category, kind: 'certificate' })
  }
  return invalid(
    'format',
    '批准文号应为“国药准字”加1位字母（H、Z、S、B、T、F、J、C）和8位数字，境外生产的为HJ、ZJ、SJ加8位数字，请对照包装核对',
  )
}
