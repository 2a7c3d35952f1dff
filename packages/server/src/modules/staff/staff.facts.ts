import { addDays, type Day } from '@vigil/codes'
import { CompiledQuery } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { type Exemption, type Facts, longestCycle, type Rule, ruleAt, type Test } from './staff.domain.ts'

/** Asks the database by plain SQL: within a command, or in the stream of an export. */
export type Ask = <T>(text: string, values: readonly unknown[]) => Promise<T[]>

export const askWith =
  (tx: Tx): Ask =>
  async <T>(text: string, values: readonly unknown[]) =>
    (await tx.executeQuery(CompiledQuery.raw(text, [...values]))).rows as T[]

/** A worker with all facts that bear on a period. */
export interface Worker extends Facts {
  readonly id: string
  readonly storeCode: string
  readonly areaCode: string
  readonly role: 'pharmacist' | 'clerk' | 'other'
  readonly documentType: string
  readonly keyMonth: string
  readonly sealed: Buffer
  readonly recordedBy: string
}

export interface Wanted {
  readonly from: Day
  readonly to: Day
  readonly storeCode?: string | undefined
  readonly id?: string | undefined
}

const byMember = <T extends { memberId: string }>(rows: readonly T[]): Map<string, T[]> => {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const list = found.get(row.memberId)
    if (list) list.push(row)
    else found.set(row.memberId, [row])
  }
  return found
}

/** Workers of the transaction's scope who were on a roster within a period, with their tests and exemptions, by store. */
export async function loadWorkers(ask: Ask, { from, to, storeCode, id }: Wanted): Promise<Worker[]> {
  const chosen = `joined_on <= $2 AND (left_on IS NULL OR left_on > $1 OR left_recorded_at > $1::date)
    AND ($3::text IS NULL OR store_code = $3) AND ($4::uuid IS NULL OR id = $4)`
  const values = [from, to, storeCode ?? null, id ?? null]
  const members = await ask<Omit<Worker, 'tests' | 'exemptions'>>(
    `SELECT id, store_code AS "storeCode", area_code AS "areaCode", path, role, document_type AS "documentType",
      key_month AS "keyMonth", sealed, joined_on AS "joinedOn", recorded_at AS "recordedAt", recorded_by AS "recordedBy",
      left_on AS "leftOn", left_recorded_at AS "leftRecordedAt", void_at AS "voidAt"
    FROM staff.member WHERE ${chosen} ORDER BY path, id`,
    values,
  )
  const tests = await ask<Test & { memberId: string }>(
    `SELECT r.member_id AS "memberId", r.sampled_on AS "sampledOn", r.entered_at AS "enteredAt", r.void_at AS "voidAt"
    FROM staff.result r JOIN (SELECT id FROM staff.member WHERE ${chosen}) m ON m.id = r.member_id
    WHERE r.sampled_on > $5 AND r.sampled_on <= $2`,
    [...values, addDays(from, -longestCycle - 1)],
  )
  const exemptions = await ask<Exemption & { memberId: string }>(
    `SELECT e.member_id AS "memberId", e.from_day AS "fromDay", e.to_day AS "toDay", e.entered_at AS "enteredAt",
      e.void_at AS "voidAt" FROM staff.exemption e JOIN (SELECT id FROM staff.member WHERE ${chosen}) m ON m.id = e.member_id`,
    values,
  )
  const testsOf = byMember(tests)
  const exemptionsOf = byMember(exemptions)
  return members.map((member) => ({
    ...member,
    tests: testsOf.get(member.id) ?? [],
    exemptions: exemptionsOf.get(member.id) ?? [],
  }))
}

/** All rules of the installation. */
export const loadRules = (ask: Ask): Promise<Rule[]> =>
  ask<Rule>(
    `SELECT path, valid_from AS "validFrom", cycle_days AS "cycleDays", warn_days AS "warnDays", created_at AS "createdAt" FROM staff.rule`,
    [],
  )

/** Finds rules and remembers the answers: thousands of workers share an area and a day. */
export function ruleFinder(rules: readonly Rule[]) {
  const answers = new Map<string, Rule | undefined>()
  return (worker: Pick<Worker, 'areaCode' | 'path'>, day: Day, knownAt: Date | null): Rule | undefined => {
    const key = `${worker.areaCode}/${day}/${knownAt === null}`
    if (!answers.has(key)) answers.set(key, ruleAt(rules, worker.path, day, knownAt))
    return answers.get(key)
  }
}
