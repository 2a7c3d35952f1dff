const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A lot number that nobody has: the day and eight random signs. Made on the device, so that a declaration that is sent again
 * after a lost answer is known to be the same.
 * @param day YYYY-MM-DD @param random bytes, at least eight
 */
export const ownLotNo = (day: string, random: Uint8Array): string =>
  `${day.slice(2).replace(/-/g, '')}${[...random.subarray(0, 8)].map((byte) => signs[byte % 32]).join('')}`
