import { type RawBuilder, sql } from 'kysely'
import { hashBytes, textKey } from './key.domain.ts'
import type { Comparison, Condition, FactWant, Measures, SensorPlace, SensorWant } from './query.domain.ts'

type Where = RawBuilder<boolean>
const operators = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const
const op = (compare: Comparison) => sql.raw(operators[compare])
const anyOf = (values: readonly string[]) => sql`any(${[...values]}::text[])`
const columns = {
  type: 'type',
  action: 'action',
  bizStep: 'biz_step',
  disposition: 'disposition',
  readPoint: 'read_point',
  bizLocation: 'biz_location',
  transformationId: 'transformation_id',
  errorReason: 'error_reason',
  eventTime: 'event_time',
  recordTime: 'record_time',
  declaredAt: 'declared_at',
} as const
const column = (name: keyof typeof columns) => sql.ref(`e.${columns[name]}`)
const instant = (at: number) => sql`${new Date(at).toISOString()}::timestamptz`

/** A condition as SQL over `epcis.event e`. */
export function whereOf(condition: Condition): Where {
  switch (condition.on) {
    case 'term':
      return sql`${column(condition.column)} = ${anyOf(condition.values)}`
    case 'id':
      return idIs(condition.values)
    case 'time':
      return sql`${column(condition.column)} ${op(condition.compare)} ${instant(condition.at)}`
    case 'declared':
      return sql`e.declared_at is not null`
    case 'anything':
      return sql`e.seq in (select t.seq from epcis.thing t where t.value = ${condition.value})`
    case 'thing': {
      const { roles, isClass, match } = condition
      const patterns = match.patterns.map((pattern) => sql` or t.value ~ ${pattern}`)
      return sql`e.seq in (select t.seq from epcis.thing t where (t.value = ${anyOf(match.values)}${sql.join(patterns, sql``)})
        and t.is_class = ${isClass} and t.role = ${anyOf(roles)})`
    }
    case 'quantity': {
      const each = measureIs(sql`t.quantity`, sql`t.uom`, condition)
      return sql`exists (select from epcis.thing t where t.seq = e.seq and ${each})`
    }
    case 'fact':
      return sql`e.seq in (select f.seq from epcis.fact f where f.name = ${anyOf(condition.names)} and ${factIs(condition.want)})`
    case 'sensor':
      return sensorIs(condition.places, condition.field, condition.want)
    case 'within':
      return sql`${column(condition.column)} in (with recursive place(uri) as (select unnest(${[...condition.values]}::text[]) collate "C"
        union select m.value from epcis.master m join place p on p.uri = m.uri where m.name = '' and m.value is not null) select uri from place)`
    case 'attribute':
      return attributeIs(condition)
  }
}

function idIs(values: readonly string[]): Where {
  const hashes = values.flatMap((each) => hashBytes(each) ?? [])
  return sql`(e.event_id = ${anyOf(values.map(textKey))} or (e.event_id is null and e.hash = any(${hashes}::bytea[])))`
}

function factIs(want: FactWant): Where {
  switch (want.kind) {
    case 'exists':
      return sql`true`
    case 'text':
      return sql`f.value = ${anyOf(want.values)}`
    case 'any':
      return sql`(f.value = ${anyOf(want.texts)} or f.number = any(${[...want.numbers]}::float8[])
        or f.at = any(${want.times.map((at) => new Date(at).toISOString())}::timestamptz[]))`
    case 'number':
      return sql`f.number ${op(want.compare)} ${want.number}::float8`
    case 'time':
      return sql`f.at ${op(want.compare)} ${instant(want.at)}`
  }
}

function sensorIs(places: readonly SensorPlace[], field: string, want: SensorWant): Where {
  if (places.includes('element')) return sql`json_array_length(coalesce(e.doc->'sensorElementList', '[]'::json)) > 0`
  const one = (place: SensorPlace): Where =>
    place === 'sensorMetadata'
      ? sql`exists (select from json_array_elements(e.doc->'sensorElementList') s, lateral (select s->'sensorMetadata' as o) x where ${valueIs(field, want)})`
      : sql`exists (select from json_array_elements(e.doc->'sensorElementList') s, json_array_elements(s->'sensorReport') x(o) where ${valueIs(field, want)})`
  return sql`(${sql.join(places.map(one), sql` or `)})`
}

/** A measured value with its unit. */
function measureIs(
  value: RawBuilder<unknown>,
  unit: RawBuilder<unknown>,
  wanted: { readonly compare: Comparison; readonly in: Measures },
): Where {
  const each = wanted.in.map(({ uom, numbers }) => {
    const same = uom === null ? sql`` : sql` and ${unit} = ${uom}`
    return sql`${value} ${op(wanted.compare)} any(${[...numbers]}::float8[])${same}`
  })
  return sql`(${sql.join(each, sql` or `)})`
}

/** A field of the JSON object `x.o`. */
function valueIs(field: string, want: SensorWant): Where {
  const value = sql`(x.o->>${field})`
  switch (want.kind) {
    case 'exists':
      return sql`${value} is not null`
    case 'text':
      return sql`${value} = ${anyOf(want.values)}`
    case 'boolean':
      return sql`${value} = ${String(want.value)}`
    case 'number':
      return measureIs(sql`${value}::float8`, sql`x.o->>'uom'`, want)
    case 'time':
      return sql`date_trunc('milliseconds', ${value}::timestamptz) ${op(want.compare)} ${instant(want.at)}`
  }
}

function attributeIs({ field, names, values }: Extract<Condition, { on: 'attribute' }>): Where {
  const wanted = sql`m.name = ${anyOf(names)}${values === null ? sql`` : sql` and m.value = ${anyOf(values)}`}`
  const uris = sql`select m.uri from epcis.master m where ${wanted}`
  switch (field) {
    case 'readPoint':
    case 'bizLocation':
      return sql`${column(field)} in (${uris})`
    case 'epcClass':
      return sql`e.seq in (select t.seq from epcis.thing t where t.is_class and t.value in (${uris}))`
    default:
      return sql`e.seq in (select f.seq from epcis.fact f where f.name ^@ ${`${field}/`} and f.value in (${uris}))`
  }
}
