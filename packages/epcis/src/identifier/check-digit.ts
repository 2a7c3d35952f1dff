/**
 * Check digit of a GS1 key without its check digit: weights 3 and 1 from the right, MOD 10 (GS1 General Specifications
 * 7.9). `digits` must be decimal digits only.
 */
export function checkDigit(digits: string): string {
  let sum = 0
  for (let i = digits.length - 1, weight = 3; i >= 0; i--, weight = 4 - weight)
    sum += (digits.charCodeAt(i) - 48) * weight
  return String((10 - (sum % 10)) % 10)
}

/** Whether the last of `digits` is the check digit of those before it. */
export function hasCheckDigit(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && checkDigit(digits.slice(0, -1)) === digits.at(-1)
}
