import type { Day } from '@vigil/codes'
import { findArea } from '@vigil/codes/areas'
import type { DrugClass } from '@vigil/contract'
import type pg from 'pg'
import { areaTopic } from '../../kernel/area/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { areaNames } from './area.names.ts'
import { type ClinicFacts, type NearClinic, nearest } from './clinic.domain.ts'
import { type Drug, drugName } from './drug.domain.ts'
import { type DutyFacts, dutyClassesOf } from './duty.domain.ts'
import {
  type AreaFacts,
  type ReferenceKind,
  type ReferenceRows,
  referenceKinds,
  referenceTables,
  type Store,
} from './reference.table.ts'

/** Topic on which a change is told: payload `{ kind, codes? }`. */
export const referenceTopic = 'pharmacy.reference'

/**
 * Copy in memory of what every sale is checked against, so that the hot path asks the database nothing. Up to 60,000
 * stores. A change in another process arrives within a moment, one whose notification was lost within 30 s.
 */
export interface Reference {
  store(code: string): Store | undefined
  stores(): Iterable<Store>
  drug(id: string): Drug | undefined
  drugs(): Iterable<Drug>
  /** Rises with every change of anything kept here. */
  revision(): number
  /** Rises with every change of the catalogue: what is derived from it is then stale. */
  drugRevision(): number
  /** Classes that must be registered at a path on a day. */
  dutyClasses(path: string, day: Day): ReadonlySet<DrugClass>
  /** True for GB/T 2260 codes of the whole country and for the local areas. */
  areaExists(code: string): boolean
  /** Own name of an area (晋江市); the code itself when unknown. */
  areaName(code: string): string
  /** Name from the province down (福建省泉州市晋江市); the code itself when unknown. */
  areaFullName(code: string): string
  /** An area that this installation administers: it has a path and may hold stores and accounts. */
  area(code: string): AreaFacts | undefined
  areas(): Iterable<AreaFacts>
  clinic(id: string): ClinicFacts | undefined
  /** The nearest active clinics, nearest first, across borders. */
  nearestClinics(lon: number, lat: number, n: number): NearClinic[]
  /** Loads what changed now instead of in a moment: everything, one table, or some rows of it. */
  refresh(kind?: ReferenceKind, codes?: readonly string[]): Promise<void>
  close(): Promise<void>
}

type Source = Pick<Kernel, 'notify'> & { readonly connections: { readonly system: Pick<pg.Pool, 'query'> } }

const checkMs = 30_000
const debounceMs = 40
// Rows bear the start of their transaction, which may commit later than one that started after it.
const overlap = `interval '10 minutes'`
const maxDutyAnswers = 200_000

interface Mark {
  readonly rows: number
  readonly at: string | null
  readonly print: string
}

class Snapshot implements Reference {
  readonly #source: Source
  readonly #area = new Map<string, AreaFacts>()
  readonly #names = areaNames((code) => this.#area.get(code))
  readonly #store = new Map<string, Store>()
  readonly #drug = new Map<string, Drug>()
  readonly #duty = new Map<string, DutyFacts>()
  readonly #clinic = new Map<string, ClinicFacts>()
  readonly #marks = new Map<ReferenceKind, Mark>()
  readonly #dutyAnswers = new Map<string, ReadonlySet<DrugClass>>()
  /** What a notification named and is not loaded yet; undefined: the whole table. */
  readonly #dirty = new Map<ReferenceKind, Set<string> | undefined>()
  #revision = 0
  #drugRevision = 0
  #queue: Promise<void> = Promise.resolve()
  #debounce: NodeJS.Timeout | undefined
  #timer: NodeJS.Timeout | undefined
  #unsubscribe: () => void = () => undefined
  #closed = false

  constructor(source: Source) {
    this.#source = source
  }

