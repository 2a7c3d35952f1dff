import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { receiptNo } from '@vigil/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSnapshot, systemScope, withScope } from '../../kernel/db/index.ts'
import type { TestApp } from '../../testing/app.ts'
import { callerAt, citizenId, cityPath, createShop, purchase, sell } from '../../testing/shop.ts'
import type { Purchases } from '../pharmacy/index.ts'
import { fetchFile, period, rowsOf, settled } from './export.fixture.ts'
import { resumeExports, runExport } from './export.job.ts'
import { createExport } from './export.service.ts'
import { takeNumber } from './export.store.ts'
import { createExporter, type Exporter } from './exporter.ts'

let app: TestApp
let purchases: Purchases
let exporter: Exporter
const boss = callerAt(cityPath, 'purchase.export', 'purchase.export-clear')
const countyBoss = callerAt('/350000/350500/350583/', 'purchase.export')

const first = () =>
  purchase(app, 1, {
    boughtFor: { name: '林老太', relation: 'family' },
    history: '=HYPERLINK("http://a")',
    person: {
      name: '林小明',
      mobile: '13912345678',
      residenceAreaCode: '350582',
      residenceAddress: '@青阳街道1号',
      emergencyName: '陈大文',
      emergencyMobile: '13812345678',
    },
  })

beforeAll(async () => {
  app = await createShop()
  purchases = app.modules.pharmacy.purchases
  exporter = app.modules.exporter
})
afterAll(() => app.close())

/** Orders an export and waits for it. */
async function exported(body: Partial<Parameters<typeof createExport>[2]> = {}, caller = boss) {
  const { from, to } = period(app)
  const ordered = await createExport(exporter, caller, {
    format: 'csv',
    ...body,
    filter: { from, to, ...body.filter },
  })
  expect(ordered.status).toBe('running')
  return settled(app, caller, ordered.id)
}

const auditOf = async (action: string, number: string) =>
  withScope(app.kernel.db, systemScope, (tx) =>
    tx
      .selectFrom('audit.entry')
      .selectAll()
      .where('action', '=', action)
      .where('object', '=', `export:${number}`)
      .execute(),
  )

