import { expect, test } from 'vitest'
import { createSigner, headText, isSigned } from './signer.ts'

const head = {
  treeSize: 3,
  root: Buffer.alloc(32, 7),
  maxSeq: 5,
  signedAt: '2026-11-22T01:02:03.456789Z',
  keyId: 'k',
}

test('the seed of RFC 8032, 7.1, test 2 gives its public key and signature', () => {
  const signer = createSigner(Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex'))
  expect(signer.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')).toBe(
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  )
  // The message of test 2 is the single byte 0x72, "r".
  expect(signer.sign('r').toString('hex')).toBe(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  )
})

test('the signature covers every field of a head', () => {
  const signer = createSigner(Buffer.alloc(32, 1))
  const signature = signer.sign(headText(head))
  expect(isSigned(head, signature, signer.publicKey)).toBe(true)
  const changes = [
    { treeSize: 4 },
    { root: Buffer.alloc(32, 8) },
    { maxSeq: 6 },
    { signedAt: '2026-11-22T01:02:03.456788Z' },
    { keyId: 'l' },
  ]
  for (const change of changes) expect(isSigned({ ...head, ...change }, signature, signer.publicKey)).toBe(false)
  expect(isSigned(head, signature, createSigner(Buffer.alloc(32, 2)).publicKey)).toBe(false)
  expect(isSigned(head, Buffer.alloc(3), signer.publicKey)).toBe(false)
})

test('a seed of another length is refused', () => {
  expect(() => createSigner(Buffer.alloc(31))).toThrow(RangeError)
})
