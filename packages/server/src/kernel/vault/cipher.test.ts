import { createCipheriv, createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cipherKey, derive, keyedHash, sealWith, suiteFrom, suites, unsealWith } from './cipher.ts'
import { VaultError } from './error.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof VaultError) return error.code
    throw error
  }
  return 'no error'
}

describe('the primitives of this OpenSSL give the published values', () => {
  test('AES-256-GCM, McGrew and Viega, test case 16', () => {
    const cipher = createCipheriv(
      'aes-256-gcm',
      hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'),
      hex('cafebabefacedbaddecaf888'),
    )
    cipher.setAAD(hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'))
    const text = hex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    )
    expect(Buffer.concat([cipher.update(text), cipher.final()]).toString('hex')).toBe(
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    )
    expect(cipher.getAuthTag().toString('hex')).toBe('76fc6ece0f4e1768cddf8853bb2d551b')
  })

  test('SM4, GB/T 32907-2016, A.1', () => {
    const key = hex('0123456789abcdeffedcba9876543210')
    const expected = '681edf34d206965e86b3e94f536e4246'
    const ecb = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
    expect(ecb.update(key).toString('hex')).toBe(expected)
    // The first block of the CTR key stream is the encrypted counter.
    expect(createCipheriv('sm4-ctr', key, key).update(Buffer.alloc(16)).toString('hex')).toBe(expected)
  })

  test('SM3, GB/T 32905-2016, A.1', () => {
    expect(createHash('sm3').update('abc').digest('hex')).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    )
  })

  test('HKDF-SHA-256 is that of RFC 5869 with the purpose as info', () => {
    const secret = Buffer.alloc(32, 1)
    // Extract and expand written out: with an empty salt the extraction key is 32 zero bytes.
    const hmac = (key: Buffer, ...parts: Buffer[]) => {
      const pad = (byte: number) => Buffer.concat([key, Buffer.alloc(64 - key.length)]).map((b) => b ^ byte)
      const sha = (...data: Uint8Array[]) => createHash('sha256').update(Buffer.concat(data)).digest()
      return sha(pad(0x5c), sha(pad(0x36), ...parts))
    }
    const expected = hmac(hmac(Buffer.alloc(32), secret), Buffer.from('vigil/x'), Buffer.from([1]))
    expect(derive('sha256', secret, 'x', 32)).toEqual(expected)
  })
})

describe.each(suites)('%s', (suite) => {
  const key = cipherKey(suite, Buffer.alloc(32, 7))
  const aad = 'pharmacy.purchase/0193/buyer'
  const plain = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes))

  test('opens what it sealed', () => {
    fc.assert(
      fc.property(plain, fc.string(), (data, bound) => {
        expect(unsealWith(key, sealWith(key, data, bound), bound)).toEqual(data)
      }),
    )
  })

  test('keeps text as UTF-8', () => {
    expect(unsealWith(key, sealWith(key, '王小明 𠮷', aad), aad).toString('utf8')).toBe('王小明 𠮷')
  })

  test('finds any flipped bit', () => {
    const sealed = sealWith(key, '350500199001011234', aad)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(codeOf(() => unsealWith(key, changed, aad))).toBe('tampered')
    }
  })

  test('finds any cut and any addition', () => {
    const sealed = sealWith(key, 'abc', aad)
    for (let length = 0; length < sealed.length; length++) {
      expect(codeOf(() => unsealWith(key, sealed.subarray(0, length), aad))).toBe('tampered')
    }
    expect(codeOf(() => unsealWith(key, Buffer.concat([sealed, Buffer.alloc(1)]), aad))).toBe('tampered')
  })

  test('is bound to its row', () => {
    fc.assert(
      fc.property(plain, fc.string(), fc.string(), (data, one, other) => {
        fc.pre(one !== other && Buffer.compare(Buffer.from(one), Buffer.from(other)) !== 0)
        expect(codeOf(() => unsealWith(key, sealWith(key, data, one), other))).toBe('tampered')
      }),
    )
  })

  test('does not open with another key or suite', () => {
    const sealed = sealWith(key, 'abc', aad)
    expect(codeOf(() => unsealWith(cipherKey(suite, Buffer.alloc(32, 8)), sealed, aad))).toBe('tampered')
    for (const other of suites.filter((name) => name !== suite)) {
      expect(codeOf(() => unsealWith(cipherKey(other, Buffer.alloc(32, 7)), sealed, aad))).toBe('tampered')
    }
  })

  test('never repeats a nonce', () => {
    const sealed = Array.from({ length: 5_000 }, () => sealWith(key, 'a', aad).subarray(1, 13).toString('hex'))
    expect(new Set(sealed).size).toBe(5_000)
  })

  test('hashes with a key of its own', () => {
    expect(keyedHash(key, 'a')).toHaveLength(32)
    expect(keyedHash(key, 'a')).toEqual(keyedHash(key, Buffer.from('a')))
    expect(keyedHash(cipherKey(suite, Buffer.alloc(32, 8)), 'a')).not.toEqual(keyedHash(key, 'a'))
  })
})

test('the suite of new keys is configured', () => {
  expect(suiteFrom({})).toBe('aes-256-gcm')
  expect(suiteFrom({ VIGIL_CIPHER: 'sm4-ctr-hmac-sm3' })).toBe('sm4-ctr-hmac-sm3')
  expect(codeOf(() => suiteFrom({ VIGIL_CIPHER: 'rot13' }))).toBe('refused')
})