  async open(): Promise<void> {
    const ends = [
      this.#source.notify.subscribe(referenceTopic, (payload) => this.#told(payload)),
      this.#source.notify.subscribe(areaTopic, () => this.#told({ kind: 'area' })),
    ]
    this.#unsubscribe = () => {
      for (const end of ends) end()
    }
    await this.refresh()
    // Without the database the copy stays as it is; the next check catches up.
    this.#timer = setInterval(() => void this.refresh().catch(() => undefined), checkMs).unref()
  }

  store = (code: string) => this.#store.get(code)
  stores = () => this.#store.values()
  drug = (id: string) => this.#drug.get(id)
  drugs = () => this.#drug.values()
  revision = () => this.#revision
  drugRevision = () => this.#drugRevision
  area = (code: string) => this.#area.get(code)
  areas = () => this.#area.values()
  clinic = (id: string) => this.#clinic.get(id)
  areaExists = (code: string) => this.#area.has(code) || findArea(code) !== undefined
  areaName = this.#names.areaName
  areaFullName = this.#names.areaFullName
  nearestClinics = (lon: number, lat: number, n: number) => nearest(this.#clinic.values(), lon, lat, n)

  dutyClasses(path: string, day: Day): ReadonlySet<DrugClass> {
    const key = day + path
    let classes = this.#dutyAnswers.get(key)
    if (!classes) {
      classes = dutyClassesOf(this.#duty.values(), path, day)
      if (this.#dutyAnswers.size >= maxDutyAnswers) this.#dutyAnswers.clear()
      this.#dutyAnswers.set(key, classes)
    }
    return classes
  }

  /** One load at a time, so that an older answer never overwrites a newer one. */
  refresh(kind?: ReferenceKind, codes?: readonly string[]): Promise<void> {
    const run = this.#queue.then(async () => {
      if (this.#closed) return
      if (kind && codes) return this.#loadSome(kind, codes)
      for (const each of kind ? [kind] : referenceKinds) await this.#loadChanged(each)
    })
    this.#queue = run.catch(() => undefined)
    return run
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#unsubscribe()
    clearInterval(this.#timer)
    clearTimeout(this.#debounce)
    await this.#queue
  }

  #told(payload: unknown): void {
    const { kind, codes } = (payload ?? {}) as { kind?: unknown; codes?: unknown }
    const known = referenceKinds.find((each) => each === kind)
    for (const each of known ? [known] : referenceKinds) {
      const before = this.#dirty.get(each)
      const whole = !Array.isArray(codes) || (this.#dirty.has(each) && before === undefined)
      this.#dirty.set(each, whole ? undefined : new Set([...(before ?? []), ...codes.map(String)]))
    }
    this.#debounce ??= setTimeout(() => {
      this.#debounce = undefined
      const dirty = [...this.#dirty]
      this.#dirty.clear()
      for (const [each, some] of dirty) this.refresh(each, some && [...some]).catch(() => undefined)
    }, debounceMs).unref()
  }

  async #query<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#source.connections.system.query(text, values)).rows as T[]
  }

  async #loadSome(kind: ReferenceKind, codes: readonly string[]): Promise<void> {
    const { table, key, columns } = referenceTables[kind]
    // Duties may also vanish, so they are always loaded whole.
    if (kind === 'duty') return this.#loadChanged(kind)
    this.#put(kind, await this.#query(`SELECT ${columns} FROM ${table} WHERE ${key}::text = ANY($1)`, [codes]), false)
  }

  async #loadChanged(kind: ReferenceKind): Promise<void> {
    const { table, columns } = referenceTables[kind]
    // Read before the rows: what commits in between shows as a difference next time. The sum tells a late commit that
    // count and maximum hide.
    const [mark] = await this.#query<Mark>(
      `SELECT count(*) AS rows, max(updated_at)::text AS at, sum(extract(epoch FROM updated_at))::text AS print FROM ${table}`,
    )
    const before = this.#marks.get(kind)
    if (!mark || (before && before.rows === mark.rows && before.at === mark.at && before.print === mark.print)) return
    const part = (kind === 'store' || kind === 'drug') && before?.at
    if (part) {
      this.#put(
        kind,
        await this.#query(`SELECT ${columns} FROM ${table} WHERE updated_at >= $1::timestamptz - ${overlap}`, [
          before.at,
        ]),
        false,
      )
      if (this.#size(kind) >= mark.rows) {
        this.#marks.set(kind, mark)
        return
      }
    }
    this.#put(kind, await this.#query(`SELECT ${columns} FROM ${table}`), true)
    this.#marks.set(kind, mark)
  }

  #size(kind: 'store' | 'drug'): number {
    return kind === 'store' ? this.#store.size : this.#drug.size
  }

  #put<K extends ReferenceKind>(kind: K, rows: ReferenceRows[K][], whole: boolean): void {
    this.#revision++
    const fill = <T>(map: Map<string, T>, entries: Iterable<readonly [string, T]>) => {
      if (whole) map.clear()
      for (const [key, value] of entries) map.set(key, value)
    }
    if (kind === 'area')
      fill(
        this.#area,
        (rows as AreaFacts[]).map((row) => [row.code, row]),
      )
    else if (kind === 'store')
      fill(
        this.#store,
        (rows as Store[]).map((row) => [row.code, row]),
      )
    else if (kind === 'clinic')
      fill(
        this.#clinic,
        (rows as ClinicFacts[]).map((row) => [row.id, row]),
      )
    else if (kind === 'duty') {
      fill(
        this.#duty,
        (rows as ReferenceRows['duty'][]).map((row) => [row.id, row]),
      )
      this.#dutyAnswers.clear()
    } else {
      fill(
        this.#drug,
        (rows as ReferenceRows['drug'][]).map((row) => [row.id, { ...row, name: drugName(row) }]),
      )
      this.#drugRevision++
    }
  }
}

/**
 * Loads the copy and keeps it fresh until `close()`.
 * @throws whatever the database throws at the first load
 */
export async function openReference(kernel: Source): Promise<Reference> {
  const snapshot = new Snapshot(kernel)
  await snapshot.open()
  return snapshot
}
