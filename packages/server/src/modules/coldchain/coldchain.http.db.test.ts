import { Readable } from 'node:stream'
import { dayOf } from '@vigil/codes'
import { openTrace } from '@vigil/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client } from '../../kernel/access/access.fixture.ts'
import { createAccount } from '../../kernel/access/index.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { readPdf } from '../pharmacy/poster.fixture.ts'
import { judgeCertificate } from './certificate.domain.ts'
import { certificateKey, readCertificateKey } from './certificate.key.ts'
import { type ColdCity, createColdCity, officer } from './coldchain.fixture.ts'
import { listGaps } from './gap.read.ts'
import { addPhoto } from './violation.service.ts'

const password = 'correct horse battery'
let city: ColdCity
let director: Client
let anybody: Client
beforeAll(async () => {
  city = await createColdCity()
  const { app } = city
  await app.kernel.connections.system.query(
    `INSERT INTO vigil.setting (name, value) VALUES ('access.totp', '{"mode":"optional"}') ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
  const grants = [{ roleCode: 'city-director', areaCode: '350500' }]
  await withScope(app.kernel.db, systemScope, (tx) =>
    createAccount(tx, { username: 'director', displayName: '市局', password, grants }),
  )
  director = new Client(app.http)
  expect((await director.signIn('director', { password })).statusCode).toBe(200)
  anybody = new Client(app.http)
}, 120_000)
afterAll(() => city.close())

const get = async (path: string, client = director, status = 200) => {
  const response = await client.call('GET', `/api/coldchain/${path}`)
  expect([path, response.statusCode, response.statusCode === status ? '' : response.body]).toEqual([path, status, ''])
  return response.json()
}
const post = async (path: string, body: object, status = 201) => {
  const response = await director.call('POST', `/api/coldchain/${path}`, body)
  expect([path, response.statusCode, response.statusCode === status ? '' : response.body]).toEqual([path, status, ''])
  return response.json()
}

describe('over HTTP', () => {
  test('a lot goes from the queue to the plate, and every page tells so', async () => {
    const { importer, warehouse, shop } = city.holders
    const { id, declaration } = await city.lot({ released: false })
    const waiting = await city.declared({ supplierLot: 'SUP-WAIT' })
    for (const state of ['declared', 'waiting'])
      expect((await get(`declarations?state=${state}`)).items.map((item: { id: string }) => item.id)).toEqual([waiting])
    expect(await get(`declarations/${declaration}`)).toMatchObject({
      ...{
        state: 'entered',
        driverName: '王**',
        problems: [],
        figures: [{ side: 'consignor' }, { side: 'warehouse' }],
      },
      documents: [{ kind: 'customs' }, { kind: 'quarantine' }, { kind: 'test' }, { kind: 'disinfection' }],
    })
    expect((await get('lots?gate=testing')).items).toMatchObject([{ id, gate: 'testing' }])
    const before = await get(`lots/${id}`)
    expect(before.problems.map(({ rule }: { rule: string }) => rule)).toContain('no-sample-vehicle')
    const { codes } = await post(`lots/${id}/boxes`, { boxes: Array.from({ length: 10 }, () => ({ grams: 1000 })) })
    const [box] = codes as [string]
    expect(await get(`public/codes?code=${encodeURIComponent(box)}`, anybody)).toMatchObject({
      ...{ gate: 'testing', released: null, importer: '冷链importer', scans: 1 },
    })
    for (const subject of ['goods', 'packaging', 'vehicle']) {
      const sample = await post(`lots/${id}/samples`, { code: `T-${subject}`, subject, grams: 0 })
      await post(`samples/${sample.id}/result`, { result: 'negative', lab: '疾控', reportNo: 'R' }, 200)
      await post(`samples/${sample.id}/result`, { result: 'positive', lab: '疾控', reportNo: 'R' }, 409)
    }
    await post(`lots/${id}/certificates`, { boxes: 1, grams: 1000 }, 409)
    await post(`lots/${id}/disinfections`, { agent: '过氧乙酸', doneAt: new Date(Date.now() - 1000), note: '' })
    expect(await post(`lots/${id}/release`, { reason: '' }, 200)).toMatchObject({ gate: 'released', problems: [] })
    const paper = await post(`lots/${id}/certificates`, { boxes: 1, grams: 1000 })
    expect(await get(`public/certificates/${paper.token}`, anybody)).toMatchObject({
      ...{ state: 'valid', number: paper.number, grams: 1000, scans: 1 },
    })
    const forged = `${paper.token.slice(0, 60)}${paper.token[60] === 'A' ? 'B' : 'A'}${paper.token.slice(61)}`
    expect((await get(`public/certificates/${forged}`, anybody)).state).toBe('forged')
    for (const path of [`certificates/${paper.id}`, `lots/${id}/labels?format=pdf`, `lots/${id}/labels?format=zpl`]) {
      const response = await director.call('GET', `/api/coldchain/${path}`)
      expect([path, response.statusCode, response.rawPayload.length > 1000]).toEqual([path, 200, true])
    }

    const sent = await post('trade', { kind: 'ship', holderId: warehouse, toId: shop, lines: [{ code: box }] })
    expect((await get('dispatches')).items).toMatchObject([{ uri: sent.dispatch, grams: 1000, lostGrams: 0 }])
    await post('trade', { kind: 'receive', holderId: shop, dispatch: sent.dispatch, lines: [{ code: box }] })
    const cut = await post('trade', {
      ...{ kind: 'process', holderId: shop, lines: [{ code: box }] },
      outputs: [{ goodsId: city.fillet, lotNo: '', grams: 900 }],
    })
    await post('trade', { kind: 'sell', holderId: shop, lines: [{ code: cut.outputs[0].uri, grams: 300 }] })
    const wrong = await post(
      'trade',
      { kind: 'sell', holderId: shop, lines: [{ code: cut.outputs[0].uri, grams: 601 }] },
      400,
    )
    expect(wrong.detail).toMatch(/库存不足：现有 600 克，需要 601 克.*ni:\/\/\/sha-256;/)

    const page = await get(`lots/${id}`)
    expect(page.balances).toMatchObject([{ holderId: warehouse, grams: 9000 }])
    expect(page.movements.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['enter', 'ship', 'receive', 'use', 'observe']),
    )
    const forward = openTrace(await get(`trace?direction=forward&code=${encodeURIComponent(box)}`))
    expect(forward.flows).toEqual([{ from: id, to: cut.outputs[0].lotId, grams: 900 }])
    expect(forward.lots).toHaveLength(2)
    expect(forward.dispatches).toMatchObject([
      { lotId: id, fromId: warehouse, toId: shop, grams: 1000, received: true },
    ])
    const stock = Object.fromEntries(forward.lots.map((lot) => [lot.id, lot.balances.map(({ grams }) => grams)]))
    expect(stock).toEqual({ [id]: [9000], [cut.outputs[0].lotId]: [600] })
    expect(Object.fromEntries(forward.places.map((place) => [place.id, place.grams]))).toEqual({
      [warehouse]: 9000,
      [shop]: 600,
    })
    const backward = await get(`trace?direction=backward&code=${encodeURIComponent(cut.outputs[0].uri)}`)
    expect(backward.lots.map((lot: { id: string }) => lot.id).sort()).toEqual([id, cut.outputs[0].lotId].sort())
    expect(openTrace(backward).flows).toEqual(forward.flows)
    for (const q of ['SUP-1', 'MSKU1234567', (await get(`declarations/${declaration}`)).number, page.lotNo])
      expect([q, (await get(`lots?q=${q}`)).items.some((lot: { id: string }) => lot.id === id)]).toEqual([q, true])
    const later = {
      ...city.parts,
      kernel: { ...city.app.kernel, clock: { now: () => new Date(Date.now() + 40 * 86_400_000) } },
    }
    const late = async () =>
      (await listGaps(later, officer, undefined)).items.map(({ kind, lotId, grams }) => [kind, lotId, grams])
    const own = cut.outputs[0].lotId
    expect((await get('gaps')).total).toBe(0)
    expect(await late()).toEqual(
      expect.arrayContaining([
        ['not-sent-on', id, 9000],
        ['uncounted', id, 9000],
        ['uncounted', own, 600],
      ]),
    )
    await post('trade', { kind: 'count', holderId: warehouse, lines: [{ code: page.uri, grams: 8000 }] }, 400)
    await post(`lots/${id}/withdraw`, { reason: '复检阳性' }, 200)
    expect((await get(`public/certificates/${paper.token}`, anybody)).state).toBe('withdrawn')
    const today = dayOf(city.app.kernel.clock.now())
    expect(await get(`overview?from=${today}&to=${today}`)).toMatchObject({
      ...{ waiting: 1, disputed: 0, testing: 0, lots: 1, grams: 10_000, released: 1, violations: 0 },
      warehouses: [{ id: warehouse, grams: 9000, lots: 1, waiting: 1 }],
    })
    expect((await get('holders?kind=importer')).items).toMatchObject([{ id: importer }])
  })

  test('a scanned code that should not be there raises a violation, with photo, until it is closed', async () => {
    const { warehouse, trader, shop } = city.holders
    const { id, uri } = await city.lot()
    const where = { place: '冷柜', lon: 118.6, lat: 24.9, grams: 500, note: '' }
    const scan = (code: string, holderId: string) => post('scans', { ...where, code, holderId }, 200)
    expect(await scan(uri, warehouse)).toMatchObject({ lot: { id, gate: 'released' }, violation: null })
    expect((await scan(uri, trader)).violation.kind).toBe('not-here')
    expect((await scan('https://id.gs1.org/01/06901234000016/21/XX', shop)).violation.kind).toBe('unknown-code')
    expect((await scan('随便写的', shop)).violation.kind).toBe('unknown-code')
    await post(`lots/${id}/withdraw`, { reason: '阳性' }, 200)
    const { violation } = await scan(uri, shop)
    expect(violation.kind).toBe('not-released')
    const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(100)])
    const photo = { filename: 'a.png', stream: Readable.from([png]) }
    expect(await addPhoto(city.parts, officer, violation.id, photo)).toMatchObject({ photos: 1 })
    const open = await get('violations?state=open')
    expect(open.items).toHaveLength(4)
    await post(`violations/${violation.id}/close`, { outcome: '下架封存', withdrawnGrams: 500 }, 200)
    await post(`violations/${violation.id}/close`, { outcome: '再次', withdrawnGrams: 500 }, 409)
    const today = dayOf(city.app.kernel.clock.now())
    const figures = { openViolations: 3, violations: 4, withdrawnGrams: 500 }
    expect(await get(`overview?from=${today}&to=${today}`)).toMatchObject(figures)
  })

  test('anybody learns of a box by its code and of a certificate by its token, and of nothing else', async () => {
    const { id, uri } = await city.lot()
    const { codes } = await post(`lots/${id}/boxes`, { boxes: [{ grams: 1000 }] })
    const [box] = codes as [string]
    const paper = await post(`lots/${id}/certificates`, { boxes: 1, grams: 1000 })
    const { lotNo } = await get(`lots/${id}`)
    const about = (path: string) => anybody.call('GET', `/api/coldchain/public/${path}`)
    const byCode = (code: string) => about(`codes?code=${encodeURIComponent(code)}`)
    const naming = (lot: string) => box.replace('/21/', `/10/${lot}/21/`)
    const seen = await byCode(naming(lotNo))
    const facts = { kind: 'imported', goodsName: '冻三文鱼', lotNo, origin: '挪威', station: '冷链warehouse' }
    expect(seen.json()).toMatchObject({ ...facts, importer: '冷链importer', gate: 'released', scans: 1 })
    const paperOf = (token: string) => about(`certificates/${token}`)
    const checked = await paperOf(paper.token)
    expect(checked.json()).toMatchObject({ state: 'valid', number: paper.number, lot: facts, scans: 1 })
    for (const { body } of [seen, checked]) expect(body).not.toMatch(/王|1380000|闽C|市局|码头路/)

    const refusals = [naming('OTHER'), uri, `${box}X`, 'https://id.gs1.org/00/069012340000000018', '随便写的']
    for (const code of refusals) {
      const answer = await byCode(code)
      const { instance: _, ...problem } = answer.json()
      const same = { title: '没有找到', status: 404, code: 'not-found' }
      expect([code, answer.statusCode, problem]).toMatchObject([code, 404, same])
      expect(problem.detail).toBe('追溯码不存在，或不在您的管辖范围内')
    }
    expect((await byCode(box)).json().scans).toBe(2)

    await post(`lots/${id}/withdraw`, { reason: '复检' }, 200)
    expect((await paperOf(paper.token)).json()).toMatchObject({ state: 'withdrawn', lot: { ...facts, released: null } })
    await post(`lots/${id}/release`, { reason: '复检合格' }, 200)
    expect((await paperOf(paper.token)).json().state).toBe('replaced')
    const later = await post(`lots/${id}/certificates`, { boxes: 1, grams: 1000 })
    expect((await paperOf(later.token)).json().state).toBe('valid')
    const states = (await get(`lots/${id}`)).certificates.map(({ state }: { state: string }) => state)
    expect(states).toEqual(['replaced', 'valid'])
    const reprint = await director.call('GET', `/api/coldchain/certificates/${paper.id}`)
    for (const page of readPdf(reprint.rawPayload).pages)
      expect(page.texts.join('')).toMatch(/已换发.*重新放行，以新证为准/)
    const { keys } = (await anybody.call('GET', '/api/coldchain/public/keys')).json()
    expect(judgeCertificate(later.token, [certificateKey(readCertificateKey(keys[0].x))])).toMatchObject({
      ...{ state: 'valid', offline: true },
    })

    let guesses = refusals.length
    while ((await byCode(`${box}${guesses}`)).statusCode === 404) guesses += 1
    expect(guesses).toBe(20)
    const blocked = await byCode(box)
    expect([blocked.statusCode, Number(blocked.headers['retry-after']) > 0]).toEqual([429, true])
    expect((await paperOf(later.token)).statusCode).toBe(200)
  })
})