describe('one purchase in each county', () => {
  const one = { id: '' }
  beforeAll(async () => {
    const entry = first()
    one.id = entry.id
    await sell(app, [entry, purchase(app, 2, { storeCode: 'NA-0001' })])
  })

  test.each(['csv', 'xlsx'] as const)('%s holds what was registered, masked, within a second or so', async (format) => {
    const started = performance.now()
    const item = await exported({ format })
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(item).toMatchObject({
      status: 'ready',
      rows: 2,
      expectedRows: 2,
      clear: false,
      areaName: '泉州市',
      error: null,
    })
    const file = await fetchFile(app, boss, item.id)
    expect(createHash('sha256').update(file).digest('hex')).toBe(item.sha256)
    expect(file.length).toBe(item.bytes)
    const rows = await rowsOf(file, format)
    expect(rows.map((row) => row.药店编码)).toEqual(['NA-0001', 'JJ-0001'])
    const drug = purchases.reference.drug(purchase(app, 1).items[0]!.drugId)
    expect(rows[1]).toMatchObject({
      登记编号: one.id,
      流水号: receiptNo(one.id),
      药店名称: '=JJ-0001大药房',
      所在区划: '福建省泉州市晋江市350582监管所',
      姓名: '林**',
      证件类型: '居民身份证',
      证件号码: `350***********${citizenId(1).slice(-4)}`,
      手机号: '139****5678',
      居住地区划: '福建省泉州市晋江市',
      居住地址: '****',
      紧急联系人: '陈**',
      紧急联系电话: '138****5678',
      药品类别: '退热',
      药品名称: drug?.name,
      数量: '2',
      '体温(℃)': '38.5',
      是否发热: '是',
      是否代购: '是',
      代购对象: '林**',
      与对象关系: '家人',
      旅居接触史: '****',
      状态: '有效',
    })
    expect(rows[1]?.症状?.split('、').sort()).toEqual(['发热', '咳嗽'].sort())
    expect(file.toString('latin1')).not.toContain(Buffer.from('青阳').toString('latin1'))
  })

  test('clear text needs its own permission and a reason, and is safe to open in a spreadsheet', async () => {
    await expect(exported({ clear: true })).rejects.toMatchObject({ details: { status: 400 } })
    const masked = callerAt(cityPath, 'purchase.export')
    await expect(exported({ clear: true, reason: '流调' }, masked)).rejects.toMatchObject({ details: { status: 403 } })
    const item = await exported({ clear: true, reason: '流调' })
    const file = await fetchFile(app, boss, item.id)
    expect(file.toString()).toContain(`"'=HYPERLINK(""http://a"")"`)
    expect(file.toString()).toContain(`'=JJ-0001大药房`)
    expect(file.toString()).not.toMatch(/(^|,)"?[=@+]/m)
    expect((await rowsOf(file, 'csv'))[1]).toMatchObject({
      姓名: '林小明',
      证件号码: citizenId(1),
      手机号: '13912345678',
      居住地址: '@青阳街道1号',
      紧急联系人: '陈大文',
      代购对象: '林老太',
      旅居接触史: '=HYPERLINK("http://a")',
    })
    const withdrawn = { ...boss, grants: masked.grants }
    await expect(fetchFile(app, withdrawn, item.id)).rejects.toMatchObject({ details: { status: 403 } })
  })

  test('shows one county only its own, and one owner only his', async () => {
    const item = await exported({}, countyBoss)
    const rows = await rowsOf(await fetchFile(app, countyBoss, item.id), 'csv')
    expect(rows.map((row) => row.药店编码)).toEqual(['NA-0001'])
    await expect(fetchFile(app, boss, item.id)).rejects.toMatchObject({ details: { status: 404 } })
    await expect(exported({ filter: { ...period(app), area: '350582' } }, countyBoss)).rejects.toMatchObject({
      details: { status: 404 },
    })
    const moved = { ...countyBoss, grants: callerAt('/350000/350500/350582/', 'purchase.export').grants }
    await expect(fetchFile(app, moved, item.id)).rejects.toMatchObject({ details: { status: 404 } })
    const list = await app.modules.handlers['export.list']({ caller: moved, query: {} } as never)
    expect(list.items).toEqual([])
  })

  test('finds a person by number and keeps the number out of log and row', async () => {
    const { from, to } = period(app)
    const item = await exported({ filter: { from, to, documentNumber: citizenId(1), mobile: '13912345678' } })
    expect(item.rows).toBe(1)
    await fetchFile(app, boss, item.id)
    const [entry] = await auditOf('export.create', item.number)
    expect(entry?.detail).toMatchObject({ byDocument: true, byMobile: true, clear: false })
    expect((await auditOf('export.download', item.number))[0]?.actorId).toBe(boss.id)
    expect((await auditOf('export.finish', item.number))[0]?.detail).toMatchObject({ rows: 1, sha256: item.sha256 })
    const { rows } = await withScope(app.kernel.db, systemScope, (tx) =>
      sql<{ text: string }>`select e::text || coalesce((select string_agg(a::text, '') from audit.entry a), '') as text
        from export.export e where number = ${item.number}`.execute(tx),
    )
    expect(rows[0]?.text).not.toContain(citizenId(1))
    expect(rows[0]?.text).not.toContain('13912345678')
    expect(rows[0]?.text).not.toContain(Buffer.from(citizenId(1)).toString('hex'))
  })

  test('is encrypted on the disk, and gone after seven days', async () => {
    const item = await exported({ clear: true, reason: '流调' })
    const folder = join(app.kernel.config.dataDir, 'files')
    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name))
      expect(bytes.includes('林小明')).toBe(false)
    }
    await withScope(app.kernel.db, systemScope, async (tx) => {
      await tx
        .updateTable('export.export')
        .set({ expiresAt: new Date(Date.now() - 1) })
        .where('id', '=', item.id)
        .execute()
      await tx
        .updateTable('file.file')
        .set({ expiresAt: new Date(Date.now() - 1) })
        .where('id', '=', item.id)
        .execute()
    })
    expect((await settled(app, boss, item.id)).status).toBe('expired')
    await expect(fetchFile(app, boss, item.id)).rejects.toMatchObject({ details: { status: 404 } })
    const before = (await readdir(folder)).length
    expect(await app.kernel.files.sweep()).toBe(1)
    expect(await readdir(folder)).toHaveLength(before - 1)
  })
})

