import { randomBytes } from 'node:crypto'
import { dayOf, uuidv7, uuidv7Floor } from '@vigil/codes'
import type { BodyOf, ColdMockRule, ColdMockRun, coldchainRoutes, QueryOf } from '@vigil/contract'
import { type Selectable, sql } from 'kysely'
import { assertCan, type Caller, scopeFor, systemCaller } from '../../kernel/access/caller.ts'
import { inForce } from '../../kernel/area/index.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import { dueDays, dueNow } from './mock.domain.ts'
import { digestOf, draw } from './mock.draw.ts'
import { progressOf } from './recall.progress.ts'
import { recallsById } from './recall.read.ts'
import { closeRecall, openRecallIn } from './recall.service.ts'
import type { MockRuleTable } from './recall.table.ts'

type Routes = typeof coldchainRoutes
type RuleRow = Selectable<MockRuleTable>

const system = systemCaller('定期模拟召回', ['coldchain.inspect'])
/** Lots that came in so long ago are drawn no more; most that one draw looks at. */
const recentMs = 366 * 86_400_000
const mostCandidates = 10_000

const shownRule = ({ reference }: Parts, { validFrom, createdAt, path: _, ...row }: RuleRow): ColdMockRule => ({
  ...row,
  areaName: reference.areaName(row.areaCode),
  from: validFrom,
  createdAt: createdAt.toISOString(),
})

const loadRules = (tx: Tx): Promise<RuleRow[]> =>
  tx.selectFrom('coldchain.mockRule').selectAll().orderBy('id', 'desc').limit(500).execute()

/** Counties that have a supervised warehouse, as paths. */
async function countiesOf(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{
    path: string
  }>`SELECT DISTINCT path FROM coldchain.holder WHERE kind = 'warehouse'`.execute(tx)
  return [...new Set(rows.map(({ path }) => path.split('/').slice(0, 4).join('/').concat('/')))].sort()
}

/** Plans exercises of an area. @throws Problem 400 for a day that has passed, 404 outside the area */
export async function saveMockRule(
  parts: Parts,
  caller: Caller,
  { areaCode, from, ...values }: BodyOf<Routes['cold-mock.save-rule']>,
): Promise<ColdMockRule> {
  const { kernel, reference } = parts
  const area = reference.area(areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'coldchain.manage', area.path, '区划')
  const now = kernel.clock.now()
  if (from < dayOf(now)) throw invalidField('/from', '开始日期不能早于今天')
  return command(kernel.db, caller, 'coldchain.manage', async (tx, audit) => {
    const place = { areaCode: area.code, path: area.path }
    const made = { createdAt: now, createdBy: caller.name }
    const row = { id: uuidv7(), ...place, validFrom: from, ...values, ...made }
    await tx.insertInto('coldchain.mockRule').values(row).execute()
    const object = `cold-mock-rule:${row.id}`
    await audit({ action: 'coldchain.save-mock-rule', object, ...place, detail: { from, ...values } })
    return shownRule(parts, row)
  })
}

/** Schedules that concern the caller's area, and when its counties are due next. */
export async function listMockRules(
  parts: Parts,
  caller: Caller,
  { area }: QueryOf<Routes['cold-mock.rules']>,
): Promise<{ items: ColdMockRule[]; due: { countyName: string; on: string }[] }> {
  const scope = chosenScope(parts, caller, area)
  const today = dayOf(parts.kernel.clock.now())
  return readScope(parts.kernel.db, scope, async (tx) => {
    const rules = await loadRules(tx)
    const meets = (path: string) => scope.some((root) => root.startsWith(path) || path.startsWith(root))
    const due = (await countiesOf(tx)).flatMap((county) => {
      // A schedule may begin on a day to come.
      const rule = inForce(rules, county, today) ?? rules.findLast(({ path }) => county.startsWith(path))
      const next = rule && dueDays(rule, today).next
      return meets(county) && next
        ? [{ countyName: parts.reference.area(county.split('/')[3]!)?.name ?? '', on: next }]
        : []
    })
    return { items: rules.filter(({ path }) => meets(path)).map((rule) => shownRule(parts, rule)), due }
  })
}

/** Exercises by schedule in the caller's area, newest first. */
export async function listMockRuns(
  parts: Parts,
  caller: Caller,
  { area, cursor, limit = 20 }: QueryOf<Routes['cold-mock.runs']>,
): Promise<{ items: ColdMockRun[]; next: string | null }> {
  const scope = chosenScope(parts, caller, area).filter((root) =>
    scopeFor(caller, 'coldchain.inspect').some((own) => root.startsWith(own) || own.startsWith(root)),
  )
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    let select = tx
      .selectFrom('coldchain.mockRun')
      .selectAll()
      .where(sql<boolean>`path ^@ ANY(${[...scope]}::text[])`)
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (cursor !== undefined) select = select.where('id', '<', cursor)
    const rows = await select.execute()
    const page = rows.slice(0, limit)
    const recalls = await recallsById(
      tx,
      page.flatMap(({ recallId }) => recallId ?? []),
    )
    return {
      items: page.map(({ id, county, dueOn, seed, candidates, digest, recallId }) => ({
        ...{ id, dueOn, seed, candidates, digest, recall: (recallId && recalls.get(recallId)) || null },
        countyName: parts.reference.area(county)?.name ?? county,
      })),
      next: rows.length > limit ? page.at(-1)!.id : null,
    }
  })
}

