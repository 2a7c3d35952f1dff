import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCode } from './code.ts'
import {
  applyWaiting,
  arrivalsOf,
  countBodies,
  expectedArrival,
  expectedStock,
  type Pack,
  receiveBodies,
} from './movement.ts'
import { begin, drop, gramsIn, missingOf, type Session, scan, totalOf, weigh } from './session.ts'

const gtin = '04012345111118'
const boxUri = (n: number) => `https://id.gs1.org/01/${gtin}/21/B${n}`
const lotUri = (n: number) => `https://id.gs1.org/01/${gtin}/10/L${n}`
const palletUri = (n: number) => `https://id.gs1.org/00/${['140123451122233341', '340123453111111115'][n]}`
const lot = (n: number) => ({
  ...{
    id: `lot-${n}`,
    uri: lotUri(n),
    gtin,
    lotNo: `L${n}`,
    goodsName: '冻三文鱼',
    kind: 'imported',
    gate: 'released',
  },
  ...{ origin: null, supplierLot: null, containerNo: null, producedOn: null, expiresOn: null, holderName: '监管仓' },
})
const at = '2026-03-14T06:00:00.000Z'
const adviceUri = 'urn:uuid:advice'

/** Six boxes of two lots: three of each, in stock or on the way; some on a pallet. */
const packOf = (onTheWay: boolean): Pack => {
  const boxes = Array.from({ length: 6 }, (_, n) => ({
    ...{ uri: boxUri(n), lotId: `lot-${n % 2}`, grams: 1000 + n },
    ...{ pallet: n < 3 ? palletUri(0) : null, dispatch: onTheWay ? adviceUri : null },
  }))
  const grams = (id: string) => boxes.filter((box) => box.lotId === id).reduce((sum, box) => sum + box.grams, 0)
  const way = (n: number) => ({
    ...{ uri: adviceUri, lotId: `lot-${n}`, lotNo: `L${n}`, goodsName: '冻三文鱼', fromName: '甲', toName: '乙' },
    ...{ returned: false, grams: grams(`lot-${n}`), lostGrams: 0, sentAt: at },
  })
  const held = (n: number) => ({ lotId: `lot-${n}`, grams: grams(`lot-${n}`), countedAt: null, movedAt: at })
  return {
    ...{ at, lots: [lot(0), lot(1)] as Pack['lots'], boxes, cut: false },
    ...{ stock: onTheWay ? [] : [held(0), held(1)], arriving: onTheWay ? [way(0), way(1)] : [] },
  }
}

type Act = {
  readonly act: 'box' | 'far' | 'pallet' | 'lot' | 'drop' | 'weigh'
  readonly n: number
  readonly grams: number
}
const acts = fc.array(
  fc.record<Act>({
    act: fc.constantFrom('box', 'far', 'pallet', 'lot', 'drop', 'weigh'),
    n: fc.integer({ min: 0, max: 5 }),
    grams: fc.integer({ min: 0, max: 2000 }),
  }),
  { maxLength: 30 },
)
const textOf = ({ act, n }: Act) =>
  ({ box: boxUri(n), far: boxUri(n + 100), pallet: palletUri(n % 2), lot: lotUri(n % 3), drop: boxUri(n), weigh: '' })[
    act
  ]
const step = (session: Session, one: Act): Session => {
  if (one.act === 'drop') return drop(session, textOf(one))
  if (one.act === 'weigh') return weigh(session, `lot-${one.n % 2}`, one.grams)
  return scan(session, textOf(one), readCode(textOf(one)))
}
const sessionOf = (pack: Pack, list: readonly Act[]) => {
  const [arrival] = arrivalsOf(pack)
  return list.reduce(step, begin(arrival ? expectedArrival(pack, arrival) : expectedStock(pack)))
}
const gramsOf = (stock: Pack['stock']) => stock.reduce((sum, { grams }) => sum + grams, 0)

