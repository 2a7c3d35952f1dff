import { sql } from 'kysely'
import type { Db, Scope, Tx } from '../db/index.ts'
import { conflict } from '../error/problem.ts'
import { Cells, type WholeKind } from '../import/index.ts'
import type { Kernel } from '../kernel.ts'
import type { ColumnSpec, Parsed } from '../tabular/index.ts'
import { type AreaInput, type AreaPlan, planAreas } from './area.domain.ts'
import { listAreas } from './area.read.ts'
import { putAreas } from './area.store.ts'

/** Topic on which a change of areas is told to all processes; payload `{}`. */
export const areaTopic = 'area'

const columns: readonly ColumnSpec[] = [
  { key: 'code', heads: ['区划代码', '代码', '编码', 'code'] },
  { key: 'name', heads: ['名称', '区划名称', 'name'], required: true },
  { key: 'parent', heads: ['上级', '上级区划', '上级代码', '上级名称', 'parent'], required: true },
  { key: 'level', heads: ['级别', '层级', 'level'], required: true },
  { key: 'lon', heads: ['经度', 'lon'] },
  { key: 'lat', heads: ['纬度', 'lat'] },
]

const levelOf: ReadonlyMap<string, AreaInput['level']> = new Map([
  ['所', 'office'],
  ['监管所', 'office'],
  ['市场监督管理所', 'office'],
  ['office', 'office'],
  ['网格', 'grid'],
  ['grid', 'grid'],
])

const codePattern = /^[0-9A-Z]{6}([0-9A-Z]{1,14})?$/

function parseArea(values: Record<string, string>, rowNumber: number): Parsed<AreaInput> {
  const cells = new Cells(values)
  const code = cells.text('code', 20).toUpperCase()
  if (code && !codePattern.test(code)) cells.problem('code', '代码应为 6 至 20 位数字和大写字母')
  const name = cells.required('name', 100, '名称')
  const parent = cells.required('parent', 300, '上级')
  const level = cells.choice('level', levelOf, '级别')
  const place = cells.place('lon', 'lat')
  if (cells.problems.length > 0 || !level) return { errors: cells.problems }
  return { ok: { rowNumber, code, name, parent, level, lon: place?.lon ?? null, lat: place?.lat ?? null } }
}

async function plan(db: Db | Tx, scope: Scope, rows: readonly AreaInput[]): Promise<AreaPlan> {
  const existing = await listAreas(db, scope)
  const seen = new Set(existing.map((area) => area.code))
  const codes = rows.flatMap(({ code }) => (code && !seen.has(code) ? [code] : []))
  const elsewhere =
    codes.length === 0
      ? []
      : await db.selectFrom('area.area').select('code').where(sql<boolean>`code = any(${codes}::text[])`).execute()
  return planAreas(existing, rows, scope, new Set(elsewhere.map((area) => area.code)))
}

/** Offices and grids: all good rows in one transaction. Somebody else who changes the same areas meanwhile is a conflict (409). */
export const areaImport = (kernel: Kernel): WholeKind<AreaInput> => ({
  name: 'area',
  permission: 'area.manage',
  columns,
  action: 'area.import',
  object: 'area',
  open: async (_caller, scope) => ({
    table: { name: 'area.area', key: ['code'] },
    wholeCheck: true,
    parse: parseArea,
    check: async (rows) => {
      const values = rows.map((row) => row.value)
      return (await plan(kernel.db, scope, values)).problems
    },
    write: async (tx, rows) => {
      await sql`select pg_advisory_xact_lock(hashtext('area.import'))`.execute(tx)
      const { put, problems } = await plan(tx, scope, rows)
      if (problems.length > 0) throw conflict('区划刚被他人更改，请重新导入')
      const offices = await putAreas(
        tx,
        put.filter((area) => area.level === 'office'),
      )
      const grids = await putAreas(
        tx,
        put.filter((area) => area.level === 'grid'),
      )
      return { changed: offices + grids }
    },
    written: () => kernel.notify.publish(areaTopic, {}),
  }),
})