/** Draws the lots of one county and calls out its exercise; nothing when another process has done it. */
async function hold(parts: Parts, county: string, { rule, dueOn }: { rule: RuleRow; dueOn: string }): Promise<void> {
  const { kernel } = parts
  const at = kernel.clock.now()
  await command(kernel.db, system, 'coldchain.inspect', async (tx, audit) => {
    const { rows } = await sql<{
      id: string
    }>`SELECT l.id FROM coldchain.lot l WHERE l.path ^@ ${county} AND l.kind = 'imported'
      AND l.id >= ${uuidv7Floor(at.getTime() - recentMs)}
      AND EXISTS (SELECT FROM coldchain.movement m WHERE m.lot_id = l.id AND m.kind = 'enter')
      ORDER BY l.id DESC LIMIT ${mostCandidates}`.execute(tx)
    const candidates = rows.map(({ id }) => id)
    const seed = randomBytes(16).toString('hex')
    const code = county.split('/')[3]!
    const run = { id: uuidv7(), ruleId: rule.id, county: code, dueOn, seed, hours: rule.hours, path: county, at }
    const about = { object: `cold-mock:${run.id}`, path: county, areaCode: code }
    const made = await tx
      .insertInto('coldchain.mockRun')
      .values({ ...run, candidates: candidates.length, digest: digestOf(candidates) })
      .onConflict((same) => same.columns(['county', 'dueOn']).doNothing())
      .executeTakeFirst()
    const lotIds = draw(seed, candidates, rule.lots)
    const isMine = (made.numInsertedOrUpdatedRows ?? 0n) > 0n
    const outcome = isMine ? 'done' : 'refused'
    await audit({ action: 'coldchain.draw-mock', ...about, outcome, detail: { dueOn, seed, drawn: lotIds.length } })
    if (!isMine || lotIds.length === 0) return
    const order = { kind: 'mock', lotIds, reason: `定期模拟召回 ${dueOn}`, orderedBy: system.name } as const
    const recallId = await openRecallIn(parts, tx, system, audit, order)
    await tx.updateTable('coldchain.mockRun').set({ recallId }).where('id', '=', run.id).execute()
  })
}

/** Closes exercises by schedule that all have answered, or whose time is over. */
async function closeDone(parts: Parts): Promise<void> {
  const { kernel } = parts
  const now = kernel.clock.now()
  const done = await readScope(kernel.db, systemScope, async (tx) => {
    const open = await tx
      .selectFrom('coldchain.mockRun as m')
      .innerJoin('coldchain.recall as r', 'r.id', 'm.recallId')
      .select(['r.id', 'm.hours', 'r.openedAt'])
      .where('r.state', '=', 'open')
      .execute()
    const progress = await progressOf(
      tx,
      open.map(({ id }) => id),
    )
    return open.flatMap(({ id, hours, openedAt }) => {
      const { asked = 0, answered = 0 } = progress.get(id) ?? {}
      if (answered === asked) return [{ id, outcome: '持有人全部清点完毕，自动结束' }]
      const isLate = now.getTime() - openedAt!.getTime() >= hours * 3_600_000
      return isLate ? [{ id, outcome: `满 ${hours} 小时仍有 ${asked - answered} 家未清点，自动结束` }] : []
    })
  })
  for (const { id, outcome } of done) await closeRecall(parts, system, id, outcome)
}

/** Holds what is due in every county and closes what is done; each exercise once, whatever the number of processes. */
export async function runMocks(parts: Parts): Promise<void> {
  const { kernel } = parts
  const today = dayOf(kernel.clock.now())
  const due = await readScope(kernel.db, systemScope, async (tx) => {
    const rules = await loadRules(tx)
    if (rules.length === 0) return []
    const { rows: held } = await sql<{ county: string; dueOn: string }>`
      SELECT DISTINCT ON (county) county, due_on::text AS due_on FROM coldchain.mock_run ORDER BY county, due_on DESC`.execute(
      tx,
    )
    const last = new Map(held.map(({ county, dueOn }) => [county, dueOn]))
    return (await countiesOf(tx)).flatMap((county) => {
      const found = dueNow(rules, county, today)
      return found && (last.get(county.split('/')[3]!) ?? '') < found.dueOn ? [{ county, found }] : []
    })
  })
  for (const { county, found } of due) await hold(parts, county, found)
  await closeDone(parts)
}
