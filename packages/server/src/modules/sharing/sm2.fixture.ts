import { createHash, createPublicKey } from 'node:crypto'

// SM2 verification by the formulas of GB/T 32918.2 alone, to hold OpenSSL against.
const hex = (text: string) => BigInt(`0x${text}`)
const p = hex('fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff')
const n = hex('fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123')
const a = 'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc'
const b = '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93'
const gx = '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7'
const gy = 'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'

type Point = readonly [bigint, bigint] | undefined
const mod = (x: bigint, m = p) => ((x % m) + m) % m

function inverse(x: bigint): bigint {
  let [before, rest, s, t] = [mod(x), p, 1n, 0n]
  while (rest > 0n) {
    const q = before / rest
    ;[before, rest] = [rest, before - q * rest]
    ;[s, t] = [t, s - q * t]
  }
  return mod(s)
}

function add(one: Point, two: Point): Point {
  if (!one) return two
  if (!two) return one
  if (one[0] === two[0] && mod(one[1] + two[1]) === 0n) return undefined
  const slope =
    one[0] === two[0]
      ? mod((3n * one[0] * one[0] + hex(a)) * inverse(2n * one[1]))
      : mod((two[1] - one[1]) * inverse(two[0] - one[0]))
  const x = mod(slope * slope - one[0] - two[0])
  return [x, mod(slope * (one[0] - x) - one[1])]
}

function times(count: bigint, base: Point): Point {
  let sum: Point
  for (let [left, power] = [count, base]; left > 0n; left >>= 1n, power = add(power, power))
    if (left & 1n) sum = add(sum, power)
  return sum
}

/** x and y of a public key (PEM). */
export const point = (pem: string): Buffer => createPublicKey(pem).export({ format: 'der', type: 'spki' }).subarray(-64)

/** True when `signature` (r, s) of `text` is by the key with the default identifier. */
export function verifySm2(key: Buffer, text: string, signature: Buffer): boolean {
  const number = (bytes: Buffer) => hex(bytes.toString('hex'))
  const [r, s] = [number(signature.subarray(0, 32)), number(signature.subarray(32))]
  const id = Buffer.from('1234567812345678')
  const constants = Buffer.from(a + b + gx + gy, 'hex')
  const z = createHash('sm3').update(Buffer.of(0, 128)).update(id).update(constants).update(key).digest()
  const e = number(createHash('sm3').update(z).update(text).digest())
  const sum = add(
    times(s, [hex(gx), hex(gy)]),
    times(mod(r + s, n), [number(key.subarray(0, 32)), number(key.subarray(32))]),
  )
  return sum !== undefined && mod(e + sum[0], n) === r
}
