import { uuidv7 } from '@vigil/codes'
import { followupCauseNames } from '@vigil/contract'
import { type Insertable, sql } from 'kysely'
import type { CommandAudit } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import { placeOf } from './address.domain.ts'
import type { Finding } from './cause.domain.ts'
import type { Examined } from './detect.gather.ts'
import type { EntryRow, KnownEntry } from './detect.known.ts'
import { type Step, stepOf } from './entry.domain.ts'
import { audit, systemName } from './followup.system.ts'
import type { EntryTable, EventDetail } from './followup.table.ts'
import type { Parts } from './parts.ts'
import { sealPerson } from './person.ts'
import { redByArea } from './red.domain.ts'

/** How many entries were opened, joined by a new cause, taken up again, or only grew. */
export interface Written {
  open: number
  join: number
  reopen: number
  grow: number
}

type Told = Exclude<Step, { kind: 'none' }>

/** What is written of one person. */
interface Change {
  readonly one: Examined
  readonly step: Told
  readonly id: string
  readonly place: { readonly areaCode: string; readonly path: string }
}

const actions = { open: 'followup.open', join: 'followup.join', reopen: 'followup.reopen' } as const
const events = { open: 'opened', join: 'joined', reopen: 'reopened' } as const

/** Whether the key of the month can still be written with. */
async function keyOf({ kernel }: Parts, months: Iterable<string>): Promise<Set<string>> {
  const usable = new Set<string>()
  for (const month of new Set(months))
    await kernel.vault.ensureMonth(month).then(
      () => usable.add(month),
      (error) => {
        if (!(error instanceof VaultError) || error.code !== 'shredded') throw error
      },
    )
  return usable
}

/** Writes what was found of some persons: their entries, causes, evidence, timeline and audit rows, each kind at once. */
export async function writeFindings(
  parts: Parts,
  tx: Tx,
  examined: readonly Examined[],
  known: ReadonlyMap<string, KnownEntry>,
): Promise<Written> {
  const now = parts.kernel.clock.now()
  const written: Written = { open: 0, join: 0, reopen: 0, grow: 0 }
  const met = examined.filter(({ findings, personal }) => findings.length > 0 && personal)
  const usable = await keyOf(
    parts,
    met.map(({ newest }) => newest.keyMonth),
  )
  const changes: Change[] = []
  const fresh: Insertable<EntryTable>[] = []
  for (const one of met) {
    if (!usable.has(one.newest.keyMonth)) continue
    const before = known.get(one.hex)
    const step = stepOf(one.findings, before, {
      reopenDays: one.rules.reopenDays,
      now,
      knownAt: (id) => one.rows.get(id)?.receivedAt ?? now,
    })
    if (step.kind === 'none') continue
    if (step.kind === 'open') {
      const place = home(parts, one)
      if (!place) continue
      const id = uuidv7(now.getTime())
      changes.push({ one, step, id, place })
      fresh.push({
        id,
        ...place,
        documentType: one.newest.documentType,
        personIndex: one.person,
        causes: [...step.causes],
        grade: step.grade,
        state: 'new',
        dueAt: step.dueAt,
        openedAt: now,
        ...personal(parts, one, id),
      })
    } else {
      const { row } = before!
      changes.push({ one, step, id: row.id, place: row })
      await update(parts, tx, row, one, step)
    }
  }
  const opened = new Set<string>()
  if (fresh.length > 0) {
    // Another process may have opened one for the same person meanwhile; it will see what is new at its next look.
    const rows = await tx
      .insertInto('followup.entry')
      .values(fresh)
      .onConflict((same) => same.doNothing())
      .returning('id')
      .execute()
    for (const { id } of rows) opened.add(id)
  }
  const kept = changes.filter(({ step, id }) => step.kind !== 'open' || opened.has(id))
  await writeCauses(tx, kept, now)
  await tellRed(parts, tx, kept, now)
  for (const { step } of kept) written[step.kind]++
  return written
}

/** The area that follows up. */
function home({ reference }: Parts, { newest, personal }: Examined) {
  const store = reference.store(newest.storeCode)
  const shop = store && reference.area(store.areaCode)
  if (!shop || !personal) return undefined
  const { code: areaCode, path } = placeOf(reference.area(personal.residenceAreaCode), shop)
  return { areaCode, path }
}

