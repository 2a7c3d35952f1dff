import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** Signs tree heads. */
export interface Signer {
  readonly keyId: string
  readonly publicKey: KeyObject
  sign(text: string): Buffer
}

// PKCS #8 header of an Ed25519 private key (RFC 8410, 7): the seed follows.
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Ed25519 signer (RFC 8032) from a seed of 32 bytes, `vault.deriveSecret('audit-signing-key')`.
 * @throws RangeError for another length
 */
export function createSigner(seed: Buffer): Signer {
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes')
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  return {
    keyId: createHash('sha256').update(raw).digest('hex').slice(0, 16),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey),
  }
}

/** What a head's signature covers. */
export interface SignedHead {
  readonly treeSize: number
  readonly root: Buffer
  readonly maxSeq: number
  /** UTC with microseconds, `2026-11-22T01:02:03.456789Z`. */
  readonly signedAt: string
  readonly keyId: string
}

/** Canonical text of a head, one value per line. */
export function headText(head: SignedHead): string {
  return `vigil-audit-head-1\n${head.treeSize}\n${head.root.toString('hex')}\n${head.maxSeq}\n${head.signedAt}\n${head.keyId}\n`
}

/** True when the signature of a head is by this key. */
export function isSigned(head: SignedHead, signature: Buffer, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(headText(head), 'utf8'), publicKey, signature)
}