describe('a session', () => {
  test('each expected box is scanned or missing, once; nothing else counts, and no lot is both scanned and weighed', () => {
    fc.assert(
      fc.property(acts, fc.boolean(), (list, way) => {
        const session = sessionOf(packOf(way), list)
        const missing = missingOf(session).map(({ uri }) => uri)
        const all = [...session.scanned, ...missing].sort()
        expect(all).toEqual(session.expected.boxes.map(({ uri }) => uri).sort())
        for (const { code } of session.strays) expect('uri' in code && all.includes(code.uri)).toBe(false)
        const boxGrams = session.scanned.reduce((sum, uri) => sum + 1000 + Number(uri.slice(-1)), 0)
        const weighed = Object.values(session.weighed).reduce((sum, grams) => sum + grams, 0)
        expect(totalOf(session)).toBe(boxGrams + weighed)
        for (const id of Object.keys(session.weighed))
          expect(session.expected.boxes.some((box) => box.lotId === id && session.scanned.includes(box.uri))).toBe(
            false,
          )
      }),
    )
  })

  test('scanning is the same in every order, and a second time only counted', () => {
    const boxes = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 })
    fc.assert(
      fc.property(boxes, (order) => {
        const list = order.map((n): Act => ({ act: 'box', n, grams: 0 }))
        const once = sessionOf(packOf(false), list)
        const again = list.reduce(step, once)
        expect(again.scanned).toEqual(once.scanned)
        expect(again.last?.outcome).toBe('twice')
        expect(Object.keys(again.twice).sort()).toEqual([...once.scanned].sort())
        expect([...once.scanned].sort()).toEqual(order.map(boxUri).sort())
      }),
    )
  })

  test('a pallet is all of its boxes; an unknown code is kept with how often', () => {
    const pallet = sessionOf(packOf(false), [{ act: 'pallet', n: 0, grams: 0 }])
    expect([pallet.scanned.length, pallet.last?.outcome]).toEqual([3, 'many'])
    const far: Act = { act: 'far', n: 1, grams: 0 }
    expect(sessionOf(packOf(false), [far, far]).strays).toMatchObject([{ times: 2 }])
    expect(sessionOf(packOf(false), [{ act: 'lot', n: 1, grams: 0 }]).last).toMatchObject({ outcome: 'weigh' })
  })
})

describe('what is sent', () => {
  const common = { holderId: 'holder', at }
  test('a receipt with its losses accounts for every box, and the pack afterwards for every gram', () => {
    fc.assert(
      fc.property(acts, fc.boolean(), (list, lost) => {
        const pack = packOf(true)
        const [arrival] = arrivalsOf(pack)
        const session = sessionOf(pack, list)
        const bodies = receiveBodies(session, arrival!, lost, common)
        const codes = bodies.flatMap(({ lines }) => lines.map(({ code }) => code))
        expect(new Set(codes).size).toBe(codes.length)
        const after = bodies.reduce(applyWaiting, pack)
        expect(gramsOf(after.stock)).toBe(totalOf(session))
        const lostGrams = lost
          ? missingOf(session)
              .filter(({ lotId }) => session.weighed[lotId] === undefined)
              .reduce((sum, { grams }) => sum + grams, 0)
          : 0
        const declared = bodies.flatMap(({ kind, lines }) => (kind === 'lose' ? lines : []))
        expect(declared.reduce((sum, { code }) => sum + 1000 + Number(code.slice(-1)), 0)).toBe(lostGrams)
        expect(
          after.boxes
            .filter(({ dispatch }) => dispatch === null)
            .map(({ uri }) => uri)
            .sort(),
        ).toEqual([...session.scanned].sort())
      }),
    )
  })

  test('what waits to be sold is not in stock any more, and never less than nothing is', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const pack = packOf(false)
        const session = sessionOf(pack, list)
        const lines = session.expected.lots.flatMap(({ id, uri }) => {
          const grams = session.weighed[id]
          return grams === undefined
            ? session.scanned
                .filter((box) => session.expected.boxes.some((b) => b.uri === box && b.lotId === id))
                .map((code) => ({ code }))
            : [{ code: uri, grams }]
        })
        if (lines.length === 0) return
        const after = applyWaiting(pack, { ...common, kind: 'sell', lines })
        for (const { lotId, grams } of pack.stock) {
          const left = after.stock.find((each) => each.lotId === lotId)?.grams ?? 0
          expect(left).toBe(Math.max(0, grams - gramsIn(session, lotId)))
        }
      }),
    )
  })

  test('a count declares lost what is missing of the lots that were counted, and no other', () => {
    const session = sessionOf(packOf(false), [{ act: 'box', n: 0, grams: 0 }])
    const bodies = countBodies(session, true, common)
    expect(bodies.map(({ kind, lines }) => [kind, lines.map(({ code }) => code)])).toEqual([
      ['lose', [boxUri(2), boxUri(4)]],
      ['count', [boxUri(0)]],
    ])
  })
})