/** What an entry keeps of its person. */
function personal({ kernel }: Parts, { newest, personal: known, address }: Examined, id: string) {
  const { name, documentNumber, mobile, residenceAreaCode, residenceAddress, emergencyName, emergencyMobile } = known!
  const person = { name, documentNumber, mobile, residenceAreaCode, residenceAddress, emergencyName, emergencyMobile }
  return {
    keyMonth: newest.keyMonth,
    sealed: sealPerson(kernel.vault, newest.keyMonth, id, person),
    mobileIndex: newest.mobileIndex,
    addressIndex: address ?? null,
    lastAt: newest.soldAt,
  }
}

async function update(parts: Parts, tx: Tx, row: EntryRow, one: Examined, step: Told): Promise<void> {
  const again = step.kind === 'reopen'
  await tx
    .updateTable('followup.entry')
    .set({
      causes: [...step.causes],
      grade: step.grade,
      dueAt: step.dueAt,
      revision: row.revision + 1,
      ...(one.newest.soldAt >= row.lastAt && personal(parts, one, row.id)),
      ...(again && { state: 'new', closedAt: null, outcome: null, sheetId: null, reopened: row.reopened + 1 }),
    })
    .where('id', '=', row.id)
    .execute()
}

async function writeCauses(tx: Tx, changes: readonly Change[], now: Date): Promise<void> {
  if (changes.length === 0) return
  const causes = changes.flatMap(({ one, step, id, place }) =>
    step.news.map(({ kind, grade, detail }) => ({
      entryId: id,
      kind,
      path: place.path,
      grade,
      ruleVersion: one.ruleVersion,
      detail: JSON.stringify(detail),
      foundAt: now,
    })),
  )
  await tx
    .insertInto('followup.cause')
    .values(causes)
    .onConflict((same) =>
      same.columns(['entryId', 'kind']).doUpdateSet((eb) => ({
        grade: eb.ref('excluded.grade'),
        ruleVersion: eb.ref('excluded.ruleVersion'),
        detail: sql<string>`excluded.detail`,
      })),
    )
    .execute()
  const evidence = changes.flatMap(({ one, step, id, place }) =>
    step.news.flatMap(({ kind, purchases }: Finding) =>
      purchases.map((purchaseId) => ({
        entryId: id,
        kind,
        purchaseId,
        path: place.path,
        keyMonth: one.rows.get(purchaseId)!.keyMonth,
      })),
    ),
  )
  await tx
    .insertInto('followup.evidence')
    .values(evidence)
    .onConflict((same) => same.doNothing())
    .execute()
  await tell(tx, changes, now)
}

async function tellRed({ reference, tell: send }: Parts, tx: Tx, changes: readonly Change[], now: Date): Promise<void> {
  const risen = changes.map(({ step, place: { areaCode, path } }) => ({
    kind: step.kind,
    news: step.news,
    areaCode,
    path,
  }))
  for (const { areaCode, path, persons, causes } of redByArea(risen))
    await send(tx, {
      kind: 'followup',
      grade: 'red',
      path,
      title: `${reference.areaName(areaCode)}：${persons} 名随访对象为红色`,
      text: `原因：${causes.map((cause) => followupCauseNames[cause]).join('、')}。请尽快随访。`,
      url: `/followups?view=list&grade=red&area=${areaCode}`,
      at: now,
    })
}

async function tell(tx: Tx, changes: readonly Change[], now: Date): Promise<void> {
  const rows = changes.flatMap(({ step, id, place }) =>
    step.kind === 'grow' ? [] : [{ id, place, kind: step.kind, causes: step.news.map(({ kind }) => kind) }],
  )
  if (rows.length === 0) return
  await tx
    .insertInto('followup.event')
    .values(
      rows.map(({ id, place, kind, causes }) => ({
        id: uuidv7(now.getTime()),
        entryId: id,
        path: place.path,
        at: now,
        actor: systemName,
        kind: events[kind],
        detail: JSON.stringify({ causes } satisfies EventDetail),
      })),
    )
    .execute()
  const entries = rows.map(
    ({ id, place, kind, causes }): CommandAudit => ({
      action: actions[kind],
      object: `followup:${id}`,
      path: place.path,
      areaCode: place.areaCode,
      detail: { causes },
    }),
  )
  await audit(tx, entries)
}
