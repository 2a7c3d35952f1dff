import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type RecallDispatch,
  type RecallFlow,
  type RecallInput,
  type RecallMovement,
  recallOf,
} from './recall.domain.ts'
import { scoreMock, settleRecall } from './recall.settle.domain.ts'

const hour = 3_600_000

/** A ledger as the database would let it be: nothing leaves that is not there, and flows tell where what was used went. */
class Ledger {
  readonly movements: RecallMovement[] = []
  readonly flows: RecallFlow[] = []
  readonly dispatches: RecallDispatch[] = []
  readonly stock = new Map<string, number>()
  #events = 0

  event(): string {
    return `e${this.#events++}`
  }
  move(
    kind: RecallMovement['kind'],
    lot: string,
    holder: string,
    grams: number,
    event = this.event(),
    dispatch: string | null = null,
  ): void {
    const key = `${lot} ${holder}`
    const left = (this.stock.get(key) ?? 0) + grams
    if (left < 0) throw new Error(`${key} is overdrawn`)
    this.stock.set(key, left)
    this.movements.push({ lot, holder, kind, grams, event, dispatch, at: this.#events * hour })
  }
  ship(lot: string, from: string, to: string, grams: number): string {
    const id = `d${this.dispatches.length}`
    this.move('ship', lot, from, -grams, this.event(), id)
    this.dispatches.push({ id, from, to, lostGrams: 0, received: false })
    return id
  }
  receive(id: string, lot: string, grams: number, lostGrams = 0): void {
    const at = this.dispatches.findIndex((each) => each.id === id)
    this.dispatches[at] = { ...this.dispatches[at]!, received: true, lostGrams }
    this.move('receive', lot, this.dispatches[at].to, grams, this.event(), id)
  }
  /** `uses` and `makes` by lot; what is used goes into the outputs in their order, the rest is lost. */
  process(holder: string, uses: readonly [string, number][], makes: readonly [string, number][]): void {
    const event = this.event()
    for (const [lot, grams] of uses) this.move('use', lot, holder, -grams, event)
    for (const [lot, grams] of makes) this.move('make', lot, holder, grams, event)
    const open = makes.map(([lot, grams]) => ({ lot: lot as string | null, grams }))
    for (const [from, used] of uses) {
      let left = used
      for (const out of open) {
        const grams = Math.min(left, out.grams)
        if (grams > 0) this.flows.push({ from, to: out.lot, grams, holder, event })
        out.grams -= grams
        left -= grams
      }
      if (left > 0) this.flows.push({ from, to: null, grams: left, holder, event })
    }
  }
  input(roots: string[], more: Partial<RecallInput> = {}): RecallInput {
    return { roots, movements: this.movements, flows: this.flows, dispatches: this.dispatches, ...more }
  }
}
const sum = (recall: ReturnType<typeof recallOf>) => recall.lines.reduce((all, { grams }) => all + grams, 0)
const short = (recall: ReturnType<typeof recallOf>) =>
  recall.lines.map(({ fate, lot, holder, grams, mass }) => [fate, lot, holder, grams, mass])

describe('a recalled lot', () => {
  test('is found in every fate, and the grams sum to the lot', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'warehouse', 1_000)
    ledger.move('enter', 'B', 'warehouse', 500)
    ledger.move('sample', 'A', 'warehouse', -10)
    const first = ledger.ship('A', 'warehouse', 'plant', 600)
    ledger.ship('A', 'warehouse', 'shop', 100)
    ledger.ship('A', 'warehouse', 'elsewhere', 90)
    ledger.receive(first, 'A', 590, 4)
    ledger.move('receive', 'B', 'plant', 1, ledger.event())
    ledger.process('plant', [['A', 400]], [['C', 300]])
    ledger.move('sell', 'C', 'plant', -50)
    ledger.move('destroy', 'A', 'plant', -20)
    ledger.move('lose', 'A', 'plant', -5)
    ledger.move('difference', 'A', 'plant', -3)
    const recall = recallOf(ledger.input(['A'], { outside: new Set(['elsewhere']) }))
    expect(recall.byFate).toEqual({
      'on-hand': 200 + 162 + 250,
      'in-transit': 100,
      left: 90,
      consumed: 50,
      destroyed: 20,
      sampled: 10,
      lost: 4 + 100 + 5 + 3,
      unaccounted: 6,
    })
    expect([recall.total, sum(recall)]).toEqual([1_000, 1_000])
    expect(recall.problems).toContainEqual({ rule: 'short', lot: 'A', event: expect.any(String), grams: 6 })
    expect(recall.lines.find(({ fate }) => fate === 'in-transit')).toMatchObject({
      holder: 'warehouse',
      to: 'shop',
      dispatch: 'd1',
    })
  })
  test('is followed into mixtures in proportion; the whole mixture has to go', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'plant', 100)
    ledger.move('enter', 'B', 'plant', 200)
    ledger.process(
      'plant',
      [
        ['A', 100],
        ['B', 200],
      ],
      [['C', 300]],
    )
    const way = ledger.ship('C', 'plant', 'shop', 100)
    ledger.receive(way, 'C', 100)
    const recall = recallOf(ledger.input(['A']))
    expect(short(recall)).toEqual([
      ['on-hand', 'C', 'plant', 67, 200],
      ['on-hand', 'C', 'shop', 33, 100],
    ])
  })
  test('that is returned is where it was returned to', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'warehouse', 100)
    ledger.receive(ledger.ship('A', 'warehouse', 'shop', 60), 'A', 60)
    ledger.receive(ledger.ship('A', 'shop', 'warehouse', 60), 'A', 60)
    expect(short(recallOf(ledger.input(['A'])))).toEqual([['on-hand', 'A', 'warehouse', 100, 100]])
  })
  test('made of others is recalled as a whole, and one recalled with its origin is counted once', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'plant', 100)
    ledger.move('enter', 'B', 'plant', 100)
    ledger.process(
      'plant',
      [
        ['A', 40],
        ['B', 40],
      ],
      [['C', 80]],
    )
    expect(recallOf(ledger.input(['C']))).toMatchObject({ total: 80, byFate: { 'on-hand': 80 } })
    expect(recallOf(ledger.input(['A', 'C']))).toMatchObject({ total: 140, byFate: { 'on-hand': 140 } })
    expect(recallOf(ledger.input(['A', 'B', 'C']))).toMatchObject({ total: 200 })
  })
  test('put back in a circle is counted once, and the circle is told', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'plant', 100)
    ledger.process('plant', [['A', 50]], [['B', 50]])
    ledger.process('plant', [['B', 20]], [['A', 20]])
    ledger.process('plant', [['B', 5]], [['B', 5]])
    const recall = recallOf(ledger.input(['A']))
    expect(recall.cycles).toEqual([['A', 'B']])
    expect([recall.total, sum(recall)]).toEqual([100, 100])
    expect(short(recall)).toEqual([
      ['on-hand', 'A', 'plant', 70, 70],
      ['on-hand', 'B', 'plant', 30, 30],
    ])
  })
  test('declared lost on the way is lost, though nothing ever arrived', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'warehouse', 100)
    ledger.ship('A', 'warehouse', 'shop', 30)
    const dispatches = ledger.dispatches.map((each) => ({ ...each, lostGrams: 20 }))
    expect(recallOf(ledger.input(['A'], { dispatches })).byFate).toMatchObject({ lost: 20, 'in-transit': 10 })
  })
  test('on the way for too long is unaccounted', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'warehouse', 100)
    ledger.ship('A', 'warehouse', 'shop', 30)
    expect(recallOf(ledger.input(['A'])).byFate['in-transit']).toBe(30)
    expect(recallOf(ledger.input(['A'], { overdueBefore: 1_000 * hour })).byFate.unaccounted).toBe(30)
  })
  test('found heavier is more of it, and a mixture found heavier is not', () => {
    const ledger = new Ledger()
    ledger.move('enter', 'A', 'plant', 100)
    ledger.move('difference', 'A', 'plant', 3)
    ledger.process('plant', [['A', 50]], [['B', 50]])
    ledger.move('difference', 'B', 'plant', 7)
    const recall = recallOf(ledger.input(['A']))
    expect(recall.total).toBe(103)
    expect(short(recall)).toEqual([
      ['on-hand', 'A', 'plant', 53, 53],
      ['on-hand', 'B', 'plant', 50, 57],
    ])
  })
})

