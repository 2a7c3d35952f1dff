import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { invalidField } from '../error/problem.ts'

const derive = promisify(argon2)

/** OWASP's choice for argon2id: memory in KiB, passes, lanes. Changed here, old hashes are renewed at the next sign-in. */
export const parameters = { memory: 19_456, passes: 2, parallelism: 1 } as const
const saltBytes = 16
const tagBytes = 32

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

type Parameters = { memory: number; passes: number; parallelism: number }

const tagOf = (secret: string, nonce: Buffer, given: Parameters, tagLength: number): Promise<Buffer> =>
  derive('argon2id', { message: Buffer.from(secret.normalize('NFKC')), nonce, tagLength, ...given }) as Promise<Buffer>

/** Hashes a password or PIN with argon2id (RFC 9106) into a PHC string. Takes about 11 ms off the main thread. */
export async function hashPassword(secret: string, given: Parameters = parameters): Promise<string> {
  const salt = randomBytes(saltBytes)
  const tag = await tagOf(secret, salt, given, tagBytes)
  return `$argon2id$v=19$m=${given.memory},t=${given.passes},p=${given.parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Argon2id of a short random code with a given salt (at least 8 bytes), to compare one input with several stored values. */
export const slowHash = (code: string, salt: Buffer): Promise<Buffer> => tagOf(code, salt, parameters, tagBytes)

let dummy: Promise<string> | undefined

/**
 * Checks a password in constant time. Without a stored hash (unknown user, no password yet) the same work is done
 * against a dummy, so that the time of the answer tells nothing.
 * @returns whether it is right, and whether the hash was made with other parameters than today's
 */
export async function verifyPassword(secret: string, stored: string | null): Promise<{ ok: boolean; stale: boolean }> {
  const parts = phc.exec(stored ?? '')
  if (!parts) {
    dummy ??= hashPassword(randomBytes(16).toString('hex'))
    await verifyPassword(secret, await dummy)
    return { ok: false, stale: false }
  }
  const given = { memory: Number(parts[1]), passes: Number(parts[2]), parallelism: Number(parts[3]) }
  const expected = Buffer.from(parts[5]!, 'base64')
  const tag = await tagOf(secret, Buffer.from(parts[4]!, 'base64'), given, expected.length)
  const stale =
    given.memory !== parameters.memory ||
    given.passes !== parameters.passes ||
    given.parallelism !== parameters.parallelism ||
    expected.length !== tagBytes
  return { ok: timingSafeEqual(tag, expected), stale }
}

/** The commonest passwords of ten characters and more, and the patterns that Chinese keyboards invite. */
const common = new Set(
  `1234567890 0123456789 0987654321 9876543210 12345678910 1234567890a a1234567890 a123456789 123456789a qwertyuiop
  qwerty1234 qwerty12345 qwertyuiop123 1qaz2wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y qwer1234567 asdfghjkl1 asdfghjkl123
  password12 password123 password1234 passw0rd123 password@123 admin12345 admin123456 admin@1234 administrator
  abcd123456 abc1234567 abc123456789 aa123456789 woaini1314 woaini520 woaini5201314 5201314520 1314520520
  1111111111 0000000000 8888888888 6666666666 1122334455 1212121212 1231231231 123123123123 111222333444
  iloveyou12 iloveyou123 letmein123 welcome123 shijianju123 jianguan123 scjg123456 yaodian123 zhongguo123`.split(/\s+/),
)

/**
 * Refuses passwords that are guessed first: below ten characters, the user name, one repeated character, a run, the list.
 * @throws Problem 400 at `pointer`
 */
export function assertGoodPassword(password: string, username: string, pointer = '/password'): void {
  const plain = password.normalize('NFKC').toLowerCase()
  const name = username.toLowerCase()
  if ([...plain].length < 10) throw invalidField(pointer, '密码至少 10 个字符', 'too-short')
  if (name.length >= 3 && plain.includes(name)) throw invalidField(pointer, '密码不能包含用户名', 'contains-username')
  if (common.has(plain) || new Set(plain).size < 4)
    throw invalidField(pointer, '这个密码太常见，请换一个', 'too-common')
}
