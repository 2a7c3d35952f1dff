import { addDays, dayOf, startOfDay, uuidv7 } from '@vigil/codes'
import type { PurchaseInput } from '@vigil/contract'
import { drugClasses } from '@vigil/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../../kernel/access/access.fixture.ts'
import { citizenId, createPharmacyCity, type PharmacyCity, stores } from './pharmacy.fixture.ts'
import { foldRollups } from './rollup.fold.ts'

let city: PharmacyCity
let processes: { chain: Client; director: Client; kernel: PharmacyCity['app']['kernel'] }[]
beforeAll(async () => {
  city = await createPharmacyCity()
  const other = await city.another()
  const { chain, director } = city
  processes = [
    { chain, director, kernel: city.app.kernel },
    { chain: chain.at(other.http), director: director.at(other.http), kernel: other.kernel },
  ]
})
afterAll(() => city.close())

const days = [0, -1, -40]
const line = fc.record({ class: fc.constantFrom(...drugClasses), quantity: fc.integer({ min: 1, max: 4 }) })
const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: (item) => item.class })
const process = fc.nat({ max: 1 })
const target = fc.nat({ max: 200 })
const content = {
  person: fc.nat({ max: 3 }),
  lines,
  fever: fc.boolean(),
}
const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('register' as const),
      process,
      sales: fc.array(fc.record({ store: fc.nat({ max: 3 }), day: fc.constantFrom(...days), ...content }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), process, target }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('correct' as const), process, target, ...content }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), process, target }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fold' as const), process }) },
)
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

const itemsOf = (list: readonly { class: (typeof drugClasses)[number]; quantity: number }[]) =>
  list.map((item) => ({ drugId: city.drug[item.class], quantity: item.quantity }))

/** Everything sold so far, oldest first; the entry and the number of its versions. */
const entries: { sale: PurchaseInput; revision: number }[] = []

async function perform(act: Action): Promise<number> {
  const { chain, director, kernel } = processes[act.process]!
  if (act.do === 'fold') return (await foldRollups(kernel)) > 0 ? 200 : 204
  if (act.do === 'register') {
    const sales = act.sales.map(({ store, day, person, lines: list, fever }) => {
      const at =
        day === 0 ? city.clock.now().getTime() : startOfDay(addDays(dayOf(city.clock.now()), day)).getTime() + 36e6
      return city.sale({
        id: uuidv7(at, crypto.getRandomValues(new Uint8Array(10))),
        soldAt: new Date(at).toISOString(),
        storeCode: stores[store]!.code,
        documentNumber: citizenId(person),
        items: itemsOf(list),
        symptoms: fever ? ['fever'] : [],
      })
    })
    const answers = await city.register(sales, chain)
    for (const [index, answer] of answers.entries()) {
      expect(answer.status).toBe('registered')
      entries.push({ sale: sales[index]!, revision: 0 })
    }
    return 200
  }
  const entry = entries[entries.length - 1 - (act.target % Math.max(entries.length, 1))]
  if (!entry) return 200
  const { id } = entry.sale
  if (act.do === 'retry') {
    const [answer] = await city.register([entry.sale, entry.sale], chain)
    expect(answer!.status).toBe('registered')
    return 200
  }
  if (act.do === 'undo') return (await chain.call('POST', `/api/purchases/${id}/undo`)).statusCode
  const response = await director.call('POST', `/api/purchases/${id}/corrections`, {
    revision: entry.revision,
    reason: '更正',
    changes: {
      documentNumber: citizenId(act.person),
      items: itemsOf(act.lines),
      symptoms: act.fever ? ['fever'] : ['cough'],
    },
  })
  if (response.statusCode === 200) entry.revision++
  return response.statusCode
}

test('whatever happens at once in two processes, the rollups equal a count over the rows', async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(action, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 5 }),
      async (rounds) => {
        for (const round of rounds) {
          const statuses = await Promise.all(round.map(perform))
          for (const [index, status] of statuses.entries()) {
            // 409: another one was first, or the entry is undone. 204: nothing to fold.
            expect([200, 204, 409]).toContain(status)
            const key = `${round[index]!.do} ${status}`
            seen.set(key, (seen.get(key) ?? 0) + 1)
          }
        }
        expect(await city.drift()).toEqual([])
      },
    ),
    { numRuns: 40, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false },
  )
  // The test is worth nothing if one of the kinds never happened.
  for (const kind of ['register 200', 'retry 200', 'correct 200', 'correct 409', 'undo 200', 'fold 200'])
    expect([kind, (seen.get(kind) ?? 0) > 3]).toEqual([kind, true])
  const [undone] = await city.owner<{ n: number }>(
    `SELECT count(*)::int AS n FROM pharmacy.purchase WHERE status = 'undone'`,
  )
  expect(undone!.n).toBeGreaterThan(3)
  await foldRollups(city.app.kernel)
  const [oldest] = await city.owner<{ slots: number[] }>(
    `SELECT array_agg(DISTINCT slot) AS slots FROM pharmacy.rollup_county_day GROUP BY day ORDER BY day LIMIT 1`,
  )
  expect(oldest!.slots).toEqual([0])
  expect(await city.drift()).toEqual([])
})

test('the recount tells a rollup that is wrong by one', async () => {
  await city.owner(
    `UPDATE pharmacy.rollup_county_day SET buyers = buyers + 1 WHERE ctid = (SELECT ctid FROM pharmacy.rollup_county_day WHERE purchases > 0 LIMIT 1)`,
  )
  await city.owner(
    `DELETE FROM pharmacy.buyer_day b WHERE ctid = (SELECT b.ctid FROM pharmacy.buyer_day b JOIN pharmacy.purchase p USING (county, day, person_index) WHERE p.status <> 'undone' LIMIT 1)`,
  )
  const kinds = ((await city.drift()) as { kind: string }[]).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'county')).toHaveLength(2)
  expect(kinds).toContain('buyer')
})
