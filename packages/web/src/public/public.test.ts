import { contract } from '@vigil/contract'
import { urlOf } from '@vigil/contract/client'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Answer, ask, type BoxAnswer, type CertificateAnswer, targetOf } from './code.ts'
import { chinaTime, rowsOf, verdictOf, verdictOfTarget } from './verdict.ts'

const gtin = '02000000000015'

test('a code leads to the answer of the contract, or to none where codes can be guessed', () => {
  const box = (path: string) => urlOf(contract['cold-public.code'], {}, { code: `https://id.gs1.org${path}` })
  const token = 'AbC-_9'
  const address = urlOf(contract['cold-public.certificate'], { token })
  for (const path of [`/z/${token}`, `/z/${token}/`]) expect(targetOf(path)).toEqual({ kind: 'certificate', address })
  for (const path of [`/01/${gtin}/21/A%2FB`, `/01/${gtin}/10/L1/21/S`]) {
    const found = targetOf(path)
    expect(found.kind).toBe('box')
    expect('address' in found && decodeURIComponent(found.address)).toBe(decodeURIComponent(box(path)))
  }
  expect(targetOf(`/01/${gtin}/10/L1`)).toEqual({ kind: 'lot' })
  expect(targetOf(`/01/${gtin}`)).toEqual({ kind: 'goods' })
  expect(targetOf('/00/069012340000000018')).toEqual({ kind: 'pallet' })
})

const lot: NonNullable<CertificateAnswer['lot']> = {
  ...{ kind: 'imported', goodsName: '冻三文鱼', lotNo: 'L1', origin: '挪威', importer: '进口商', station: '监管仓' },
  ...{ producedOn: '2022-01-01', expiresOn: '2023-01-01', tested: '2022-03-01', disinfected: '2022-03-01' },
  ...{ released: '2022-03-02', recalled: null },
}
const at = '2022-12-31T16:00:00.000Z'
const box = (change: Partial<BoxAnswer> = {}): Answer => ({
  kind: 'box',
  facts: { ...lot, gate: 'released', scans: 1, at, ...change },
})
const certificate = (state: CertificateAnswer['state']): Answer => {
  const facts = { state, number: 'CC1', issuedOn: '2022-03-02', grams: 12_500, boxes: 2, scans: 1, at }
  return { kind: 'certificate', facts: { ...facts, lot: state === 'unknown' || state === 'forged' ? null : lot } }
}

test('only a released box and a valid certificate in time are good, and every answer says what to do', () => {
  expect(verdictOf(box()).tone).toBe('good')
  expect(verdictOf(certificate('valid')).tone).toBe('good')
  expect(verdictOf(box({ expiresOn: '2022-12-31' })).word).toBe('已过期')
  const others: Answer[] = [
    ...(['declared', 'testing', 'positive', 'withdrawn'] as const).map((gate) => box({ gate })),
    ...(['withdrawn', 'replaced', 'unknown', 'forged'] as const).map(certificate),
    box({ recalled: '2022-05-01' }),
    { kind: 'unknown' },
  ]
  expect(others.map((answer) => verdictOf(answer).tone)).toEqual(others.map(() => 'bad'))
  for (const why of ['offline', 'busy', 'fault'] as const)
    expect(verdictOf({ kind: 'failed', why })).toMatchObject({ tone: 'wait', todo: [expect.any(String)] })
  for (const answer of others) expect(verdictOf(answer).todo.length).toBeGreaterThan(0)
  for (const kind of ['goods', 'lot', 'pallet'] as const) expect(verdictOfTarget({ kind })?.tone).toBe('wait')
})

test('what is not ours has no lines; the others tell origin, dates, importer, test, disinfection and release', () => {
  expect(rowsOf(certificate('forged'))).toEqual([])
  const told = rowsOf(certificate('valid')).map(([, value]) => value)
  for (const value of ['CC1', '2 箱，净重 12.5 千克', '挪威', '进口商', '2022-03-01 阴性', '2022-03-02'])
    expect(told).toContain(value)
  const released = (answer: Answer) => rowsOf(answer).at(-1)
  expect(released(certificate('withdrawn'))).toEqual(['放行', '已撤销'])
  expect(released(box({ gate: 'testing', released: null }))).toEqual(['放行', '尚未放行'])
  expect(released(box({ kind: 'foreign' }))).toEqual(['放行', '2022-03-02 凭外省出仓证明'])
  expect(rowsOf(box({ tested: null, importer: null })).map(([, value]) => value)).toContain('本系统无记录')
})

test('times are those of China whatever the phone says', () => {
  expect(chinaTime(at)).toBe('2023-01-01 00:00')
})

test('a look-up never fails, and is good news only from the API', async () => {
  const answering = (status: number, type: string, body: string) => async () =>
    new Response(body, { status, headers: { 'content-type': type } })
  const to = (fetcher: typeof fetch) => ask('box', '/api', fetcher)
  expect(await to(answering(200, 'application/json', '{"a":1}'))).toEqual({ kind: 'box', facts: { a: 1 } })
  expect(await to(answering(200, 'text/html', '<p>'))).toEqual({ kind: 'failed', why: 'fault' })
  expect(await to(answering(200, 'application/json', '{'))).toEqual({ kind: 'failed', why: 'offline' })
  expect(await to(() => Promise.reject(new TypeError('network')))).toEqual({ kind: 'failed', why: 'offline' })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 400, max: 599 }), async (status) => {
      const { kind } = await to(answering(status, 'application/problem+json', '{}'))
      expect(kind).toBe(status === 400 || status === 404 ? 'unknown' : 'failed')
    }),
  )
})
