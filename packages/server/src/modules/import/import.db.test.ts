import { dayOf } from '@vigil/codes'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { diskProblem } from '../../kernel/file/disk.ts'
import { createPharmacyCity, type PharmacyCity } from '../pharmacy/pharmacy.fixture.ts'
import {
  created,
  csv,
  errorRows,
  imported,
  look,
  saleHeads,
  saleRow,
  settled,
  step,
  upload,
  withSource,
} from './import.fixture.ts'
import { resumeImports, startImport, workOn } from './index.ts'

let city: PharmacyCity
let drug: string
const stored = async () => (await city.owner<{ n: number }>('SELECT count(*)::int AS n FROM pharmacy.purchase'))[0]!.n
const sales = (from: number, count: number) => Array.from({ length: count }, (_, n) => saleRow(drug, from + n))
/** Sales of persons that no other test has. */
let next = 1000
const fresh = (count: number) => {
  next += count
  return sales(next - count, count)
}

beforeAll(async () => {
  city = await createPharmacyCity()
  drug = city.app.modules.pharmacy.purchases.reference.drug(city.drug.antipyretic)!.name
}, 120_000)
beforeEach(() => vi.restoreAllMocks())
afterAll(() => city.close())

describe('a foreign file', () => {
  const heads = ['门店', '时间', '顾客', '身份号', '手机', '区县', '住处', '买了什么', '件数', '度数']
  const fields = [
    'storeCode',
    'soldAt',
    'name',
    'documentNumber',
    'mobile',
    'residenceArea',
    'address',
    'drug',
    'quantity',
    'temperature',
  ]
  const columns = fields.map((field, index) => ({ index, field }))

  test('is looked at, mapped, tried, imported, and its bad rows come back with reasons', async () => {
    const rows = [...fresh(3), saleRow(drug, 4, { 3: '350582199001011231', 8: '0' })]
    const { id, status } = await created(city.chain, 'purchase', csv(rows, heads))
    expect(status).toBe('uploaded')
    const before = await look(city.chain, id)
    expect(before.columns.map(({ head }) => head)).toEqual(heads)
    expect(before.missing).toEqual(
      ['soldAt', 'name', 'documentNumber', 'mobile', 'quantity'].filter((f) => f !== 'mobile'),
    )
    // Samples tell nobody's number, but the time.
    expect(JSON.stringify(before.columns)).not.toContain(rows[0]![3])
    expect(before.columns[1]?.samples[0]).toBe(rows[0]![1])

    const early = await city.chain.call('POST', `/api/imports/${id}/run`)
    expect([early.statusCode, early.json().errors[0].code]).toEqual([400, 'missing-column'])
    const mapped = await city.chain.call('PUT', `/api/imports/${id}/mapping`, { columns })
    expect([mapped.statusCode, mapped.json().missing]).toEqual([200, []])

    const was = await stored()
    const checked = await step(city.chain, id, 'check')
    expect(checked).toMatchObject({
      status: 'checked',
      preview: { total: 4, fresh: 3, changed: 0, unchanged: 0, refused: 1 },
    })
    expect(checked.problems.map(({ row, column }) => [row, column])).toEqual([[5, '件数']])
    expect(await stored()).toBe(was)

    const done = await step(city.chain, id, 'run')
    expect(done).toMatchObject({
      status: 'done',
      share: 1,
      errorFile: true,
      result: { total: 4, fresh: 3, refused: 1 },
    })
    expect(await stored()).toBe(was + 3)
    expect(await city.drift()).toEqual([])
    const [bad, ...others] = await errorRows(city.chain, id, heads)
    expect(others).toEqual([])
    expect(bad).toMatchObject({ 身份号: '350582199001011231', 行号: '5', 错误原因: '件数：数量应为 1 至 99 的整数' })
    const kept = await city.owner('SELECT file_id FROM import.run WHERE id = $1', [id])
    expect(kept).toEqual([{ file_id: null }])
    expect(await city.owner('SELECT count(*)::int AS n FROM import.refusal')).toEqual([{ n: 0 }])
  })

  test('of the same form later is known', async () => {
    const run = await imported(city.chain, 'purchase', csv(fresh(2), heads))
    expect(run).toMatchObject({ status: 'done', result: { fresh: 2, refused: 0 } })
  })

  test('mapped wrongly refuses its rows and writes nothing', async () => {
    const { id } = await created(city.chain, 'purchase', csv(fresh(2), heads))
    const swapped = columns.map(({ index, field }) => ({
      index: field === 'name' ? 3 : field === 'documentNumber' ? 2 : index,
      field,
    }))
    expect((await city.chain.call('PUT', `/api/imports/${id}/mapping`, { columns: swapped })).statusCode).toBe(200)
    const was = await stored()
    expect(await step(city.chain, id, 'run')).toMatchObject({ result: { fresh: 0, refused: 2 } })
    expect(await stored()).toBe(was)
    await city.chain.call('PUT', `/api/imports/${id}/mapping`, { columns })
  })

  test.each([
    ['an unknown field', [{ index: 0, field: 'nothing' }]],
    ['a column that is not there', [{ index: 77, field: 'name' }]],
    [
      'a field named twice',
      [
        { index: 0, field: 'name' },
        { index: 1, field: 'name' },
      ],
    ],
  ])('refuses a mapping with %s', async (_name, wrong) => {
    const { id } = await created(city.chain, 'purchase', csv(fresh(1), heads))
    expect((await city.chain.call('PUT', `/api/imports/${id}/mapping`, { columns: wrong })).statusCode).toBe(400)
  })
})

