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
  return /^\d{2,}$/.test(digits) && checkDigit(digits.slice(0, -1)) === digits.slice(-1)
}

const values82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`
const values32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83]

/**
 * Pair of check characters of a global model number without them: weights are the primes from the right, MOD 1021 (GS1 General Specifications
 * 7.9.5). `text`: up to 23 characters of set 82.
 */
export function checkCharacters(text: string): string {
  const sum = [...text].reverse().reduce((all, char, i) => all + values82.indexOf(char) * primes[i]!, 0) % 1021
  return values32[sum >> 5]! + values32[sum & 31]!
}

/** Whether the last two characters are those of the text before them. */
export const hasCheckCharacters = (text: string): boolean => checkCharacters(text.slice(0, -2)) === text.slice(-2)