type Draw = readonly [kind: number, lot: number, holder: number, share: number, other: number, more: number]
const draws = fc.array(
  fc.tuple(
    fc.nat(8),
    fc.nat(7),
    fc.nat(4),
    fc.integer({ min: 1, max: 1_000 }),
    fc.nat(7),
    fc.integer({ min: 0, max: 1_000 }),
  ),
  { maxLength: 60 },
)

/** Any trade that the ledger allows: splits, merges, returns, circles, losses on the way. */
function trade(steps: readonly Draw[]): Ledger {
  const ledger = new Ledger()
  for (let lot = 0; lot < 3; lot++) ledger.move('enter', `L${lot}`, 'H0', 10_000 + lot * 777)
  const open: { id: string; lot: string; grams: number }[] = []
  for (const [kind, lotAt, holderAt, share, otherAt, more] of steps) {
    const [lot, holder] = [`L${lotAt}`, `H${holderAt}`]
    const here = ledger.stock.get(`${lot} ${holder}`) ?? 0
    const grams = Math.floor((here * share) / 1_000)
    if (kind === 1 && open.length > 0) {
      const way = open.shift()!
      const came = Math.ceil((way.grams * share) / 1_000)
      ledger.receive(way.id, way.lot, came, Math.floor(((way.grams - came) * more) / 1_000))
    }
    if (grams === 0) continue
    if (kind === 0) open.push({ id: ledger.ship(lot, holder, `H${otherAt % 5}`, grams), lot, grams })
    if (kind === 2) ledger.move('sell', lot, holder, -grams)
    if (kind === 3) ledger.move('lose', lot, holder, -grams)
    if (kind === 4) ledger.move('difference', lot, holder, more % 2 ? -grams : more + 1)
    if (kind < 5) continue
    const other = `L${otherAt}`
    const beside = other === lot ? 0 : Math.floor(((ledger.stock.get(`${other} ${holder}`) ?? 0) * more) / 1_000)
    const uses: [string, number][] = [[lot, grams], ...(beside > 0 ? [[other, beside] as [string, number]] : [])]
    const out = Math.ceil(((grams + beside) * Math.max(share, more)) / 1_000)
    const first = Math.ceil(out / 3)
    ledger.process(
      holder,
      uses,
      kind === 5
        ? [[`L${(lotAt + 1) % 8}`, out]]
        : ([
            [`L${(lotAt + 3) % 8}`, first],
            [`L${otherAt}`, out - first],
          ].filter(([, g]) => (g as number) > 0) as [string, number][]),
    )
  }
  return ledger
}

