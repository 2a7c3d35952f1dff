/** Keys of the counter's own keypad. */
export type Key = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'X' | '.' | 'back' | 'clear'

/** What a key makes of a citizen ID: digits, and X only as the eighteenth character. */
export function pressIdKey(value: string, key: Key): string {
  if (key === 'back') return value.slice(0, -1)
  if (key === 'clear') return ''
  if (value.length >= 18 || key === '.') return value
  if (key === 'X' && value.length !== 17) return value
  return value + key
}

/** Text of a citizen ID in the groups that are printed on no card but that eyes can follow: 6-8-4. */
export function groupId(value: string): string {
  return [value.slice(0, 6), value.slice(6, 14), value.slice(14)].filter((part) => part !== '').join(' ')
}

/** What a key makes of a temperature: the decimal point comes by itself after two digits, "373" is 37.3. */
export function pressTemperatureKey(value: string, key: Key): string {
  if (key === 'back') return value.endsWith('.') ? value.slice(0, -2) : value.slice(0, -1)
  if (key === 'clear') return ''
  if (key === 'X') return value
  if (key === '.') return value.length === 2 ? `${value}.` : value
  if (value.length >= 4) return value
  return value.length === 2 ? `${value}.${key}` : value + key
}
