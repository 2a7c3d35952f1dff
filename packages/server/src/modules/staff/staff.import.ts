import { dayOf } from '@vigil/codes'
import { documentTypeNames, type documentTypes, type staffRoles } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { type Scope, type Tx, withScope } from '../../kernel/db/index.ts'
import { Problem } from '../../kernel/error/problem.ts'
import { Cells, type ChunkPlan, type ImportKind, type Numbered, type Outcome } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { ColumnSpec, Parsed } from '../../kernel/tabular/index.ts'
import type { Reference, Store } from '../pharmacy/index.ts'
import { indexesOf } from './staff.seal.ts'
import { checkMember } from './staff.service.ts'
import { type NewMember, putMember } from './staff.store.ts'
import { storeFinder } from './staff.stores.ts'

const chunkRows = 200

const columns: readonly ColumnSpec[] = [
  { key: 'storeCode', heads: ['药店编码', '药店编号', '一店一码', '店码', 'store'] },
  { key: 'storeName', heads: ['药店名称', '门店名称', '药店'] },
  { key: 'name', heads: ['姓名', '员工姓名', '人员姓名', 'name'], required: true },
  { key: 'documentType', heads: ['证件类型', 'documentType'] },
  { key: 'documentNumber', heads: ['证件号码', '身份证号', '身份证号码', '身份证', 'id'], required: true },
  { key: 'mobile', heads: ['手机号', '手机', '联系电话', '电话', 'mobile'], required: true },
  { key: 'role', heads: ['岗位', '职务', '角色', 'role'] },
  { key: 'joinedOn', heads: ['到岗日期', '入职日期', 'joined'] },
]

type Role = (typeof staffRoles)[number]
const roles: ReadonlyMap<string, Role> = new Map([
  ['药师', 'pharmacist'],
  ['执业药师', 'pharmacist'],
  ['驻店药师', 'pharmacist'],
  ['pharmacist', 'pharmacist'],
  ['营业员', 'clerk'],
  ['店员', 'clerk'],
  ['导购', 'clerk'],
  ['clerk', 'clerk'],
  ['其他', 'other'],
  ['其它', 'other'],
  ['店长', 'other'],
  ['负责人', 'other'],
  ['other', 'other'],
])

/** A document type by its name; a citizen's ID unless named. */
const types = new Map<string, (typeof documentTypes)[number]>([
  ['', 'citizen-id'],
  ['身份证', 'citizen-id'],
  ...Object.entries(documentTypeNames).map(([type, name]) => [name, type as (typeof documentTypes)[number]] as const),
])

interface Line {
  readonly store: Store
  readonly member: NewMember
}

/** A day as people write it: 2022-03-14, 2022/3/14, 2022.3.14, 20220314 or 2022年3月14日. */
export function parseDay(text: string): string | undefined {
  const found = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?$/.exec(text.trim())
  return found ? `${found[1]}-${found[2]!.padStart(2, '0')}-${found[3]!.padStart(2, '0')}` : undefined
}

function parser(kernel: Kernel, reference: Reference, scope: Scope) {
  const find = storeFinder(reference, scope)
  const seen = new Map<string, number>()
  return (values: Record<string, string>, rowNumber: number): Parsed<Line> => {
    const cells = new Cells(values)
    const store = find(values.storeCode ?? '', values.storeName ?? '')
    if ('problem' in store) cells.problem(store.column, store.problem)
    const documentType = cells.choice('documentType', types, '证件类型')
    const role = values.role?.trim() ? cells.choice('role', roles, '岗位') : 'clerk'
    const name = cells.required('name', 60, '姓名')
    const documentNumber = cells.required('documentNumber', 30, '证件号码')
    const mobile = cells.required('mobile', 20, '手机号')
    const joinedOn = values.joinedOn?.trim() ? parseDay(values.joinedOn) : dayOf(kernel.clock.now())
    if (joinedOn === undefined) cells.problem('joinedOn', '日期无法识别，请填写为 2022-03-14')
    if (cells.problems.length > 0 || 'problem' in store || !documentType || !role) return { errors: cells.problems }
    try {
      const given = { role, name, documentType, documentNumber, mobile, joinedOn }
      const member = checkMember(given, dayOf(kernel.clock.now()))
      const key = `${store.ok.code}/${documentType}/${member.personal.documentNumber}`
      const earlier = seen.get(key)
      if (earlier !== undefined)
        return { errors: [{ column: 'documentNumber', message: `与第 ${earlier} 行是同一人，请删除其中一行` }] }
      seen.set(key, rowNumber)
      return { ok: { store: store.ok, member } }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const errors = error.details.errors ?? []
      return { errors: errors.map(({ pointer, detail }) => ({ column: pointer.slice(1), message: detail })) }
    }
  }
}

/** What a line would do: new, or known as it is. */
async function weigh(kernel: Kernel, tx: Tx, rows: readonly Numbered<Line>[]): Promise<Outcome> {
  let fresh = 0
  let unchanged = 0
  for (const { value } of rows) {
    const { member, store } = value
    const keyed = indexesOf(kernel.vault, member.documentType, member.personal, member.role)
    const known = await tx
      .selectFrom('staff.member')
      .select('digest')
      .where('storeCode', '=', store.code)
      .where('personIndex', '=', keyed.personIndex)
      .where('leftOn', 'is', null)
      .where('voidAt', 'is', null)
      .executeTakeFirst()
    if (!known) fresh++
    else if (known.digest?.equals(keyed.digest)) unchanged++
  }
  return { fresh, unchanged, problems: [] }
}

/** Rosters of stores: who is on one already is renewed; who is not in the file stays. */
export const staffImport = (kernel: Kernel, reference: Reference): ImportKind<Line> => ({
  name: 'staff',
  permission: 'staff.manage',
  columns,
  action: 'staff.import',
  object: 'staff.member',
  personal: ['name', 'documentNumber', 'mobile'],
  open: async (caller: Caller, scope: Scope): Promise<ChunkPlan<Line>> => {
    const parse = parser(kernel, reference, scope)
    return {
      chunkRows,
      parse,
      skip: (values) => void parse(values, 0),
      joins: () => false,
      weigh: (rows) => withScope(kernel.db, scope, (tx) => weigh(kernel, tx, rows)),
      prepare: async (rows) => {
        const by = { at: kernel.clock.now(), name: caller.name }
        await kernel.vault.ensureMonth(dayOf(by.at).slice(0, 7))
        return async (tx) => {
          const done = { fresh: 0, changed: 0, unchanged: 0 }
          for (const { value } of rows)
            done[(await putMember(tx, kernel.vault, value.store, value.member, by)).outcome]++
          return { fresh: done.fresh, unchanged: done.unchanged, problems: [] }
        }
      },
    }
  },
})
