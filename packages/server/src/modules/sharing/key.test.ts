import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Algorithm, createKey, isSignedBy, signText } from './key.ts'
import { contentDigest, signatureBase, signatureHeaders } from './signature.ts'
import { point, verifySm2 } from './sm2.fixture.ts'

// GB/T 32918.5-2017, annex A: public key and signature of "message digest" with the default identifier.
const example = {
  publicKey: `09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13`,
  signature: `f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa`,
}
const pem = (body: Buffer) => `-----BEGIN PUBLIC KEY-----\n${body.toString('base64')}\n-----END PUBLIC KEY-----\n`
const sm2Spki = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d03420004', 'hex')

describe('SM2', () => {
  test('the example of the standard verifies, and nothing next to it', () => {
    const publicKey = pem(Buffer.concat([sm2Spki, Buffer.from(example.publicKey, 'hex')]))
    const signature = Buffer.from(example.signature, 'hex')
    expect(isSignedBy('sm2', publicKey, 'message digest', signature)).toBe(true)
    expect(isSignedBy('sm2', publicKey, 'message digesT', signature)).toBe(false)
    expect(isSignedBy('sm2', publicKey, 'message digest', Buffer.concat([signature.subarray(32), signature]))).toBe(
      false,
    )
  })
  test('what is signed here verifies by the formulas of the standard', () => {
    const key = createKey('sm2')
    for (const text of ['', 'abc', '中文\n第二行']) {
      const signature = signText('sm2', key.privateKey, text)
      expect(signature.length).toBe(64)
      expect(verifySm2(point(key.publicKey), text, signature)).toBe(true)
      expect(verifySm2(point(key.publicKey), `${text}.`, signature)).toBe(false)
    }
  })
})

test.each<Algorithm>(['ed25519', 'sm2'])('%s: signed is verified, changed is not', (algorithm) => {
  const key = createKey(algorithm)
  const other = createKey(algorithm)
  expect(key.id).toMatch(/^[0-9a-f]{16}$/)
  expect(key.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(511), (text, bit) => {
      const signature = signText(algorithm, key.privateKey, text)
      expect(isSignedBy(algorithm, key.publicKey, text, signature)).toBe(true)
      expect(isSignedBy(algorithm, other.publicKey, text, signature)).toBe(false)
      expect(isSignedBy(algorithm, key.publicKey, `${text}x`, signature)).toBe(false)
      signature[bit >> 3]! ^= 1 << (bit & 7)
      expect(isSignedBy(algorithm, key.publicKey, text, signature)).toBe(false)
    }),
    { numRuns: 30 },
  )
})

test('a digest has the form of RFC 9530', () => {
  const sha256 = createHash('sha256').update('{"hello": "world"}').digest('hex')
  expect(contentDigest(sha256)).toBe('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:')
})

test('the signature base has the form of RFC 9421, and covers every header that is given', () => {
  const request = {
    method: 'POST',
    url: new URL('https://Example.com:443/foo?param=Value&Pet=dog'),
    headers: { 'content-type': 'application/json', 'content-length': '18' },
  } as const
  // The request and the covered components of RFC 9421, B.2.5, with the parameters of B.2.6.
  const parameters =
    '("@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
  expect(signatureBase(request, ['@method', '@path', '@authority', 'content-type', 'content-length'], parameters)).toBe(
    `"@method": POST\n"@path": /foo\n"@authority": example.com\n"content-type": application/json\n"content-length": 18\n"@signature-params": ${parameters}`,
  )
  const key = createKey('ed25519')
  const signing = { id: key.id, algorithm: key.algorithm, privateKey: key.privateKey }
  const signed = signatureHeaders(request, signing, new Date(1_618_884_473_000))
  const input = `("@method" "@authority" "@path" "@query" "content-type" "content-length");created=1618884473;keyid="${key.id}";alg="ed25519";tag="vigil-sharing"`
  expect(signed['signature-input']).toBe(`vigil=${input}`)
  const base = `"@method": POST\n"@authority": example.com\n"@path": /foo\n"@query": ?param=Value&Pet=dog\n"content-type": application/json\n"content-length": 18\n"@signature-params": ${input}`
  const bytes = Buffer.from(/^vigil=:(.+):$/.exec(signed.signature)![1]!, 'base64')
  expect(isSignedBy('ed25519', key.publicKey, base, bytes)).toBe(true)
})