test('numbers of a day have no gap and no repetition, also when orders fail', async () => {
  const at = new Date('2026-03-01T20:00:00Z')
  const take = (fail: boolean) =>
    withScope(app.kernel.db, systemScope, async (tx) => {
      const number = await takeNumber(tx, at)
      if (fail) throw new Error('rolled back')
      return number
    }).catch(() => undefined)
  const taken = await Promise.all(Array.from({ length: 60 }, (_, n) => take(n % 3 === 0)))
  const numbers = taken.filter((number) => number !== undefined).sort()
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, n) => `VGL-20260302-${String(n + 1).padStart(6, '0')}`))
})

describe('5,000 purchases', () => {
  /** With a queue that loses jobs, so that the test runs them itself. */
  let quiet: Exporter
  beforeAll(async () => {
    await sell(
      app,
      Array.from({ length: 5_000 }, (_, n) => purchase(app, n)),
    )
    quiet = createExporter({ ...app.kernel, jobs: { ...app.kernel.jobs, send: async () => {} } }, purchases)
  })

  const order = () => {
    const { from, to } = period(app)
    return createExport(quiet, boss, { format: 'csv', filter: { from, to, area: '350582' } })
  }
  /** The same with another look-up of drugs, which happens once for each row. */
  const withDrug = (drug: Purchases['reference']['drug']): Exporter => {
    const get = (target: Purchases['reference'], key: keyof Purchases['reference']) => {
      const value = target[key]
      return key === 'drug' ? drug : value.bind(target)
    }
    const reference = new Proxy(purchases.reference, { get } as ProxyHandler<Purchases['reference']>)
    return createExporter(quiet.kernel, { ...purchases, reference })
  }
  const breakAt = (row: number): Exporter => {
    let calls = 0
    return withDrug((id) => {
      if (++calls > row) throw new Error('killed')
      return purchases.reference.drug(id)
    })
  }

  test('are read in chunks as the file takes them', async () => {
    let made = 0
    const counting = withDrug((id) => {
      made++
      return purchases.reference.drug(id)
    })
    const list = counting.lists.get('purchases')!
    const filter = list.resolve(boss, period(app), false)
    const taken = readSnapshot(app.kernel.connections, filter.scope, async (client) => {
      const batches = list.batches(client, filter, undefined, false)
      for (let most = 0; most < 3_000; ) {
        const { value } = await batches.next()
        most += value!.cells.length
        expect(made).toBe(most)
      }
      throw new Error('enough')
    })
    await expect(taken).rejects.toThrow('enough')
    expect(made).toBeLessThan(5_000)
  })

  test.each(['csv', 'xlsx'] as const)('%s: a thread makes the same file, with the same rows traced', async (format) => {
    const make = async (threadRows: number) => {
      const { from, to } = period(app)
      const body = { format, clear: true, reason: '流调', filter: { from, to } }
      const { id } = await createExport(quiet, boss, body)
      await runExport({ ...quiet, threadRows }, id)
      const { rows: traces } = await app.kernel.connections.system.query<{ print: string }>(
        `SELECT md5(string_agg(first_row || ':' || rows || encode(ids, 'hex') || encode(revisions, 'hex'), ',' ORDER BY first_row))
          AS print FROM export.row_chunk WHERE export_id = $1`,
        [id],
      )
      const item = await settled(app, boss, id)
      return { status: item.status, rows: item.rows, sha256: item.sha256, traces: traces[0]!.print }
    }
    const here = await make(Number.POSITIVE_INFINITY)
    expect(here).toMatchObject({ status: 'ready', rows: 5_002, traces: expect.any(String) })
    expect(await make(0)).toEqual(here)
  })

  test('what a thread cannot open ends the export with the reason, and leaves nothing behind', async () => {
    const folder = join(app.kernel.config.dataDir, 'files')
    const before = await readdir(folder)
    const { id } = await order()
    const { vault } = app.kernel
    const opened = {
      lend: async () => new Map(),
      unsealLongTerm: vault.unsealLongTerm.bind(vault),
      sealLongTerm: vault.sealLongTerm.bind(vault),
    }
    const closed = createExporter({ ...quiet.kernel, vault: opened as unknown as typeof vault }, purchases)
    await runExport({ ...closed, threadRows: 0 }, id)
    expect(await settled(app, boss, id)).toMatchObject({ status: 'failed', error: expect.stringContaining('数据密钥') })
    expect(await readdir(folder)).toEqual(before)
  })

  test('a job that dies in the middle leaves nothing behind and is made whole by the next run', async () => {
    const { id } = await order()
    const folder = join(app.kernel.config.dataDir, 'files')
    const before = await readdir(folder)
    await expect(runExport(breakAt(3_000), id)).rejects.toThrow('killed')
    expect(await readdir(folder)).toEqual(before)
    const state = await app.modules.handlers['export.read']({ caller: boss, params: { id } } as never)
    expect(state.status).toBe('running')
    expect(await resumeExports(app.kernel, 0)).toBe(1)
    const item = await settled(app, boss, id)
    expect(item).toMatchObject({ status: 'ready', rows: 5_001, expectedRows: 5_001 })
    const rows = await rowsOf(await fetchFile(app, boss, id), 'csv')
    expect(new Set(rows.map((row) => row.登记编号)).size).toBe(5_001)
    await runExport(exporter, id)
    expect((await settled(app, boss, id)).sha256).toBe(item.sha256)
  })

  test('gives up with a reason after five attempts', async () => {
    const { id } = await order()
    for (let attempt = 1; attempt < 5; attempt++) await expect(runExport(breakAt(0), id)).rejects.toThrow('killed')
    await runExport(breakAt(0), id)
    expect(await settled(app, boss, id)).toMatchObject({ status: 'failed', error: expect.stringContaining('系统出错') })
  })

  test('a second process leaves an export alone that another is writing', async () => {
    const { id } = await order()
    let second: Promise<void> | undefined
    const slow = withDrug((drugId) => {
      second ??= runExport(breakAt(0), id)
      return purchases.reference.drug(drugId)
    })
    await runExport(slow, id)
    await second
    expect(await settled(app, boss, id)).toMatchObject({ status: 'ready', rows: 5_001 })
  })

  test('refuses a sixth export in the making', async () => {
    const other = callerAt(cityPath, 'purchase.export')
    const { from, to } = period(app)
    const one = () => createExport(quiet, other, { format: 'xlsx', filter: { from, to } })
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, one))
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(5)
  })
})

test('a shredded month takes its exports along', async () => {
  const { from, to } = period(app)
  const item = await exported({ clear: true, reason: '流调' })
  const month = '2025-01'
  await app.kernel.vault.ensureMonth(month)
  await withScope(app.kernel.db, systemScope, async (tx) => {
    await tx.updateTable('export.export').set({ fromDay: '2025-01-31', toDay: to }).where('id', '=', item.id).execute()
    await app.kernel.vault.shred(tx, month)
  })
  expect(from <= to).toBe(true)
  expect((await settled(app, boss, item.id)).status).toBe('expired')
  await expect(app.kernel.files.open(item.id)).rejects.toMatchObject({ details: { status: 404 } })
})