describe('the same sales', () => {
  test('again, in another order, in part and beside new ones are there once', async () => {
    const rows = fresh(5)
    expect(await imported(city.chain, 'purchase', csv(rows))).toMatchObject({ result: { fresh: 5, unchanged: 0 } })
    expect(await imported(city.chain, 'purchase', csv(rows))).toMatchObject({ result: { fresh: 0, unchanged: 5 } })
    const mixed = [...rows.slice(2).reverse(), ...fresh(1)]
    expect(await imported(city.chain, 'purchase', csv(mixed))).toMatchObject({ result: { fresh: 1, unchanged: 3 } })
    expect(await city.drift()).toEqual([])
  })
  test('twice in one file are two sales, and stay two', async () => {
    const [row] = fresh(1)
    expect(await imported(city.chain, 'purchase', csv([row!, row!]))).toMatchObject({ result: { fresh: 2 } })
    expect(await imported(city.chain, 'purchase', csv([row!, row!]))).toMatchObject({
      result: { fresh: 0, unchanged: 2 },
    })
  })
  test('in two processes at once are there once', async () => {
    const other = await city.another()
    const text = csv(fresh(300))
    const was = await stored()
    const one = await created(city.chain, 'purchase', text)
    const two = await created(city.chain.at(other.http), 'purchase', text)
    const runs = await Promise.all([step(city.chain, one.id, 'run'), step(city.chain.at(other.http), two.id, 'run')])
    expect(runs.map((run) => run.result.total)).toEqual([300, 300])
    expect(runs.reduce((sum, run) => sum + run.result.fresh, 0)).toBe(300)
    expect(await stored()).toBe(was + 300)
    expect(await city.drift()).toEqual([])
  })
  test('under the numbers of our own export come back as known, those of an order as one', async () => {
    const sale = city.sale()
    await city.register([sale])
    const ids = ['登记编号', ...saleHeads]
    const line = (n: number, change: Record<number, string> = {}) => [sale.id, ...saleRow(drug, n, change)]
    expect(await imported(city.chain, 'purchase', csv([line(1)], ids))).toMatchObject({
      result: { fresh: 0, unchanged: 1 },
    })
    const elsewhere = await imported(city.chain, 'purchase', csv([line(1, { 0: 'STORE-C' })], ids))
    expect(elsewhere).toMatchObject({ result: { refused: 1 } })
    const id = city.sale().id
    const cough = city.app.modules.pharmacy.purchases.reference.drug(city.drug.cough)!.name
    const receipt = [
      [id, ...saleRow(drug, 7)],
      [id, ...saleRow(cough, 7)],
    ]
    expect(await imported(city.chain, 'purchase', csv(receipt, ids))).toMatchObject({ result: { fresh: 2 } })
    const [stored] = await city.owner('SELECT drug_classes FROM pharmacy.purchase WHERE id = $1', [id])
    expect(stored!.drug_classes).toEqual(['antipyretic', 'cough'])
    expect(await city.drift()).toEqual([])
  })
})

