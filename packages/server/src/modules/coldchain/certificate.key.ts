import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { CertificateKey } from './certificate.domain.ts'

/** A public key that checks certificates: a signer's, or one read with `readCertificateKey`. */
export function certificateKey(publicKey: KeyObject): CertificateKey {
  return {
    keyId: createHash('sha256').update(rawOf(publicKey)).digest('hex').slice(0, 16),
    isSigned: (text, signature) => verify(null, Buffer.from(text, 'utf8'), publicKey, signature),
  }
}

/** The 32 bytes of an Ed25519 public key in base64url, to be published for checking without us (as `x` of a JWK, RFC 8037). */
export const writeCertificateKey = (publicKey: KeyObject): string => rawOf(publicKey).toString('base64url')

/** A key as `writeCertificateKey` gave it. @throws Error when it is none */
export const readCertificateKey = (x: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })

// The key itself are the last 32 bytes of its DER (RFC 8410, 4).
const rawOf = (publicKey: KeyObject): Buffer => publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
