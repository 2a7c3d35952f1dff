import type { AreaNode } from '@vigil/contract'
import type { AreaNames } from '../area/index.ts'
import type { Scope } from '../db/index.ts'
import { Cells } from '../import/index.ts'
import type { ColumnSpec, Parsed } from '../tabular/index.ts'
import { within } from './caller.ts'
import type { GrantInput } from './grant.ts'

/** One account of a file. */
export interface AccountLine {
  /** In lower case. */
  readonly username: string
  readonly displayName: string
  readonly grants: GrantInput[]
  /** Names of roles and areas, as the list of codes shows them. */
  readonly roles: string
  readonly areas: string
}

interface NamedRole {
  readonly code: string
  readonly name: string
}

export const accountColumns: readonly ColumnSpec[] = [
  { key: 'username', heads: ['用户名', '登录名', '登录账号', 'username'], required: true },
  { key: 'displayName', heads: ['姓名', '人员姓名', '使用人', 'displayName', 'name'], required: true },
  { key: 'role', heads: ['角色', '角色名称', '角色代码', 'role'], required: true },
  { key: 'area', heads: ['区划', '所在区划', '区划代码', '辖区', '管辖区划', 'area'], required: true },
  { key: 'store', heads: ['药店编码', '药店编号', '门店编码', 'store'] },
]

const usernamePattern = /^[a-z0-9._-]{3,60}$/
const maxGrants = 20

/** Several names or codes in one cell; a cell of separators alone is an empty one. */
function parts(cells: Cells, column: string, max: number, what: string): string[] {
  const text = cells.required(column, max, what)
  const found = text
    .split(/[、，；,;]/)
    .map((part) => part.trim())
    .filter(Boolean)
  if (text !== '' && found.length === 0) cells.problem(column, `请填写${what}`)
  return [...new Set(found)]
}

function rolesOf(roles: readonly NamedRole[], cells: Cells): NamedRole[] {
  return parts(cells, 'role', 300, '角色').flatMap((text) => {
    const named = roles.filter(({ code, name }) => code === text.toLowerCase() || name === text)
    if (named.length > 1) cells.problem('role', `有 ${named.length} 个叫“${text}”的角色，请填写角色代码`)
    if (named.length === 0)
      cells.problem('role', `没有角色“${text}”，可填 ${roles.map(({ name }) => name).join('、')}`.slice(0, 300))
    return named
  })
}

function areasOf(names: AreaNames<AreaNode>, scope: Scope, cells: Cells): AreaNode[] {
  return parts(cells, 'area', 600, '区划').flatMap((text) => {
    const found = names.find(text).filter((area) => scope.some((root) => within(area.path, root)))
    if (found.length > 1) cells.problem('area', `有 ${found.length} 个叫“${text}”的区划，请填写代码`)
    if (found.length === 0) cells.problem('area', `区划“${text}”不存在，或不在您的管辖范围内`)
    return found
  })
}

/**
 * Reads the lines of one file: every role of a line holds in every area of it, or in the one store that it names.
 * @returns the parser; without a row number (a row that was dealt with earlier) it only remembers the user name
 */
export function accountParser(roles: readonly NamedRole[], names: AreaNames<AreaNode>, scope: Scope) {
  const seen = new Map<string, number | undefined>()
  return (values: Record<string, string>, rowNumber: number | undefined): Parsed<AccountLine> => {
    const cells = new Cells(values)
    const username = cells.required('username', 60, '用户名').toLowerCase()
    if (username && !usernamePattern.test(username))
      cells.problem('username', '用户名应为 3 至 60 位字母、数字、点、横线或下划线')
    const displayName = cells.required('displayName', 60, '姓名')
    const given = rolesOf(roles, cells)
    const areas = areasOf(names, scope, cells)
    const store = cells.text('store', 40)
    if (store && areas.length > 1) cells.problem('store', '填写药店编码时，区划只能填该药店所在的一个')
    if (given.length * areas.length > maxGrants) cells.problem('role', `一个账号最多 ${maxGrants} 项授权`)
    if (seen.has(username)) {
      const earlier = seen.get(username)
      cells.problem('username', `与${earlier ? `第 ${earlier} 行` : '前面一行'}的用户名相同，请删除其中一行`)
    }
    if (cells.problems.length > 0) return { errors: cells.problems }
    seen.set(username, rowNumber)
    const grants = areas.flatMap(({ code: areaCode }) =>
      given.map(({ code: roleCode }) => ({ roleCode, areaCode, ...(store && { storeCode: store }) })),
    )
    const joined = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join('、')
    return { ok: { username, displayName, grants, roles: joined(given), areas: joined(areas) } }
  }
}
