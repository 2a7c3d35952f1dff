import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { addDays, type Day, dayOf, startOfDay, uuidv7 } from '@vigil/codes'
import { createCity, purchasesOfDay, type SimulatedPurchase } from '@vigil/simulate'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { OpenKernel } from '../packages/server/src/kernel/open.ts'
import { isFever } from '../packages/server/src/modules/pharmacy/purchase.domain.ts'
import { mobileIndex, personIndex, sealPersonal } from '../packages/server/src/modules/pharmacy/purchase.seal.ts'

/** Sales of some simulated days, of which the history is made: each day of the past repeats one of them. */
const patternDays = 20
/** Rows that travel in one piece. */
const batch = 2_000

export interface StoreRow {
  readonly code: string
  readonly county: string
  readonly areaCode: string
  readonly path: string
}

interface Pattern {
  readonly sale: SimulatedPurchase
  readonly store: StoreRow
  readonly person: string
  readonly mobile: string
  readonly classes: string
  readonly units: number
  readonly lines: readonly { drugId: string; class: string; quantity: number }[]
}

/** Days of sales with their keyed indexes, from the simulator by seed. */
export function patternsOf(
  kernel: OpenKernel,
  stores: readonly StoreRow[],
  drugId: (key: string) => string,
): Pattern[][] {
  const city = createCity({ seed: 7, city: '350500', startDay: '2026-01-01', days: patternDays })
  return Array.from({ length: patternDays }, (_, day) =>
    [...purchasesOfDay(city, day)].map((sale, n): Pattern => {
      const lines = sale.items.map((item) => ({
        drugId: drugId(item.drugKey),
        class: item.drugClass,
        quantity: item.quantity,
      }))
      return {
        sale,
        store: stores[(n * 7919 + day) % stores.length]!,
        person: personIndex(kernel.vault, sale.documentType, sale.documentNumber).toString('hex'),
        mobile: mobileIndex(kernel.vault, sale.mobile).toString('hex'),
        classes: `{${[...new Set(lines.map((line) => line.class))].sort().join(',')}}`,
        units: lines.reduce((sum, line) => sum + line.quantity, 0),
        lines,
      }
    }),
  )
}

const columns =
  'id, county, store_code, area_code, path, sold_at, day, received_at, status, document_type, person_index, mobile_index, key_month, sealed, classes, units, symptoms, temperature_tenths, fever, proxy, offline, digest, drug_ids, drug_classes, quantities'

/** One line of COPY for the purchase, and one for each of its drugs. */
function linesOf(kernel: OpenKernel, { sale, store, ...row }: Pattern, day: Day, n: number): [string, string] {
  const soldAt = new Date(startOfDay(day).getTime() + 28_800_000 + (n % 50_400) * 1000)
  const id = uuidv7(soldAt.getTime())
  const at = soldAt.toISOString()
  const month = day.slice(0, 7)
  const sealed = sealPersonal(kernel.vault, month, id, {
    name: sale.name,
    documentNumber: sale.documentNumber,
    mobile: sale.mobile,
    residenceAreaCode: sale.residenceAreaCode,
    residenceAddress: sale.residenceAddress,
  })
  const status = n % 300 === 0 ? 'corrected' : n % 700 === 1 ? 'undone' : 'valid'
  const purchase = [
    id,
    store.county,
    store.code,
    store.areaCode,
    store.path,
    at,
    day,
    at,
    status,
    sale.documentType,
    `\\\\x${row.person}`,
    `\\\\x${row.mobile}`,
    month,
    `\\\\x${sealed.toString('hex')}`,
    row.classes,
    row.units,
    `{${sale.symptoms.join(',')}}`,
    sale.temperatureTenths ?? '\\N',
    isFever(sale.symptoms, sale.temperatureTenths),
    sale.boughtFor !== null,
    false,
    '\\\\x00',
    `{${row.lines.map((line) => line.drugId).join(',')}}`,
    `{${row.lines.map((line) => line.class).join(',')}}`,
    `{${row.lines.map((line) => line.quantity).join(',')}}`,
  ].join('\t')
  const items = row.lines.map((line) => [line.drugId, store.county, id, store.path].join('\t')).join('\n')
  return [`${purchase}\n`, `${items}\n`]
}

