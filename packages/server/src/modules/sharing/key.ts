import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

export type Algorithm = 'ed25519' | 'sm2'

/** A key pair of a destination as it is kept; the private part (PKCS #8, DER) only sealed. */
export interface NewKey {
  /** First 16 hexadecimal digits of the SHA-256 of the public key (SubjectPublicKeyInfo, DER). */
  readonly id: string
  readonly algorithm: Algorithm
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string
  readonly privateKey: Buffer
}

/** Makes a key pair. */
export function createKey(algorithm: Algorithm): NewKey {
  const pair = algorithm === 'sm2' ? generateKeyPairSync('ec', { namedCurve: 'SM2' }) : generateKeyPairSync('ed25519')
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' })
  return {
    id: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    algorithm,
    publicKey: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }),
  }
}

// Recommended curve of GB/T 32918.5: a, b and the base point, as Z covers them.
const curve = Buffer.from(
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
    '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
    '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
    'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
  'hex',
)
/** The signer's distinguishing identifier that GM/T 0009 gives where none was agreed. */
const signerId = Buffer.from('1234567812345678')

/** Z of GB/T 32918.2, 5.5: SM3 of identifier, curve and public key (`point`: x and y, 64 bytes). */
function zOf(point: Buffer): Buffer {
  const bits = Buffer.alloc(2)
  bits.writeUInt16BE(signerId.length * 8)
  return createHash('sm3').update(bits).update(signerId).update(curve).update(point).digest()
}

const pointOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-64)

/** OpenSSL takes a key that was made as `ec` for ECDSA; only one that was read from DER or PEM signs by SM2. */
function assertSm2(key: KeyObject): void {
  if (key.asymmetricKeyType === 'ec') throw new Error('this key would sign by ECDSA, not SM2')
}

/** SEQUENCE of two INTEGERs as OpenSSL gives it → r and s, 32 bytes each. */
function fromDer(der: Buffer): Buffer {
  const out = Buffer.alloc(64)
  let at = 2
  for (const end of [32, 64]) {
    const length = der[at + 1]!
    const value = der.subarray(at + 2, at + 2 + length)
    const bare = value.length > 32 ? value.subarray(value.length - 32) : value
    bare.copy(out, end - bare.length)
    at += 2 + length
  }
  return out
}

function derInteger(value: Buffer): Buffer {
  let bare = value
  while (bare.length > 1 && bare[0] === 0) bare = bare.subarray(1)
  if (bare[0]! > 127) bare = Buffer.concat([Buffer.of(0), bare])
  return Buffer.concat([Buffer.of(2, bare.length), bare])
}

function toDer(raw: Buffer): Buffer {
  const body = Buffer.concat([derInteger(raw.subarray(0, 32)), derInteger(raw.subarray(32))])
  return Buffer.concat([Buffer.of(0x30, body.length), body])
}

/**
 * Signs a text: Ed25519 (RFC 8032), or SM2 with SM3 and the default identifier (GB/T 32918.2, GM/T 0009).
 * @param privateKey PKCS #8, DER
 * @returns 64 bytes; for SM2 r and s one after the other, as RFC 9421 has it for other curves
 */
export function signText(algorithm: Algorithm, privateKey: Buffer, text: string): Buffer {
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
  if (algorithm === 'ed25519') return sign(null, Buffer.from(text), key)
  assertSm2(key)
  // The one-shot functions would take an empty identifier; this one signs the plain SM3 of what it is given: Z, then the text.
  const der = createSign('sm3')
    .update(zOf(pointOf(createPublicKey(key))))
    .update(text)
    .sign(key)
  return fromDer(der)
}

/** True when `signature` is by this key. @param publicKey SubjectPublicKeyInfo, PEM */
export function isSignedBy(algorithm: Algorithm, publicKey: string, text: string, signature: Buffer): boolean {
  const key = createPublicKey(publicKey)
  if (signature.length !== 64) return false
  if (algorithm === 'ed25519') return verify(null, Buffer.from(text), key, signature)
  assertSm2(key)
  return createVerify('sm3')
    .update(zOf(pointOf(key)))
    .update(text)
    .verify(key, toDer(signature))
}
