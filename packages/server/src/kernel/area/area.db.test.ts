import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/app.ts'
import { callerAt } from '../../testing/shop.ts'
import { systemScope, withScope } from '../db/index.ts'
import { seedAreas } from './index.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const tree = async (path: string) =>
  (await app.modules.handlers['area.tree']({ caller: callerAt(path, 'area.read') } as never)).items.map(
    (area) => area.code,
  )
const upload = (lines: string[], path: string) =>
  app.modules.handlers['area.import']({
    caller: callerAt(path, 'area.manage'),
    upload: { filename: '所.csv', stream: Readable.from([Buffer.from(lines.join('\n'))]), fields: {} },
  } as never)

test('the national areas are there once, however often they are seeded; what was changed is mended', async () => {
  const seed = () => withScope(app.kernel.db, systemScope, seedAreas)
  expect(await seed()).toBe(0)
  await app.kernel.connections.system.query(`UPDATE area.area SET name = '错' WHERE code = '350582'`)
  expect(await seed()).toBe(1)
  const all = await tree('/')
  expect(all.length).toBeGreaterThan(3_000)
  // The recursive subtree of the database equals the prefix.
  const { rows } = await app.kernel.connections.system.query<{ same: boolean }>(`
    WITH RECURSIVE sub AS (SELECT code FROM area.area WHERE code = '350500'
      UNION ALL SELECT a.code FROM area.area a JOIN sub ON a.parent = sub.code)
    SELECT array(SELECT code FROM sub ORDER BY 1) = array(SELECT code FROM area.area WHERE path ^@ '/350000/350500/' ORDER BY 1) AS same`)
  expect(rows[0]?.same).toBe(true)
})

test('an account sees its subtrees and what is above, parents first', async () => {
  const city = await tree('/350000/350500/')
  expect(city.slice(0, 2)).toEqual(['350000', '350500'])
  expect(city).toContain('350582')
  // The city and its province, the 11 counties that it administers, two zones.
  expect(city.length).toBe(15)
  expect(await tree('/350000/350500/350582/350582S99/STORE-1/')).toEqual(['350000', '350500', '350582'])
})

test('a file with good and bad rows: the good ones are in, the bad ones come back as a file, all is told', async () => {
  const caller = callerAt('/350000/350500/', 'area.manage')
  const told = new Promise<void>((resolve) => void app.kernel.notify.subscribe('area', () => resolve()))
  const lines = [
    '名称,上级,级别,经度,纬度',
    '青阳所,晋江市,所,118.55,24.81',
    '一格,青阳所,网格,,',
    '坏所,福州市,所,,',
    '又坏,晋江市,村,,',
  ]
  const stream = Readable.from([Buffer.from(lines.join('\n'))])
  const report = await app.modules.handlers['area.import']({
    caller,
    upload: { filename: '所.csv', stream, fields: {} },
  } as never)
  expect(report).toMatchObject({ total: 4, accepted: 2, rejected: 2 })
  expect(report.problems.map(({ row, column }) => [row, column])).toEqual([
    [4, '上级'],
    [5, '级别'],
  ])
  const { body } = await app.modules.handlers['file.download']({ caller, params: { id: report.errorFileId } } as never)
  const file = (await buffer(body as AsyncIterable<Uint8Array>)).toString()
  expect(file).toContain('坏所,福州市')
  expect(file).toContain('不在您的管辖范围内')
  expect(file).not.toContain('一格')
  await told
  expect(await tree('/350000/350500/350582/')).toEqual(['350000', '350500', '350582', '350582S01', '350582S01G01'])
  const { rows } = await app.kernel.connections.system.query(
    `SELECT path, detail FROM audit.entry WHERE action = 'area.import' ORDER BY seq DESC LIMIT 1`,
  )
  expect(rows[0]).toMatchObject({ path: '/350000/350500/', detail: { total: 4, accepted: 2, rejected: 2, changed: 2 } })
  expect(await upload(lines.slice(0, 3), '/350000/350500/')).toMatchObject({ accepted: 2, errorFileId: null })
  expect((await tree('/350000/350500/350582/')).length).toBe(5)
})

test('two files at once give no code twice', async () => {
  const file = (from: number) => ['名称,上级,级别', ...Array.from({ length: 20 }, (_, n) => `所${from + n},南安市,所`)]
  const reports = await Promise.all([0, 20, 40].map((from) => upload(file(from), '/350000/350500/')))
  expect(reports.map((report) => report.accepted)).toEqual([20, 20, 20])
  const offices = (await tree('/350000/350500/350583/')).filter((code) => code.includes('S'))
  expect(offices).toHaveLength(60)
  expect(offices.sort().at(-1)).toBe('350583S60')
})
