import type { Alert, AlertUnit } from '@vigil/contract'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { gradeRank } from './alert.domain.ts'
import type { AlertRow, SignalRow, UnitRow } from './alert.store.ts'
import { leading, leadUnits } from './alert.words.domain.ts'

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

/** How many counties each alert has in all, also outside the transaction's scope: a number and nothing else. */
async function countyCounts(tx: Tx, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await beyondScope(tx, () =>
    tx
      .selectFrom('alert.unit')
      .select((eb) => ['alertId', eb.fn.count<number>('county').distinct().as('counties')])
      .where('alertId', 'in', [...ids])
      .groupBy('alertId')
      .execute(),
  )
  return new Map(rows.map(({ alertId, counties }) => [alertId, Number(counties)]))
}

/** Alerts as a list shows them: of their units only those that the transaction's scope holds. */
export async function toAlerts(tx: Tx, rows: readonly AlertRow[]): Promise<Alert[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const units = await tx.selectFrom('alert.unit').selectAll().where('alertId', 'in', ids).orderBy('path').execute()
  const signals = await tx.selectFrom('alert.signal').selectAll().where('alertId', 'in', ids).execute()
  const counties = await countyCounts(tx, ids)
  return rows.map((row) => {
    const mine = units.filter(({ alertId }) => alertId === row.id)
    const seen = new Set(mine.map(({ county }) => county)).size
    const lead = leading(signals.filter(({ alertId }) => alertId === row.id))
    return {
      id: row.id,
      number: row.number,
      class: row.class as Alert['class'],
      grade: row.grade,
      state: row.state,
      finding: row.finding,
      explanation: row.explanation,
      places: leadUnits(mine).map(({ kind, code, name }) => ({ kind, code, name })),
      beyond: Math.max(0, (counties.get(row.id) ?? seen) - seen),
      reason: lead?.reason ?? '重新计算后未超出预期',
      firstDay: row.firstDay,
      lastDay: row.lastDay,
      observed: lead?.observed ?? 0,
      expected: lead?.expected ?? null,
      openedAt: row.openedAt.toISOString(),
      dueAt: row.dueAt.toISOString(),
      answeredAt: iso(row.answeredAt),
      escalations: row.escalations,
      assignee: row.assigneeId && row.assignee ? { id: row.assigneeId, name: row.assignee } : null,
      closedAt: iso(row.closedAt),
      fadedAt: iso(row.fadedAt),
    }
  })
}

/** The units of one alert, each by its strongest day, the widest and strongest first. */
export function toUnits(units: readonly UnitRow[], signals: readonly SignalRow[]): AlertUnit[] {
  const shown = units.flatMap((unit): AlertUnit[] => {
    const mine = signals.filter(({ kind, code }) => kind === unit.kind && code === unit.code)
    const strongest = [...mine].sort(
      (a, b) => gradeRank(b.grade) - gradeRank(a.grade) || (b.score ?? 0) - (a.score ?? 0) || (a.day < b.day ? 1 : -1),
    )[0]
    if (!strongest) return []
    const days = mine
      .filter(({ grade }) => grade !== null)
      .map(({ day }) => day)
      .sort()
    const { kind, code, name } = unit
    const { grade, day, observed, expected, lower, upper, score, p, completeness, reason } = strongest
    const span = { days: new Set(days).size, firstDay: days[0] ?? day, lastDay: days.at(-1) ?? day }
    return [{ kind, code, name, grade, ...span, day, observed, expected, lower, upper, score, p, completeness, reason }]
  })
  const width = ['county', 'office', 'store']
  return shown.sort(
    (a, b) =>
      width.indexOf(a.kind) - width.indexOf(b.kind) ||
      gradeRank(b.grade) - gradeRank(a.grade) ||
      (b.score ?? 0) - (a.score ?? 0) ||
      (a.code < b.code ? -1 : 1),
  )
}