async function copy(client: pg.ClientBase, text: string, rows: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(rows), client.query(copyFrom(text)))
}

/**
 * Fills past days with sales by COPY, and the rollups from them. @param perDay sales a day
 * @returns rows written
 */
export async function fill(
  kernel: OpenKernel,
  owner: { readonly purchases: pg.ClientBase; readonly items: pg.ClientBase },
  patterns: readonly Pattern[][],
  days: { readonly first: number; readonly last: number; readonly perDay: number },
): Promise<number> {
  const today = dayOf(new Date())
  let rows = 0
  for (let ago = days.first; ago < days.last; ago += 5) {
    const months = new Set<string>()
    for (let n = ago; n < Math.min(ago + 5, days.last); n++) months.add(addDays(today, -n).slice(0, 7))
    for (const month of months) {
      await kernel.vault.ensureMonth(month)
      await owner.purchases.query('SELECT vigil.ensure_month($1::date)', [`${month}-01`])
    }
    const items: string[] = []
    async function* purchases() {
      let text = ''
      let waiting = 0
      for (let n = ago; n < Math.min(ago + 5, days.last); n++) {
        const pattern = patterns[n % patterns.length]!
        for (let at = 0; at < days.perDay; at++) {
          const [purchase, lines] = linesOf(kernel, pattern[at % pattern.length]!, addDays(today, -n), at)
          text += purchase
          items.push(lines)
          rows++
          if (++waiting < batch) continue
          yield text
          text = ''
          waiting = 0
        }
      }
      yield text
    }
    async function* lines() {
      for (let at = 0; at < items.length; at += batch) yield items.slice(at, at + batch).join('')
    }
    await copy(owner.purchases, `COPY pharmacy.purchase (${columns}) FROM STDIN`, purchases())
    await copy(owner.items, 'COPY pharmacy.purchase_drug (drug_id, county, purchase_id, path) FROM STDIN', lines())
    if (ago % 100 === 0) process.stderr.write(`\r  ${rows} purchases`)
  }
  process.stderr.write('\n')
  return rows
}

/** Takes the indexes of the lists away for `work` and makes them again, which is faster than filling them row by row. */
export async function withoutIndexes(owner: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  const { rows } = await owner.query<{ name: string; text: string }>(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS text FROM pg_index
    WHERE indrelid IN ('pharmacy.purchase'::regclass, 'pharmacy.purchase_drug'::regclass) AND NOT indisprimary`)
  for (const { name } of rows) await owner.query(`DROP INDEX ${name}`)
  await work()
  await owner.query(`SET maintenance_work_mem = '1GB'`)
  for (const { text } of rows) await owner.query(text.replace(' ON ONLY ', ' ON '))
}

/** Rollups of the filled days, laid down day after day as sales would. Buyers are not what this bench looks at: each purchase counts as one. */
export async function rollUp(owner: pg.ClientBase): Promise<void> {
  await owner.query('TRUNCATE pharmacy.rollup_store_day, pharmacy.rollup_county_day')
  await owner.query(`INSERT INTO pharmacy.rollup_store_day (county, store_code, path, class, day, purchases, buyers, units, fever)
    SELECT county, store_code, min(path), class, day, count(*), count(*), sum(units), count(*) FILTER (WHERE fever)
    FROM pharmacy.purchase, unnest(classes || 'all'::text) AS class WHERE status <> 'undone' GROUP BY county, store_code, class, day ORDER BY day, hashtext(store_code)`)
  await owner.query(`INSERT INTO pharmacy.rollup_county_day (county, path, class, day, purchases, buyers, units, fever)
    SELECT county, a.path, class, day, sum(purchases), sum(buyers), sum(units), sum(r.fever)
    FROM pharmacy.rollup_store_day r JOIN area.area a ON a.code = r.county GROUP BY county, a.path, class, day`)
}