describe('our own export', () => {
  test.each(['csv', 'xlsx'] as const)(
    'as %s in clear is read back row by row; masked it is refused',
    async (format) => {
      const cough = city.app.modules.pharmacy.purchases.reference.drug(city.drug.cough)!
      const sales = [
        city.sale({ symptoms: ['fever'], temperatureTenths: 385, history: '去过\n外地' }),
        city.sale({
          items: [
            { drugId: city.drug.antipyretic, quantity: 2 },
            { drugId: cough.id, quantity: 1 },
          ],
          boughtFor: { name: '林母', relation: 'family' },
        }),
      ]
      expect((await city.register(sales)).map(({ status }) => status)).toEqual(['registered', 'registered'])
      const today = dayOf(city.clock.now())
      const exported = async (clear: boolean) => {
        const filter = { from: today, to: today, store: 'STORE-A' }
        const order = { format, filter, clear, ...(clear && { reason: '核对' }) }
        const { id } = (await city.director.call('POST', '/api/exports', order)).json()
        await vi.waitFor(
          async () => expect((await city.director.call('GET', `/api/exports/${id}`)).json().status).toBe('ready'),
          { timeout: 20_000 },
        )
        return (await city.director.call('GET', `/api/exports/${id}/file`)).rawPayload
      }
      const was = await stored()
      const clear = await imported(city.director, 'purchase', await exported(true), `a.${format}`)
      expect(clear.problems).toEqual([])
      expect(clear.result).toMatchObject({ fresh: 0, unchanged: clear.result.total, refused: 0 })
      expect(clear.result.total).toBeGreaterThanOrEqual(2)
      const masked = await imported(city.director, 'purchase', await exported(false), `b.${format}`)
      expect(masked.result).toMatchObject({ fresh: 0, unchanged: 0, refused: masked.result.total })
      expect(await stored()).toBe(was)
    },
    60_000,
  )
})

describe('who may', () => {
  test('a store by its own account, without naming itself, and no other store', async () => {
    const bare = saleHeads.slice(1)
    const own = fresh(1).map((row) => row.slice(1))
    expect(await imported(city.clerk, 'purchase', csv(own, bare))).toMatchObject({ result: { fresh: 1 } })
    const run = await imported(city.clerk, 'purchase', csv([...fresh(1), saleRow(drug, 9, { 0: 'STORE-B' })]))
    expect(run).toMatchObject({ result: { fresh: 1, refused: 1 } })
    expect(run.problems[0]).toMatchObject({ row: 3, column: '药店编码', detail: '药店不存在，或不属于当前账号' })
  })
  test('not without the permission, and nobody sees the import of another', async () => {
    expect((await upload(city.supervisor, 'purchase', csv(fresh(1)))).statusCode).toBe(403)
    const { id } = await created(city.chain, 'purchase', csv(fresh(1)))
    for (const path of ['', '/look', '/errors'])
      expect((await city.director.call('GET', `/api/imports/${id}${path}`)).statusCode).toBe(404)
    expect((await city.director.call('POST', `/api/imports/${id}/run`)).statusCode).toBe(404)
    const list = (await city.director.call('GET', '/api/imports')).json().items
    expect(list.map((run: { id: string }) => run.id)).not.toContain(id)
  })
})

