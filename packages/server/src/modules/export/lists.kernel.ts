import { addDays, isDay, startOfDay } from '@vigil/codes'
import { auditActionNames } from '@vigil/contract'
import { invalidField } from '../../kernel/error/problem.ts'
import { containing, type List, queryList } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'

const levelNames: Readonly<Record<string, string>> = {
  province: '省',
  city: '市',
  county: '县（市、区）',
  office: '所',
  grid: '网格',
}
const partyKinds: Readonly<Record<string, string>> = { enterprise: '企业', 'sole-trader': '个体工商户', other: '其他' }
const partyStates: Readonly<Record<string, string>> = { active: '存续', suspended: '暂停', closed: '注销' }
const accountStates: Readonly<Record<string, string>> = { invited: '待启用', active: '正常', disabled: '停用' }
const outcomeNames: Readonly<Record<string, string>> = { done: '完成', refused: '被拒', failed: '失败' }

const like = (q: string | undefined) => (q?.trim() ? containing(q.trim()) : null)
const pathOf = (reference: Reference) => (code: string) => reference.area(code)?.path

/** The areas of a subtree, parents first. */
export const areaList = (
  reference: Reference,
): List<{ code: string; name: string; level: string; parent: string | null }> =>
  queryList({
    key: 'areas',
    name: '区划',
    permission: 'area.read',
    pathOf: pathOf(reference),
    fields: [
      { key: 'code', name: '代码', type: 'text', width: 14, value: (row) => row.code },
      { key: 'name', name: '名称', type: 'text', width: 24, value: (row) => row.name },
      {
        key: 'level',
        name: '层级',
        type: 'text',
        width: 12,
        values: Object.values(levelNames),
        value: (row) => levelNames[row.level] ?? row.level,
      },
      { key: 'parent', name: '上级代码', type: 'text', width: 14, value: (row) => row.parent },
      { key: 'fullName', name: '全称', type: 'text', width: 36, value: (row) => reference.areaFullName(row.code) },
    ],
    query: ({ scope, q }) => ({
      text: `SELECT code, name, level, parent FROM area.area
        WHERE path ^@ ANY ($1::text[]) AND ($2::text IS NULL OR name ILIKE $2 OR code ILIKE $2) ORDER BY path`,
      values: [[...scope], like(q)],
    }),
  })

interface PartyRow {
  name: string
  credit_code: string | null
  kind: string
  licence_no: string | null
  status: string
  area_code: string
  premises: number
}

/** The market entities of an area. */
export const partyList = (reference: Reference): List<PartyRow> =>
  queryList<PartyRow>({
    key: 'parties',
    name: '市场主体',
    permission: 'party.read',
    pathOf: pathOf(reference),
    fields: [
      { key: 'name', name: '名称', type: 'text', width: 32, value: (row) => row.name },
      { key: 'creditCode', name: '统一社会信用代码', type: 'text', width: 22, value: (row) => row.credit_code },
      {
        key: 'kind',
        name: '类型',
        type: 'text',
        width: 12,
        values: Object.values(partyKinds),
        value: (row) => partyKinds[row.kind] ?? row.kind,
      },
      { key: 'licenceNo', name: '许可证号', type: 'text', width: 20, value: (row) => row.licence_no },
      {
        key: 'status',
        name: '状态',
        type: 'text',
        width: 10,
        values: Object.values(partyStates),
        value: (row) => partyStates[row.status] ?? row.status,
      },
      { key: 'area', name: '所在区划', type: 'text', width: 24, value: (row) => reference.areaFullName(row.area_code) },
      { key: 'premises', name: '经营场所数', type: 'integer', value: (row) => row.premises },
    ],
    query: ({ q }) => ({
      text: `SELECT name, credit_code, kind, licence_no, status, area_code,
          (SELECT count(*) FROM party.premises WHERE party_id = p.id) AS premises FROM party.party p
        WHERE ($1::text IS NULL OR name ILIKE $1 OR credit_code ILIKE $1 OR licence_no ILIKE $1) ORDER BY id DESC`,
      values: [like(q)],
    }),
  })

interface AccountRow {
  username: string
  display_name: string
  kind: string
  status: string
  roles: string | null
  areas: string[] | null
  totp: boolean
  last_sign_in_at: Date | null
  created_at: Date
}

