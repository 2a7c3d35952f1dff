import { addDays, uuidv7 } from '@vigil/codes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSigner } from '../../kernel/audit/index.ts'
import { readPdf, readQr } from '../pharmacy/poster.fixture.ts'
import {
  certificateToken,
  certificateUrl,
  type ExitCertificate,
  evidenceText,
  judgeCertificate,
  type PaperState,
  paperState,
  readToken,
} from './certificate.domain.ts'
import { certificateKey, readCertificateKey, writeCertificateKey } from './certificate.key.ts'
import { type CertificatePaper, certificatePdf } from './certificate.pdf.ts'

const publicUrl = 'https://shouwang.example.cn'
const signer = createSigner(Buffer.alloc(32, 7))
const other = createSigner(Buffer.alloc(32, 8))
const keys = [certificateKey(readCertificateKey(writeCertificateKey(signer.publicKey)))]
const certificate: ExitCertificate = {
  number: '晋仓证〔2026〕000123号',
  release: uuidv7(Date.UTC(2026, 10, 22)),
  gtin: '00200000000174',
  lot: '261122-7KQ2',
  grams: 25_400_000,
  boxes: 1_000,
  warehouse: '350582-W1',
  issuedOn: '2026-11-22',
  digest: 'ab'.repeat(32),
}
const token = certificateToken(certificate, signer)
const certificates: fc.Arbitrary<ExitCertificate> = fc.record({
  number: fc
    .string({ maxLength: 15, unit: 'grapheme' })
    .filter((text) => Buffer.byteLength(text) <= 60 && text.isWellFormed()),
  release: fc.nat(2 ** 40).map((ms) => uuidv7(ms)),
  gtin: fc.bigInt({ min: 0n, max: 99_999_999_999_999n }).map((digits) => String(digits).padStart(14, '0')),
  lot: fc.string({ maxLength: 20 }),
  grams: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  boxes: fc.nat(),
  warehouse: fc.string({ maxLength: 20 }),
  issuedOn: fc.nat(20_000).map((days) => addDays('2020-01-01', days)),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
})

describe('a token', () => {
  test('says what was certified, alone and in its address', () => {
    fc.assert(
      fc.property(certificates, (any) => {
        const made = certificateToken(any, signer)
        for (const text of [made, certificateUrl(publicUrl, made), ` ${made}\n`])
          expect(judgeCertificate(text, keys)).toEqual({ state: 'valid', certificate: any, offline: true })
      }),
    )
  })
  test('is small enough for a QR code that a phone reads from paper', () => {
    expect(certificateUrl(publicUrl, token).length).toBeLessThan(300)
  })
  test('with any sign changed, put in or left out is not valid', () => {
    const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...signs, '', '=', ' ', 'ab'), (at, sign) => {
        fc.pre(token[at] !== sign)
        const changed = token.slice(0, at) + sign + token.slice(at + 1)
        expect(['forged', 'unknown']).toContain(judgeCertificate(changed, keys).state)
      }),
      { numRuns: 500 },
    )
  })
  test('of any other text is unknown, and nothing is thrown', () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => judgeCertificate(text, keys).state === 'unknown'))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 65, maxLength: 300 }), (bytes) => {
        bytes[0] = 1
        const text = Buffer.from(bytes).toString('base64url')
        expect(['unknown', 'forged']).toContain(judgeCertificate(text, keys).state)
      }),
    )
  })
  test('is not made of what it cannot hold', () => {
    for (const wrong of [
      { gtin: '123' },
      { grams: -1 },
      { grams: 0.5 },
      { release: 'x' },
      { digest: 'AB' },
      { lot: '批'.repeat(21) },
    ])
      expect(() => certificateToken({ ...certificate, ...wrong }, signer)).toThrow(RangeError)
  })
})

describe('the states', () => {
  const known =
    (state: PaperState, facts: Partial<ExitCertificate> = {}) =>
    () => ({
      certificate: { ...certificate, ...facts },
      state,
    })
  test('valid, withdrawn, replaced, unknown and forged are told apart', () => {
    expect(judgeCertificate(token, keys, known('valid'))).toEqual({ state: 'valid', certificate, offline: false })
    for (const state of ['withdrawn', 'replaced'] as const)
      expect(judgeCertificate(token, keys, known(state)).state).toBe(state)
    expect(judgeCertificate(token, keys, () => null).state).toBe('unknown')
    expect(judgeCertificate(token, keys, known('valid', { grams: 1 })).state).toBe('forged')
    expect(judgeCertificate(token, []).state).toBe('unknown')
    expect(judgeCertificate(certificateToken(certificate, other), keys).state).toBe('unknown')
  })
  test('another key under our name is forged, and so is a signature of another purpose', () => {
    const impostor = certificateToken(certificate, { keyId: signer.keyId, sign: (text) => other.sign(text) })
    expect(judgeCertificate(impostor, keys)).toEqual({ state: 'forged', certificate: null, offline: true })
    const crossed = certificateToken(certificate, { keyId: signer.keyId, sign: (text) => signer.sign(text.slice(1)) })
    expect(judgeCertificate(crossed, keys).state).toBe('forged')
  })
})

