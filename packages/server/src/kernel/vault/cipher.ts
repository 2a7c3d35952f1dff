import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'
import { VaultError } from './error.ts'

/** Cipher suites. The second serves GB/T 39786: SM4 (GB/T 32907) in CTR mode, then HMAC-SM3 (GB/T 32905). */
export const suites = ['aes-256-gcm', 'sm4-ctr-hmac-sm3'] as const
export type Suite = (typeof suites)[number]

/** A data key ready for use: separate keys for encryption and authentication, derived from one secret. */
export interface CipherKey {
  readonly suite: Suite
  readonly encryption: KeyObject
  readonly mac: KeyObject
}

interface Layout {
  format: number
  nonce: number
  tag: number
  keyLength: number
  hash: 'sha256' | 'sm3'
}

const layouts: Record<Suite, Layout> = {
  'aes-256-gcm': { format: 1, nonce: 12, tag: 16, keyLength: 32, hash: 'sha256' },
  'sm4-ctr-hmac-sm3': { format: 2, nonce: 16, tag: 32, keyLength: 16, hash: 'sm3' },
}

const gcm = { authTagLength: layouts['aes-256-gcm'].tag }

/** True for the name of a suite. */
export function isSuite(name: string): name is Suite {
  return suites.some((suite) => suite === name)
}

/**
 * Suite for new keys from VIGIL_CIPHER; default AES-256-GCM.
 * @throws VaultError 'refused' for an unknown name
 */
export function suiteFrom(env: Record<string, string | undefined>): Suite {
  const name = env.VIGIL_CIPHER?.trim() || 'aes-256-gcm'
  if (isSuite(name)) return name
  throw new VaultError(
    'refused',
    `VIGIL_CIPHER：不支持的加密套件“${name}”，可选 unknown suite, use ${suites.join(' / ')}`,
  )
}

/** Bytes derived from a secret for one purpose (HKDF, RFC 5869, without salt: the secrets are uniformly random). */
export function derive(hash: 'sha256' | 'sm3', secret: Buffer, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync(hash, secret, '', `vigil/${purpose}`, length))
}

/** Prepares a secret of 32 random bytes for a suite. */
export function cipherKey(suite: Suite, secret: Buffer): CipherKey {
  const { hash, keyLength } = layouts[suite]
  return {
    suite,
    encryption: createSecretKey(derive(hash, secret, `${suite}/encryption`, keyLength)),
    mac: createSecretKey(derive(hash, secret, `${suite}/mac`, 32)),
  }
}

/** HMAC of a message with the hash of the key's suite: 32 bytes. */
export function keyedHash(key: CipherKey, message: string | Buffer): Buffer {
  return createHmac(layouts[key.suite].hash, key.mac).update(message).digest()
}

// One system call for many nonces: a single one costs as much as a third of the encryption.
const pool = Buffer.alloc(12_288)
let poolUsed = pool.length

function nonceOf(length: number): Buffer {
  if (poolUsed + length > pool.length) {
    randomFillSync(pool)
    poolUsed = 0
  }
  const nonce = Buffer.from(pool.subarray(poolUsed, poolUsed + length))
  poolUsed += length
  return nonce
}

/**
 * Encrypts and authenticates: `format (1) ‖ nonce ‖ ciphertext ‖ tag`.
 * The nonce is random; 2^32 values per key keep a collision below 2^-32 (NIST SP 800-38D, 8.3), so keys last a month.
 * @param aad what the ciphertext is bound to, such as table, id and column; must be given again to open it
 */
export function sealWith(key: CipherKey, plaintext: string | Buffer, aad: string): Buffer {
  const layout = layouts[key.suite]
  const nonce = nonceOf(layout.nonce)
  const data = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext
  const sealed = Buffer.allocUnsafe(1 + nonce.length + data.length + layout.tag)
  sealed[0] = layout.format
  nonce.copy(sealed, 1)
  const start = 1 + nonce.length
  const end = start + data.length
  if (key.suite === 'aes-256-gcm') {
    const cipher = createCipheriv('aes-256-gcm', key.encryption, nonce)
    cipher.setAAD(Buffer.from(aad, 'utf8'))
    cipher.update(data).copy(sealed, start)
    cipher.final()
    cipher.getAuthTag().copy(sealed, end)
  } else {
    createCipheriv('sm4-ctr', key.encryption, nonce).update(data).copy(sealed, start)
    tagOf(key, sealed.subarray(0, end), aad).copy(sealed, end)
  }
  return sealed
}

/**
 * Opens what `sealWith` made.
 * @throws VaultError 'tampered' when any bit, the key, the suite or `aad` differs
 */
export function unsealWith(key: CipherKey, sealed: Buffer, aad: string): Buffer {
  const layout = layouts[key.suite]
  const start = 1 + layout.nonce
  const end = sealed.length - layout.tag
  if (end < start || sealed[0] !== layout.format) throw tampered()
  const nonce = sealed.subarray(1, start)
  const data = sealed.subarray(start, end)
  const tag = sealed.subarray(end)
  if (key.suite === 'sm4-ctr-hmac-sm3') {
    if (!timingSafeEqual(tag, tagOf(key, sealed.subarray(0, end), aad))) throw tampered()
    return createDecipheriv('sm4-ctr', key.encryption, nonce).update(data)
  }
  const decipher = createDecipheriv('aes-256-gcm', key.encryption, nonce, gcm)
  decipher.setAAD(Buffer.from(aad, 'utf8'))
  decipher.setAuthTag(tag)
  const plain = decipher.update(data)
  try {
    decipher.final()
  } catch (cause) {
    throw tampered(cause)
  }
  return plain
}

// The length in front keeps (aad, data) apart from any other split of the same bytes.
function tagOf(key: CipherKey, data: Buffer, aad: string): Buffer {
  const bound = `${Buffer.byteLength(aad)}\0${aad}`
  return createHmac('sm3', key.mac).update(bound).update(data).digest()
}

function tampered(cause?: unknown): VaultError {
  return new VaultError('tampered', '密文已损坏或与所属记录不符', { cause })
}
