import { dayOf, isDay } from '@vigil/codes'
import { staffRoleNames, staffStateNames, staffStates, testOutcomeNames } from '@vigil/contract'
import type pg from 'pg'
import { narrow, scopeFor } from '../../kernel/access/caller.ts'
import { forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { List, Resolved } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { assess } from './staff.domain.ts'
import { type Ask, loadRules, loadWorkers, ruleFinder } from './staff.facts.ts'
import type { Standing } from './staff.member.ts'
import { findPersonal, maskPersonal } from './staff.seal.ts'

interface Row extends Standing {
  readonly masked: ReturnType<typeof maskPersonal>
  readonly test: { readonly sampledAt: Date; readonly outcome: keyof typeof testOutcomeNames } | undefined
}

const batchRows = 1000

/** The roster of an area with how everybody stands on a day (the filter's last one, today without); always masked. */
export function staffList(kernel: Kernel, reference: Reference): List<Row> {
  const store = ({ worker }: Row) => reference.store(worker.storeCode)
  const standingsOf = async (
    client: pg.ClientBase,
    { to, store: storeCode, status }: Resolved,
  ): Promise<Standing[]> => {
    const ask: Ask = async (text, values) => (await client.query(text, [...values])).rows
    const day = to ?? dayOf(kernel.clock.now())
    const rules = ruleFinder(await loadRules(ask))
    const workers = await loadWorkers(ask, { from: day, to: day, storeCode })
    return workers.flatMap((worker) => {
      const assessment = assess(worker, rules(worker, day, null), day, null)
      return assessment && (!status || assessment.state === status) ? [{ worker, assessment }] : []
    })
  }
  return {
    key: 'staff',
    name: '从业人员检测',
    permission: 'staff.read',
    clearPermission: null,
    grains: ['record'],
    period: false,
    fields: [
      { key: 'storeCode', name: '药店编码', type: 'text', width: 16, value: ({ worker }) => worker.storeCode },
      { key: 'storeName', name: '药店名称', type: 'text', width: 28, value: (row) => store(row)?.name ?? '' },
      {
        key: 'county',
        name: '县（市、区）',
        type: 'text',
        width: 14,
        value: (row) => reference.areaName(store(row)?.county ?? ''),
      },
      {
        key: 'area',
        name: '监管所',
        type: 'text',
        width: 24,
        value: ({ worker }) => reference.areaName(worker.areaCode),
      },
      {
        key: 'name',
        name: '姓名',
        type: 'text',
        width: 12,
        personal: true,
        value: ({ masked }) => masked.name ?? '已销毁',
      },
      {
        key: 'document',
        name: '证件号码',
        type: 'text',
        width: 22,
        personal: true,
        value: ({ masked }) => masked.document ?? '',
      },
      {
        key: 'mobile',
        name: '手机号',
        type: 'text',
        width: 16,
        personal: true,
        value: ({ masked }) => masked.mobile ?? '',
      },
      {
        key: 'role',
        name: '岗位',
        type: 'text',
        width: 10,
        values: Object.values(staffRoleNames),
        value: ({ worker }) => staffRoleNames[worker.role],
      },
      { key: 'joinedOn', name: '到岗日期', type: 'day', value: ({ worker }) => worker.joinedOn },
      {
        key: 'state',
        name: '检测状态',
        type: 'text',
        width: 14,
        values: Object.values(staffStateNames),
        value: ({ assessment }) => staffStateNames[assessment.state],
      },
      { key: 'dueOn', name: '应检日期', type: 'day', value: ({ assessment }) => assessment.dueOn },
      { key: 'sampledAt', name: '最近采样', type: 'datetime', value: ({ test }) => test?.sampledAt ?? null },
      {
        key: 'outcome',
        name: '检测结果',
        type: 'text',
        width: 10,
        values: Object.values(testOutcomeNames),
        value: ({ test }) => (test ? testOutcomeNames[test.outcome] : ''),
      },
      { key: 'exemptUntil', name: '暂免至', type: 'day', value: ({ assessment }) => assessment.exemptUntil },
    ],
    resolve: (caller, filter) => {
      const own = scopeFor(caller, 'staff.read')
      if (own.length === 0) throw forbidden()
      const { area, store: code, to, status } = filter
      if (to !== undefined && (!isDay(to) || to > dayOf(kernel.clock.now())))
        throw invalidField('/filter/to', '日期最晚为今天')
      if (status !== undefined && !staffStates.some((state) => state === status))
        throw invalidField('/filter/status', '检测状态无法识别')
      const path = area === undefined ? undefined : reference.area(area)?.path
      if (area !== undefined && path === undefined) throw notFound('区划')
      const chosen = code === undefined ? undefined : reference.store(code)
      if (code !== undefined && !chosen) throw notFound('药店')
      const scope = narrow(narrow(own, path), chosen?.path)
      return {
        ...(area && { area }),
        ...(code && { store: code }),
        ...(to && { to }),
        ...(status && { status }),
        scope,
      }
    },
    count: async (client, filter) => (await standingsOf(client, filter)).length,
    rows: async function* (client, filter) {
      const all = await standingsOf(client, filter)
      const shown = filter.limit === undefined ? all : all.slice(0, filter.limit)
      for (let from = 0; from < shown.length; from += batchRows) {
        const part = shown.slice(from, from + batchRows)
        await kernel.vault.loadMonths(part.map(({ worker }) => worker.keyMonth))
        const { rows } = await client.query<{
          member_id: string
          sampled_at: Date
          outcome: keyof typeof testOutcomeNames
        }>(
          `SELECT DISTINCT ON (member_id) member_id, sampled_at, outcome FROM staff.result
           WHERE member_id = ANY ($1::uuid[]) AND void_at IS NULL ORDER BY member_id, sampled_at DESC`,
          [part.map(({ worker }) => worker.id)],
        )
        const tests = new Map(rows.map((row) => [row.member_id, { sampledAt: row.sampled_at, outcome: row.outcome }]))
        yield part.map((row) => ({
          ...row,
          masked: maskPersonal(findPersonal(kernel.vault, row.worker), row.worker.documentType),
          test: tests.get(row.worker.id),
        }))
      }
    },
  }
}