describe('a bad file', () => {
  test('whose rows are all bad writes nothing and gives all of them back', async () => {
    const was = await stored()
    const rows = fresh(120).map((row) => row.with(4, '12'))
    const run = await imported(city.chain, 'purchase', csv(rows))
    expect(run).toMatchObject({ status: 'done', result: { total: 120, fresh: 0, refused: 120 } })
    expect(run.problems).toHaveLength(50)
    expect(await errorRows(city.chain, run.id, saleHeads)).toHaveLength(120)
    expect(await stored()).toBe(was)
  })
  test('that is none is refused at once and not kept', async () => {
    const files = async () => (await city.owner<{ n: number }>('SELECT count(*)::int AS n FROM file.file'))[0]!.n
    const before = await files()
    const response = await upload(city.chain, 'purchase', Buffer.from('PK\x03\x04nonsense', 'latin1'), 'a.xlsx')
    expect([response.statusCode, response.json().errors[0].code]).toEqual([400, 'damaged'])
    expect(await files()).toBe(before)
  })
  test('that is cut off in the middle says where, and the rows before it are in', async () => {
    const text = csv([...fresh(4100), saleRow(drug, 3, { 6: '没有写完的"引号' })]).replace(/""引号".*$/s, '')
    const was = await stored()
    const run = await imported(city.chain, 'purchase', text)
    expect(run).toMatchObject({ status: 'failed', rows: 4000, result: { fresh: 4000 } })
    expect(run.error).toMatch(/第 4102 行的引号没有成对/)
    expect(await stored()).toBe(was + 4000)
  }, 60_000)
})

describe('a run that is broken off', () => {
  test('goes on in another process behind the rows that are in, and the first one writes no more', async () => {
    const rows = fresh(9000)
    rows[8500] = rows[8500]!.with(8, '零')
    const { id } = await created(city.chain, 'purchase', csv(rows))
    const caller = { ...(await ownerOf(id)) }
    await startImport(city.app.kernel, city.app.modules.imports, caller, id, 'run', async () => undefined)
    const was = await stored()
    // The first process stands still in the middle of the file, as one that hangs.
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let reached = () => {}
    const middle = new Promise<void>((resolve) => {
      reached = resolve
    })
    const hanging = withSource(city.app, async function* (pieces) {
      let read = 0
      for await (const piece of pieces) {
        read += piece.length
        if (read > 700_000) {
          reached()
          await held
        }
        yield piece
      }
    })
    const first = workOn(hanging, city.app.modules.imports, id)
    await middle
    await vi.waitFor(async () => expect((await settledRow(id)).position).toBe(4000), { timeout: 20_000 })
    const other = await city.another()
    await workOn(other.kernel, other.modules.imports, id)
    expect(await settledRow(id)).toMatchObject({ status: 'done', total: 9000, fresh: 8999, refused: 1 })
    release()
    await first
    expect(await settledRow(id)).toMatchObject({ status: 'done', total: 9000, fresh: 8999, refused: 1 })
    expect(await stored()).toBe(was + 8999)
    expect(await city.drift()).toEqual([])
    expect((await errorRows(city.chain, id, saleHeads)).map((row) => row.行号)).toEqual(['8502'])
  }, 120_000)

  test('by a crash is taken up by whoever looks for it', async () => {
    const { id } = await created(city.chain, 'purchase', csv(fresh(20)))
    await startImport(city.app.kernel, city.app.modules.imports, await ownerOf(id), id, 'run', async () => undefined)
    const crashing = withSource(city.app, async function* () {
      yield Buffer.alloc(0)
      throw new Error('killed')
    })
    await expect(workOn(crashing, city.app.modules.imports, id)).rejects.toThrow('killed')
    expect((await settledRow(id)).status).toBe('running')
    expect(await resumeImports(city.app.kernel, 0)).toBe(1)
    expect(await settled(city.chain, id)).toMatchObject({ status: 'done', result: { fresh: 20 } })
  })

  test('by a full disk keeps its rows and writes the error file when there is room again', async () => {
    const { id } = await created(city.chain, 'purchase', csv([...fresh(2), saleRow(drug, 5, { 8: '0' })]))
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
    await startImport(city.app.kernel, city.app.modules.imports, await ownerOf(id), id, 'run', async () => undefined)
    vi.spyOn(city.app.kernel.files, 'save').mockRejectedValueOnce(diskProblem(full))
    await workOn(city.app.kernel, city.app.modules.imports, id)
    const failed = await settled(city.chain, id)
    expect(failed).toMatchObject({ status: 'failed', result: { fresh: 2, refused: 1 } })
    expect(failed.error).toMatch(/磁盘空间不足/)
    const done = await step(city.chain, id, 'run')
    expect(done).toMatchObject({ status: 'done', result: { total: 3, fresh: 2, refused: 1 } })
    expect(await errorRows(city.chain, id, saleHeads)).toHaveLength(1)
  })

  test('by a full disk while it is uploaded leaves nothing behind', async () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
    vi.spyOn(city.app.kernel.files, 'save').mockRejectedValueOnce(diskProblem(full))
    const response = await upload(city.chain, 'purchase', csv(fresh(1)))
    expect([response.statusCode, response.json().code]).toEqual([507, 'disk-full'])
  })

  test('by hand stays so until it is started again', async () => {
    const { id } = await created(city.chain, 'purchase', csv(fresh(3)))
    expect((await city.chain.call('POST', `/api/imports/${id}/cancel`)).statusCode).toBe(409)
    await startImport(city.app.kernel, city.app.modules.imports, await ownerOf(id), id, 'run', async () => undefined)
    expect((await city.chain.call('POST', `/api/imports/${id}/cancel`)).json().status).toBe('cancelled')
    await workOn(city.app.kernel, city.app.modules.imports, id)
    expect((await settledRow(id)).fresh).toBe(0)
    expect(await step(city.chain, id, 'run')).toMatchObject({ status: 'done', result: { fresh: 3 } })
    expect((await city.chain.call('POST', `/api/imports/${id}/run`)).statusCode).toBe(409)
  })
})