test('a known certificate has the token that the public page is tested with', () => {
  const known = {
    ...{ number: 'CC20261122000001', release: '019aa8f0-0000-7000-8000-000000000001', gtin: '00200000000174' },
    ...{ lot: '261122-7KQ2', grams: 25_400_001, boxes: 1000, warehouse: 'JJ-仓1', issuedOn: '2026-11-22' },
    digest: 'ab'.repeat(32),
  }
  expect(certificateToken(known, signer)).toBe(
    'Af6BLBLzq0zmAZqo8AAAcACAAAAAAAAAAaurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6ur1RPBpY4M6AeuobeH6QULMjYxMTIyLTdLUTIHSkot5LuTMRBDQzIwMjYxMTIyMDAwMDAx10KC3Bb7nvG_h3IhBLUIXwZ_r0apfF8ialXYDdeEZm0dpGb9iDbtHxZUFLG3s5hro48f8R4jbVrM2PAHMfxeAA',
  )
  expect([signer.keyId, writeCertificateKey(signer.publicKey)]).toEqual([
    'fe812c12f3ab4ce6',
    '6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw',
  ])
})

test('only the release that stands last makes a paper valid; after a later one it is replaced', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(4), (count, at) => {
      const releases = Array.from({ length: count }, (_, n) => ({
        id: String(n),
        kind: n % 2 === 0 ? ('release' as const) : ('withdraw' as const),
      }))
      const own = String(Math.min(2 * at, count - 1 - ((count - 1) % 2)))
      const open = count % 2 === 1
      const expected = !open ? 'withdrawn' : own === String(count - 1) ? 'valid' : 'replaced'
      expect(paperState(own, releases)).toBe(expected)
    }),
  )
  expect(paperState('0', [])).toBe('withdrawn')
})

test('evidence is one text in whatever order it comes, and another when anything differs', () => {
  const documents = [
    { kind: 'customs', number: '1', sha256: 'AA' },
    { kind: 'test', number: '2', sha256: 'bb' },
  ]
  const results = [{ subject: 'goods', code: 'S1', result: 'negative' }]
  expect(evidenceText(documents.toReversed(), results)).toBe(evidenceText(documents, results))
  expect(evidenceText(documents, [{ ...results[0]!, result: 'positive' }])).not.toBe(evidenceText(documents, results))
  expect(evidenceText(documents.slice(1), results)).not.toBe(evidenceText(documents, results))
})

describe('the paper', () => {
  const paper = {
    certificate,
    token,
    issuer: '晋江市市场监督管理局',
    warehouse: '晋江市集中监管仓',
    goods: '冷冻去骨牛前八件套',
    spec: '25.4 千克/箱',
    origin: '巴西',
    plantNo: 'SIF 4507',
    owner: '泉州海通进出口贸易有限公司',
    recipient: '晋江鑫达冷冻食品批发部',
    produced: '2026-08-01',
    expires: '2028-07-31',
    enteredOn: '2026-11-20',
    documents: [{ name: '报关单 220220261000001234', sha256: 'cd'.repeat(32) }],
    results: ['核酸检测：货物 10 份、包装 10 份，均为阴性', '预防性消毒：2026-11-21 含氯消毒剂'],
    withdrawn: null,
  }
  const make = async (withdrawn: CertificatePaper['withdrawn']) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of certificatePdf({ ...paper, withdrawn }, publicUrl)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  test('is one page of A4 with a code that is valid', async () => {
    const pdf = readPdf(await make(null))
    expect(pdf.pages).toHaveLength(1)
    const text = pdf.pages[0]!.texts.join('')
    for (const words of [
      certificate.number,
      certificate.lot,
      '1000 箱',
      '25400 千克',
      paper.recipient,
      certificate.release,
      '2026年11月22日',
      publicUrl,
    ])
      expect(text).toContain(words)
    expect(text).not.toContain('检测结果更正')
    const [found] = await readQr(pdf.pages[0]!)
    expect(judgeCertificate(found!, keys)).toMatchObject({ state: 'valid', certificate })
    expect(readToken(found!)?.keyId).toBe(signer.keyId)
  })
  test('says so when it was withdrawn or replaced', async () => {
    for (const word of ['已撤销', '已换发']) {
      const text = readPdf(await make({ word, note: '检测结果更正' })).pages[0]!.texts.join('')
      for (const words of [word, '检测结果更正']) expect(text).toContain(words)
    }
  })
})
