import { setImmediate as turn } from 'node:timers/promises'
import { addDays, dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { record } from '../../kernel/audit/index.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { declaredClosings } from '../opening/index.ts'
import {
  type RefusedSaleMark,
  refusalsSince,
  type Store,
  storeDayEntries,
  storeDayMarks,
  storeVolumes,
} from '../pharmacy/index.ts'
import { staffIndexes } from '../staff/index.ts'
import type { KeptFact } from './compliance.table.ts'
import { deriveFact, type Marker } from './fact.derive.ts'
import type { EntryFact, Finding } from './fact.domain.ts'
import { type Peers, peersOf } from './peers.domain.ts'
import { judge, type RuleInForce, type RuleName, sortEntries, windowDays } from './rule.domain.ts'
import { gradeOf, type Score, scoreOf } from './score.domain.ts'

/** Days before the window from which a store's first report is known. */
const lookBack = 28
/** Days in which a buyer who was refused elsewhere is recognised. */
const refusalDays = 3
const evidenceOfRule = 20

/** What a run looks up once for all its stores. */
export interface Backdrop {
  readonly from: string
  readonly to: string
  readonly rules: readonly RuleInForce[]
  /** Volume by county and kind of store. */
  readonly peers: ReadonlyMap<string, Peers>
  /** First day with an entry of each store, and of each county. */
  readonly first: ReadonlyMap<string, string>
  /** Refusals by the buyer's mark. */
  readonly refused: ReadonlyMap<string, readonly RefusedSaleMark[]>
}

/** Stores of one county are alike when both belong to a chain or both do not. */
const kindOf = ({ county, chain }: Store) => `${county} ${chain === null ? 'single' : 'chain'}`

/** Loads what all stores of a run are held against, from rollups and the refusals of the window. */
export async function loadBackdrop(
  tx: Tx,
  stores: readonly Store[],
  rules: readonly RuleInForce[],
  day: string,
  mark: Marker,
): Promise<Backdrop> {
  const from = addDays(day, 1 - windowDays)
  const counties = [...new Set(stores.map(({ county }) => county))]
  const byCode = new Map(stores.map((store) => [store.code, store]))
  const recent = await storeVolumes(tx, counties, from, day)
  const before = await storeVolumes(tx, counties, addDays(from, -lookBack), addDays(from, -1))
  const first = new Map<string, string>()
  const earliest = (key: string, each: string) => {
    const known = first.get(key)
    if (known === undefined || each < known) first.set(key, each)
  }
  for (const each of [...recent, ...before]) {
    earliest(each.storeCode, each.first)
    const county = byCode.get(each.storeCode)?.county
    if (county) earliest(county, each.first)
  }
  const sold = recent.flatMap(({ storeCode, entries }) => {
    const store = byCode.get(storeCode)
    return store ? [{ kind: kindOf(store), entries }] : []
  })
  const refused = new Map<string, RefusedSaleMark[]>()
  for (const each of await refusalsSince(tx, addDays(from, -refusalDays))) {
    const person = mark('person', each.personIndex)
    refused.set(person, [...(refused.get(person) ?? []), each])
  }
  return { from, to: day, rules, peers: peersOf(sold, windowDays), first, refused }
}

/** Where the buyer was refused one of these drugs in the days before; null when nowhere else. */
function refusedAt(backdrop: Backdrop, storeCode: string, day: string, fact: KeptFact): string | null {
  const at = Date.parse(`${day}T00:00:00+08:00`) + fact.at * 1000
  const found = backdrop.refused
    .get(fact.person)
    ?.find(
      (each) =>
        each.storeCode !== storeCode &&
        each.at.getTime() < at &&
        at - each.at.getTime() < refusalDays * 86_400_000 &&
        each.drugIds.some((drug) => fact.drugs.includes(drug)),
    )
  return found?.storeCode ?? null
}

/** Days of stores whose entries are in memory at once. */
const daysAtOnce = 40
/** Entries after which counters have their turn. */
const turnEntries = 64

/** Facts of the window's days of some stores, derived anew for days that changed. @returns facts and the number of days derived */
async function factsOf(
  kernel: Kernel,
  tx: Tx,
  stores: readonly Store[],
  backdrop: Backdrop,
  mark: Marker,
): Promise<{ facts: Map<string, EntryFact[]>; derived: number }> {
  const { from, to } = backdrop
  const codes = stores.map(({ code }) => code)
  const marks = await storeDayMarks(tx, codes, from, to)
  const kept = await tx
    .selectFrom('compliance.factDay')
    .select(['storeCode', 'day', 'mark', 'entries'])
    .where('storeCode', 'in', codes)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .execute()
  const known = new Map(kept.map((row) => [`${row.storeCode} ${row.day}`, row]))
  const dirty = marks.filter((each) => known.get(`${each.storeCode} ${each.day}`)?.mark !== each.mark)
  const fresh = new Map<string, KeptFact[]>(dirty.map(({ storeCode, day }) => [`${storeCode} ${day}`, []]))
  for (let at = 0; at < dirty.length; at += daysAtOnce) {
    const entries = await storeDayEntries(kernel, tx, dirty.slice(at, at + daysAtOnce))
    for (const [n, entry] of entries.entries()) {
      fresh.get(`${entry.storeCode} ${entry.day}`)?.push(deriveFact(entry, mark))
      if (n % turnEntries === 0) await turn()
    }
  }
  await keepFacts(tx, stores, dirty, fresh)
  const facts = new Map<string, EntryFact[]>(codes.map((code) => [code, []]))
  for (const { storeCode, day } of marks) {
    const key = `${storeCode} ${day}`
    for (const fact of fresh.get(key) ?? known.get(key)?.entries ?? [])
      facts.get(storeCode)!.push({ ...fact, day, refusedAt: refusedAt(backdrop, storeCode, day, fact) })
  }
  return { facts, derived: dirty.length }
}

/** Keeps derived days, and records whose entries were decrypted for them. */
async function keepFacts(
  tx: Tx,
  stores: readonly Store[],
  dirty: readonly { storeCode: string; day: string; mark: string }[],
  fresh: ReadonlyMap<string, readonly KeptFact[]>,
): Promise<void> {
  if (dirty.length === 0) return
  const paths = new Map(stores.map(({ code, path }) => [code, path]))
  await sql`
    insert into compliance.fact_day (store_code, day, path, mark, entries)
    select * from unnest(${dirty.map(({ storeCode }) => storeCode)}::text[], ${dirty.map(({ day }) => day)}::date[],
      ${dirty.map(({ storeCode }) => paths.get(storeCode)!)}::text[], ${dirty.map(({ mark }) => mark)}::text[],
      ${dirty.map(({ storeCode, day }) => JSON.stringify(fresh.get(`${storeCode} ${day}`)))}::jsonb[])
    on conflict (store_code, day) do update set mark = excluded.mark, entries = excluded.entries`.execute(tx)
  const days = new Map<string, { days: string[]; entries: number }>()
  for (const { storeCode, day } of dirty) {
    const of = days.get(storeCode) ?? { days: [], entries: 0 }
    of.days.push(day)
    of.entries += fresh.get(`${storeCode} ${day}`)?.length ?? 0
    days.set(storeCode, of)
  }
  await record(
    tx,
    ...[...days].map(([code, detail]) => ({
      actorId: null,
      actor: '规范核查',
      action: 'compliance.derive',
      outcome: 'done' as const,
      object: `store:${code}`,
      areaCode: null,
      path: paths.get(code)!,
      ip: '',
      userAgent: '',
      requestId: '',
      detail: { days: detail.days.sort().slice(0, windowDays), entries: detail.entries },
    })),
  )
}

/** Rules that are held off for each of some stores today. */
async function heldOff(tx: Tx, codes: readonly string[], day: string): Promise<Map<string, Set<string>>> {
  const rows = await tx
    .selectFrom('compliance.dismissal')
    .select(['storeCode', 'rule'])
    .where('storeCode', 'in', [...codes])
    .where('untilDay', '>=', day)
    .execute()
  const held = new Map<string, Set<string>>()
  for (const { storeCode, rule } of rows) held.set(storeCode, (held.get(storeCode) ?? new Set()).add(rule))
  return held
}

interface Judged {
  readonly store: Store
  readonly score: Score
  readonly found: ReadonlyMap<RuleName, Finding>
  readonly entries: number
}

/** Judges some stores, in the scope of the whole country; the same facts give the same result. @returns days derived */
export async function judgeStores(
  kernel: Kernel,
  tx: Tx,
  stores: readonly Store[],
  backdrop: Backdrop,
  mark: Marker,
): Promise<number> {
  if (stores.length === 0) return 0
  const { facts, derived } = await factsOf(kernel, tx, stores, backdrop, mark)
  const held = await heldOff(
    tx,
    stores.map(({ code }) => code),
    backdrop.to,
  )
  const closings = await declaredClosings(
    tx,
    stores.map(({ code }) => code),
    backdrop.from,
    backdrop.to,
  )
  const judged: Judged[] = []
  for (const store of stores) {
    const { persons } = await staffIndexes(tx, store.code)
    const entries = sortEntries(facts.get(store.code) ?? [])
    const window = {
      from: backdrop.from,
      to: backdrop.to,
      complete: addDays(dayOf(kernel.clock.now()), -1),
      // A store that never reported need not have done so before its county began, nor today before the day is over.
      since: backdrop.first.get(store.code) ?? backdrop.first.get(store.county) ?? backdrop.to,
      closed: closings.get(store.code) ?? new Set<string>(),
      entries,
      peers: backdrop.peers.get(kindOf(store)) ?? null,
      staff: new Set(persons.map((person) => mark('person', person))),
    }
    const found = judge(window, backdrop.rules)
    judged.push({
      store,
      found,
      entries: entries.length,
      score: scoreOf(found, backdrop.rules, held.get(store.code) ?? new Set()),
    })
  }
  await keepScores(tx, judged, backdrop, kernel.clock.now())
  return derived
}

async function keepScores(tx: Tx, judged: readonly Judged[], { from, to }: Backdrop, now: Date): Promise<void> {
  const of = <T>(pick: (each: Judged) => T) => judged.map(pick)
  const codes = of(({ store }) => store.code)
  const paths = of(({ store }) => store.path)
  const scores = of(({ score }) => score.score)
  const stages = of(({ score }) => score.grade)
  await sql`
    insert into compliance.store as s (store_code, path, county, score, grade, parts, entries, from_day, to_day, graded_at, judged_at)
    select code, path, county, score, grade, parts, entries, ${from}, ${to}, case when grade is null then null else ${now}::timestamptz end, ${now}
    from unnest(${codes}::text[], ${paths}::text[], ${of(({ store }) => store.county)}::text[], ${scores}::numeric[],
      ${stages}::text[], ${of(({ score }) => JSON.stringify(score.parts))}::jsonb[], ${of(({ entries }) => entries)}::int[])
      as t (code, path, county, score, grade, parts, entries)
    on conflict (store_code) do update set path = excluded.path, county = excluded.county, score = excluded.score,
      grade = excluded.grade, parts = excluded.parts, entries = excluded.entries, from_day = excluded.from_day,
      to_day = excluded.to_day, judged_at = excluded.judged_at,
      graded_at = case when excluded.grade is null then null else coalesce(s.graded_at, excluded.graded_at) end`.execute(
    tx,
  )
  await sql`
    insert into compliance.score_day (store_code, day, path, score, grade)
    select code, ${dayOf(now)}, path, score, grade from unnest(${codes}::text[], ${paths}::text[], ${scores}::numeric[], ${stages}::text[])
      as t (code, path, score, grade)
    on conflict (store_code, day) do update set score = excluded.score, grade = excluded.grade`.execute(tx)
  await tx.deleteFrom('compliance.evidence').where('storeCode', 'in', codes).execute()
  const rows = judged.flatMap(({ store, found }) =>
    [...found].flatMap(([rule, { evidence }]) =>
      evidence.slice(0, evidenceOfRule).map((each, position) => ({
        storeCode: store.code,
        rule,
        key: each.key,
        path: store.path,
        position,
        text: each.text,
        fromDay: each.from || from,
        toDay: each.to || to,
        count: each.count,
        purchaseIds: [...each.entries],
      })),
    ),
  )
  for (let at = 0; at < rows.length; at += 500)
    await tx
      .insertInto('compliance.evidence')
      .values(rows.slice(at, at + 500))
      .execute()
}

/** Score of a store after a rule was held off for it, without judging it again. */
export function scoreWithout(parts: Score['parts'], rule: string): Score {
  const left = parts.map((part) => (part.rule === rule ? { ...part, points: 0, dismissed: true } : part))
  const score = Math.max(0, Math.round((100 - left.reduce((sum, { points }) => sum + points, 0)) * 10) / 10)
  return { score, grade: gradeOf(score), parts: left }
}
