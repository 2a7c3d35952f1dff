import { type Checked, invalid, toHalfWidth, valid } from '@vigil/codes'
import { t } from '../../text.ts'

/** From this temperature on a buyer is shown the way to a fever clinic, in tenths of a degree. */
export const feverTenths = 373

/**
 * Body temperature as typed, "37.3", "373", "37" or full-width, in tenths of a degree Celsius; null when empty.
 * Error codes: format, range (34.0–43.0 °C, as the contract has it).
 */
export function parseTemperature(input: string): Checked<number | null> {
  const text = toHalfWidth(input)
    .replace(/[。．,，]/g, '.')
    .replace(/(℃|°C?)$/i, '')
    .trim()
  if (text === '') return valid(null)
  const match = /^(\d{2})\.?(\d)?$/.exec(text)
  if (!match) return invalid('format', t('体温请填到小数点后一位，如 36.8'))
  const tenths = Number(match[1]) * 10 + Number(match[2] ?? 0)
  if (tenths < 340 || tenths > 430) return invalid('range', t('体温应在 34.0 至 43.0 ℃ 之间，请核对'))
  return valid(tenths)
}

/** 373 → "37.3". */
export function formatTenths(tenths: number): string {
  return `${Math.floor(tenths / 10)}.${tenths % 10}`
}