/** Accounts without anything that opens them. */
export const accountList = (reference: Reference): List<AccountRow> =>
  queryList<AccountRow>({
    key: 'accounts',
    name: '账号',
    permission: 'account.read',
    pathOf: pathOf(reference),
    fields: [
      { key: 'username', name: '用户名', type: 'text', width: 20, value: (row) => row.username },
      { key: 'displayName', name: '姓名', type: 'text', width: 16, value: (row) => row.display_name },
      {
        key: 'kind',
        name: '类型',
        type: 'text',
        width: 10,
        values: ['人员', '药店'],
        value: (row) => (row.kind === 'store' ? '药店' : '人员'),
      },
      {
        key: 'status',
        name: '状态',
        type: 'text',
        width: 10,
        values: Object.values(accountStates),
        value: (row) => accountStates[row.status] ?? row.status,
      },
      { key: 'roles', name: '角色', type: 'text', width: 24, value: (row) => row.roles },
      {
        key: 'areas',
        name: '范围',
        type: 'text',
        width: 28,
        value: (row) => (row.areas ?? []).map(reference.areaName).join('、'),
      },
      { key: 'totp', name: '已绑定动态口令', type: 'text', width: 14, value: (row) => row.totp },
      { key: 'lastSignInAt', name: '上次登录', type: 'datetime', value: (row) => row.last_sign_in_at },
      { key: 'createdAt', name: '创建时间', type: 'datetime', value: (row) => row.created_at },
    ],
    query: ({ q, kind }) => ({
      text: `SELECT username, display_name, kind, status, totp_confirmed_at IS NOT NULL AS totp, last_sign_in_at, created_at,
          (SELECT string_agg(DISTINCT r.name, '、') FROM access.grant g JOIN access.role r ON r.code = g.role_code
            WHERE g.account_id = a.id) AS roles,
          (SELECT array_agg(DISTINCT g.area_code) FROM access.grant g WHERE g.account_id = a.id) AS areas
        FROM access.account a WHERE ($1::text IS NULL OR username ILIKE $1 OR display_name ILIKE $1)
          AND ($2::text IS NULL OR kind = $2) ORDER BY username`,
      values: [like(q), kind ?? null],
    }),
  })

interface AuditRow {
  seq: number
  at: Date
  actor: string
  action: string
  outcome: string
  object: string
  area_code: string | null
  ip: string
  request_id: string
  detail: unknown
}

/** The log of an area, newest first. */
export const auditList = (reference: Reference): List<AuditRow> => ({
  ...queryList<AuditRow>({
    key: 'audit',
    name: '审计日志',
    permission: 'audit.read',
    pathOf: pathOf(reference),
    check: ({ from, to }) => {
      for (const [name, day] of [
        ['from', from],
        ['to', to],
      ] as const)
        if (day !== undefined && !isDay(day)) throw invalidField(`/filter/${name}`, '日期格式应为 YYYY-MM-DD')
    },
    fields: [
      { key: 'seq', name: '序号', type: 'integer', value: (row) => row.seq },
      { key: 'at', name: '时间', type: 'datetime', value: (row) => row.at },
      { key: 'actor', name: '操作人', type: 'text', width: 16, value: (row) => row.actor },
      {
        key: 'action',
        name: '操作',
        type: 'text',
        width: 18,
        value: (row) => auditActionNames[row.action] ?? row.action,
      },
      {
        key: 'outcome',
        name: '结果',
        type: 'text',
        width: 8,
        values: Object.values(outcomeNames),
        value: (row) => outcomeNames[row.outcome] ?? row.outcome,
      },
      { key: 'object', name: '对象', type: 'text', width: 40, value: (row) => row.object },
      {
        key: 'area',
        name: '区划',
        type: 'text',
        width: 20,
        value: (row) => (row.area_code ? reference.areaName(row.area_code) : ''),
      },
      { key: 'ip', name: '网络地址', type: 'text', width: 18, value: (row) => row.ip },
      { key: 'requestId', name: '请求编号', type: 'text', width: 38, value: (row) => row.request_id },
      { key: 'detail', name: '详情', type: 'text', width: 60, value: (row) => JSON.stringify(row.detail) },
    ],
    query: ({ action, actor, outcome, from, to }) => ({
      text: `SELECT seq, at, actor, action, outcome, object, area_code, ip, request_id, detail FROM audit.entry
        WHERE ($1::text IS NULL OR action = $1 OR starts_with(action, $1 || '.')) AND ($2::text IS NULL OR actor ILIKE $2)
          AND ($3::text IS NULL OR outcome = $3) AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
        ORDER BY seq DESC`,
      values: [
        action ?? null,
        like(actor),
        outcome ?? null,
        from ? startOfDay(from) : null,
        to ? startOfDay(addDays(to, 1)) : null,
      ],
    }),
  }),
  period: true,
})
