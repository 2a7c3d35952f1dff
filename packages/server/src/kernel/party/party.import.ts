import { checkCreditCode, valid } from '@vigil/codes'
import type { AreaNode } from '@vigil/contract'
import { sql } from 'kysely'
import { within } from '../access/caller.ts'
import { AreaNames, listAreas } from '../area/index.ts'
import { beyondScope, type Scope, type Tx } from '../db/index.ts'
import { Cells, type WholeKind } from '../import/index.ts'
import type { Kernel } from '../kernel.ts'
import type { ColumnSpec, Parsed } from '../tabular/index.ts'
import { type PartyAt, upsertParties } from './party.store.ts'

type Status = 'active' | 'suspended' | 'closed'
/** `status` is undefined where the file says nothing: what is known stays. */
type Row = PartyAt & { readonly status: Status | undefined }

const columns: readonly ColumnSpec[] = [
  { key: 'creditCode', heads: ['统一社会信用代码', '信用代码', 'creditCode'], required: true },
  { key: 'name', heads: ['名称', '企业名称', '主体名称', 'name'], required: true },
  { key: 'licence', heads: ['许可证号', '许可证编号', '药品经营许可证', 'licence'] },
  { key: 'address', heads: ['地址', '经营地址', '经营场所', '住所', 'address'], required: true },
  { key: 'area', heads: ['区划', '所在区划', '区划代码', '辖区', '监管所', 'area'], required: true },
  { key: 'lon', heads: ['经度', 'lon'] },
  { key: 'lat', heads: ['纬度', 'lat'] },
  { key: 'status', heads: ['状态', '经营状态', 'status'] },
]

const statusOf: ReadonlyMap<string, Status> = new Map([
  ['存续', 'active'],
  ['在业', 'active'],
  ['正常', 'active'],
  ['开业', 'active'],
  ['active', 'active'],
  ['停业', 'suspended'],
  ['歇业', 'suspended'],
  ['暂停', 'suspended'],
  ['suspended', 'suspended'],
  ['注销', 'closed'],
  ['吊销', 'closed'],
  ['关闭', 'closed'],
  ['closed', 'closed'],
])

/** Finds the area of a row by code or name, within the sender's own; tells what is wrong with it. */
function areaOf(names: AreaNames<AreaNode>, scope: Scope, cells: Cells): AreaNode | undefined {
  const text = cells.required('area', 300, '所在区划')
  if (text === '') return undefined
  const found = names.find(text).filter((area) => scope.some((root) => within(area.path, root)))
  const fitting = found.filter((area) => area.level !== 'province' && area.level !== 'city')
  if (fitting.length === 1) return fitting[0]
  if (fitting.length > 1) cells.problem('area', `有 ${fitting.length} 个叫“${text}”的区划，请填写代码`)
  else if (found.length > 0) cells.problem('area', '请填写到县（市、区）或监管所')
  else cells.problem('area', `区划“${text}”不存在，或不在您的管辖范围内`)
  return undefined
}

function parser(names: AreaNames<AreaNode>, scope: Scope) {
  const seen = new Map<string, number>()
  return (values: Record<string, string>, rowNumber: number): Parsed<Row> => {
    const cells = new Cells(values)
    cells.required('creditCode', 40, '统一社会信用代码')
    const creditCode = cells.checked('creditCode', (text) => {
      const checked = checkCreditCode(text)
      return checked.ok ? valid(checked.value.code) : checked
    })
    const name = cells.required('name', 200, '名称')
    const licence = cells.text('licence', 60)
    const address = cells.required('address', 200, '地址')
    const area = areaOf(names, scope, cells)
    const place = cells.place('lon', 'lat')
    const status = cells.text('status', 20) === '' ? undefined : cells.choice('status', statusOf, '状态')
    const key = `${creditCode}/${address}`
    const earlier = seen.get(key)
    if (earlier !== undefined) cells.problem('creditCode', `与第 ${earlier} 行的主体和地址相同，请删除其中一行`)
    if (cells.problems.length > 0 || !creditCode || !area) return { errors: cells.problems }
    seen.set(key, rowNumber)
    const { lon, lat } = place ?? { lon: null, lat: null }
    const { code: areaCode, path } = area
    return { ok: { creditCode, name, licenceNo: licence || null, address, lon, lat, areaCode, path, status } }
  }
}

/** Status of premises as told; an entity is active as long as one of its premises is, wherever that lies. */
async function putStatus(tx: Tx, rows: readonly (Row & { partyId: string })[]): Promise<void> {
  const told = rows.filter((row) => row.status !== undefined)
  if (told.length === 0) return
  const parties = told.map((row) => row.partyId)
  await sql`
    update party.premises m set status = t.status, updated_at = now()
    from unnest(${parties}::uuid[], ${told.map((row) => row.address)}::text[], ${told.map((row) => row.status)}::text[])
      as t (party_id, address, status)
    where m.party_id = t.party_id and m.address = t.address and m.status <> t.status`.execute(tx)
  const { rows: all } = await beyondScope(tx, () =>
    sql<{ id: string; status: Status }>`
      select party_id as id, min(status) as status from party.premises where party_id = any(${parties}::uuid[])
      group by party_id having count(distinct status) = 1
      union all
      select party_id, case when bool_or(status = 'active') then 'active' else 'suspended' end from party.premises
      where party_id = any(${parties}::uuid[]) group by party_id having count(distinct status) > 1`.execute(tx),
  )
  await sql`
    update party.party p set status = t.status, updated_at = now()
    from unnest(${all.map((row) => row.id)}::uuid[], ${all.map((row) => row.status)}::text[]) as t (id, status)
    where p.id = t.id and p.status <> t.status`.execute(tx)
}

/** Parties and their premises. */
export const partyImport = (kernel: Kernel): WholeKind<Row> => ({
  name: 'party',
  permission: 'party.manage',
  columns,
  action: 'party.import',
  object: 'party',
  open: async (_caller, scope) => ({
    table: { name: 'party.premises', key: ['party_id', 'address'] },
    parse: parser(new AreaNames(await listAreas(kernel.db, scope)), scope),
    write: async (tx, rows) => {
      for (let from = 0; from < rows.length; from += 5000) {
        const part = rows.slice(from, from + 5000)
        const ids = await upsertParties(tx, part)
        await putStatus(
          tx,
          part.map((row, at) => ({ ...row, partyId: ids[at] ?? '' })),
        )
      }
      return {}
    },
  }),
})