describe('in any trade', () => {
  const roots = fc.subarray(['L0', 'L1', 'L2', 'L4'], { minLength: 1 })
  test('the lines sum to the recalled grams exactly, and no line holds more than there is', () => {
    fc.assert(
      fc.property(draws, roots, fc.boolean(), (steps, lots, late) => {
        const ledger = trade(steps)
        const recall = recallOf(ledger.input(lots, late ? { overdueBefore: 20 * hour, outside: new Set(['H4']) } : {}))
        expect(sum(recall)).toBe(recall.total)
        expect(Object.values(recall.byFate).reduce((all, each) => all + each, 0)).toBe(recall.total)
        for (const { grams, mass } of recall.lines) {
          expect(Number.isSafeInteger(grams) && grams > 0).toBe(true)
          expect(grams).toBeLessThanOrEqual(mass)
        }
        expect(recall.problems.filter(({ rule }) => rule !== 'short')).toEqual([])
        const entered = [10_000, 10_777, 11_554]
        const gained = ledger.movements.filter(
          ({ kind, grams, lot }) => kind === 'difference' && grams > 0 && lots.includes(lot),
        )
        if (!lots.some((lot) => ledger.movements.some((each) => each.lot === lot && each.kind === 'make')))
          expect(recall.total).toBe(
            lots.reduce((all, lot) => all + (entered[Number(lot[1])] ?? 0), 0) +
              gained.reduce((all, { grams }) => all + grams, 0),
          )
      }),
      { numRuns: 300 },
    )
  })
  test('what all lots together are recalled of is everything there is', () => {
    fc.assert(
      fc.property(draws, (steps) => {
        const ledger = trade(steps)
        const all = recallOf(ledger.input(['L0', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7']))
        const held = [...ledger.stock.values()].reduce((sum, grams) => sum + grams, 0)
        expect(all.byFate['on-hand']).toBe(held)
        for (const { grams, mass } of all.lines.filter(({ fate }) => fate === 'on-hand')) expect(grams).toBe(mass)
      }),
      { numRuns: 100 },
    )
  })
  test('records that contradict each other still sum, and are reported', () => {
    fc.assert(
      fc.property(
        draws,
        fc.array(fc.nat(200), { maxLength: 10 }),
        fc.array(fc.nat(60), { maxLength: 10 }),
        (steps, drop, cut) => {
          const ledger = trade(steps)
          const input = ledger.input(['L0', 'L1'])
          const broken = {
            ...input,
            movements: input.movements.filter((_, at) => at < 3 || !drop.includes(at)),
            flows: input.flows.filter((_, at) => !cut.includes(at)),
          }
          const recall = recallOf(broken)
          expect(sum(recall)).toBe(recall.total)
          const lost = input.flows.filter((each, at) => cut.includes(at) && each.from === 'L0')
          if (lost.length > 0 && drop.length === 0)
            expect(recall.problems.map(({ rule }) => rule)).toContain('unlinked')
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('ten thousand steps downstream take well under half a second', () => {
  const ledger = new Ledger()
  ledger.move('enter', 'A', 'warehouse', 50_000_000)
  for (let shop = 0; shop < 2_500; shop++) {
    ledger.receive(ledger.ship('A', 'warehouse', `shop ${shop}`, 10_000), 'A', 10_000)
    ledger.process(`shop ${shop}`, [['A', 4_000]], [[`plate ${shop}`, 3_000]])
    ledger.move('sell', `plate ${shop}`, `shop ${shop}`, -1_000)
  }
  const started = performance.now()
  const recall = recallOf(ledger.input(['A']))
  expect(performance.now() - started).toBeLessThan(500)
  expect([ledger.movements.length, sum(recall)]).toEqual([12_501, 50_000_000])
})

describe('when holders count', () => {
  const ledger = new Ledger()
  ledger.move('enter', 'A', 'warehouse', 1_000)
  ledger.receive(ledger.ship('A', 'warehouse', 'shop', 400), 'A', 400)
  ledger.move('sell', 'A', 'shop', -100)
  const recall = recallOf(ledger.input(['A']))
  const at = (time: number, holder: string, grams: number) => ({ lot: 'A', holder, grams, at: time })

  test('what is missing is unaccounted, and the sum stays', () => {
    fc.assert(
      fc.property(draws, fc.array(fc.tuple(fc.nat(7), fc.nat(4), fc.nat(12_000))), (steps, answers) => {
        const any = recallOf(trade(steps).input(['L0']))
        const found = answers.map(([lot, holder, grams], time) => ({
          lot: `L${lot}`,
          holder: `H${holder}`,
          grams,
          at: time,
        }))
        const settled = settleRecall(any, found)
        expect(settled.lines.reduce((all, { grams }) => all + grams, 0)).toBe(any.total)
        expect(settled.accounted).toBeLessThanOrEqual(any.total - any.byFate.unaccounted)
        expect(settled.confirmed).toBeLessThanOrEqual(settled.accounted)
      }),
    )
  })
  test('the last count holds, and who is silent is waited for', () => {
    const settled = settleRecall(recall, [at(2, 'shop', 250), at(1, 'shop', 300)])
    expect(settled.byFate).toMatchObject({ 'on-hand': 850, unaccounted: 50, consumed: 100 })
    expect(settled.waitingFor).toEqual(['warehouse'])
    expect([settled.accounted, settled.confirmed]).toEqual([950, 350])
  })
  test('a mock recall is scored by share and time', () => {
    const complete = settleRecall(recall, [at(1, 'shop', 300), at(2, 'warehouse', 600)])
    expect(scoreMock(complete, { startedAt: 0, endedAt: hour })).toMatchObject({ score: 100, passed: true })
    expect(scoreMock(complete, { startedAt: 0, endedAt: 5 * hour })).toMatchObject({ score: 92, passed: false })
    expect(scoreMock(complete, { startedAt: 0, endedAt: 99 * hour })).toMatchObject({ score: 85, passed: false })
    const open = settleRecall(recall, [at(1, 'shop', 299)])
    expect(scoreMock(open, { startedAt: 0, endedAt: hour })).toMatchObject({
      passed: false,
      accountedShare: 9_990,
      confirmedShare: 3_990,
    })
  })
})
