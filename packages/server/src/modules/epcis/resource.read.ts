import { type VocabularyField, vocabularies } from '@vigil/epcis/document'
import { sql } from 'kysely'
import { type Db, readScope, type Scope } from '../../kernel/db/index.ts'
import { termKey } from './event.domain.ts'
import { uriKey } from './key.domain.ts'
import type { Condition } from './query.domain.ts'
import { whereOf } from './query.sql.ts'

/** A top-level resource whose members are the values that events have. */
export interface Resource {
  readonly table: 'epcis.event' | 'epcis.thing'
  readonly column: string
  /** A value as the index holds it. */
  readonly key: (value: string) => string
  readonly condition: (value: string) => Condition
}

const terms = (column: 'bizStep' | 'disposition', field: VocabularyField, name: string): Resource => ({
  table: 'epcis.event',
  column: name,
  key: (value) => termKey(field, value),
  condition: (value) => ({ on: 'term', column, values: [termKey(field, value)] }),
})
const places = (column: 'readPoint' | 'bizLocation', name: string): Resource => ({
  table: 'epcis.event',
  column: name,
  key: uriKey,
  condition: (value) => ({ on: 'term', column, values: [uriKey(value)] }),
})

export const resources = {
  epcs: {
    table: 'epcis.thing',
    column: 'value',
    key: uriKey,
    condition: (value) => ({ on: 'anything', value: uriKey(value) }),
  },
  bizSteps: terms('bizStep', 'bizStep', 'biz_step'),
  bizLocations: places('bizLocation', 'biz_location'),
  readPoints: places('readPoint', 'read_point'),
  dispositions: terms('disposition', 'disposition', 'disposition'),
} as const satisfies Record<string, Resource>
export type ResourceName = keyof typeof resources

/** Types of events that the standard has. */
export const eventTypes = [
  'AggregationEvent',
  'AssociationEvent',
  'ObjectEvent',
  'TransactionEvent',
  'TransformationEvent',
]

/**
 * Values of a resource in the scope, in their order, each once: the index is read from one value to the next, however often
 * each occurs.
 */
export async function listValues(
  db: Db,
  scope: Scope,
  { table, column }: Resource,
  { size, after }: { size: number; after: string },
): Promise<{ readonly items: readonly string[]; readonly next: string | null }> {
  const [from, name] = [sql.table(table), sql.ref(column)]
  const rows = await readScope(db, scope, async (tx) => {
    const result = await sql<{ value: string }>`with recursive v(value, n) as (
      (select ${name}, 1 from ${from} where ${name} > ${after} order by ${name} limit 1)
      union all
      select (select ${name} from ${from} where ${name} > v.value order by ${name} limit 1), v.n + 1 from v where v.value is not null and v.n <= ${size}
    ) select value from v where value is not null`.execute(tx)
    return result.rows
  })
  const items = rows.slice(0, size).map(({ value }) => value)
  return { items, next: rows.length > size ? items.at(-1)! : null }
}

/** Whether any event in the scope has the value. */
export async function hasEvents(db: Db, scope: Scope, condition: Condition): Promise<boolean> {
  return readScope(db, scope, async (tx) => {
    const { rows } = await sql`select from epcis.event e where ${whereOf(condition)} limit 1`.execute(tx)
    return rows.length > 0
  })
}

/** Whether a value is a term of the standard's own vocabulary, which exists before any event has it. */
export const isStandardTerm = (name: ResourceName, value: string): boolean =>
  (name === 'bizSteps' && vocabularies.bizStep.names.has(termKey('bizStep', value))) ||
  (name === 'dispositions' && vocabularies.disposition.names.has(termKey('disposition', value)))