describe('stores by the same engine', () => {
  const heads = ['药店编号', '药店名称', '地址', '区县', '电话', '统一社会信用代码']
  test('a dry run tells new, changed, unchanged and refused, and changes nothing', async () => {
    const row = (code: string, name: string) => [code, name, '青阳街道 1 号', '350582S01', '', '']
    const rows = [
      row('STORE-A', 'STORE-A大药房'),
      row('STORE-B', '换了名字的药店'),
      ['NEW-1', '新药店', '新路 1 号', '350582S01', '', '91350582MA31T5F81B'],
      row('STORE-C', '别处'),
    ]
    const { id } = await created(city.director, 'store', csv(rows, heads), 'stores.csv')
    const checked = await step(city.director, id, 'check')
    expect(checked.problems.map(({ row: at }) => at)).toContain(5)
    const { preview } = checked
    expect(preview).toMatchObject({ total: 4, changed: 1, unchanged: 1 })
    expect(preview!.fresh + preview!.refused).toBe(2)
    expect(await city.owner(`SELECT name FROM pharmacy.store WHERE code IN ('STORE-B', 'NEW-1')`)).toEqual([
      { name: 'STORE-B大药房' },
    ])
    const done = await step(city.director, id, 'run')
    expect(done).toMatchObject({ status: 'done', result: preview! })
    const { reference } = city.app.modules.pharmacy.purchases
    await vi.waitFor(() => expect(reference.store('STORE-B')?.name).toBe('换了名字的药店'), { timeout: 5_000 })
  })
})

const settledRow = async (id: string) =>
  (
    await city.owner<{ status: string; position: number; total: number; fresh: number; refused: number }>(
      'SELECT * FROM import.run WHERE id = $1',
      [id],
    )
  )[0]!

/** The owner of a run as a caller with all that he may. */
async function ownerOf(id: string) {
  const [row] = await city.owner<{ owner_id: string; scope: string[]; created_by: string }>(
    'SELECT owner_id, scope, created_by FROM import.run WHERE id = $1',
    [id],
  )
  return {
    kind: 'api-key' as const,
    id: row!.owner_id,
    name: row!.created_by,
    grants: row!.scope.map((path) => ({
      roleCode: 'chain-api',
      permissions: new Set(['purchase.register' as const]),
      path,
    })),
    storeCode: null,
    ip: '127.0.0.1',
    userAgent: 'test',
    requestId: 'test',
  }
}
