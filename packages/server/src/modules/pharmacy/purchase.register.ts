import type { BodyOf, Clinic, Contract, FieldError, PurchaseInput, PurchaseResult } from '@vigil/contract'
import { PurchaseInput as PurchaseInputSchema, receiptNo } from '@vigil/contract'
import { type Caller, can, scopeFor } from '../../kernel/access/caller.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { forbidden } from '../../kernel/error/problem.ts'
import { compile, fieldErrors } from '../../kernel/http/validate.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { distanceM } from './clinic.domain.ts'
import { type Accepted, canonical, decide, type Personal, type StoreFacts } from './purchase.domain.ts'
import type { Refusal } from './purchase.guard.ts'
import { findKnownProfiles, findStoredDigests, saveRefusals } from './purchase.known.ts'
import type { Purchases } from './purchase.module.ts'
import { ensureMonths } from './purchase.month.ts'
import { countyPath } from './purchase.rollup.ts'
import { keyMonthOf, mobileIndex, personIndex, sealPersonal } from './purchase.seal.ts'
import type { PurchaseRow } from './purchase.writer.ts'

type RegisterBody = BodyOf<Contract['purchase.register']>

const checkRow = compile(PurchaseInputSchema, 'body')

interface Candidate {
  readonly index: number
  readonly input: PurchaseInput
  readonly store: StoreFacts & { lon: number | null; lat: number | null }
  readonly accepted: Accepted
  readonly person: Buffer
  readonly digest: Buffer
}

const idOf = (raw: unknown): string => {
  const id = (raw as { id?: unknown } | null)?.id
  return typeof id === 'string' && /^[0-9a-fA-F-]{36}$/.test(id)
    ? id.toLowerCase()
    : '00000000-0000-0000-0000-000000000000'
}

const bad = (raw: unknown, errors: readonly FieldError[]): PurchaseResult => ({
  id: idOf(raw),
  status: 'invalid',
  errors: [...errors],
})

/**
 * Registers 1–500 purchases. Each row is answered on its own: registered, refused or invalid with every wrong field named.
 * The same row sent again is answered as the first time and changes nothing; another sale under the same id is invalid.
 * @throws Problem 503 beyond capacity: nothing of the call was written
 */
export async function register(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  body: RegisterBody,
): Promise<PurchaseResult[]> {
  const now = kernel.clock.now()
  const sentAt = body.sentAt ? new Date(body.sentAt) : undefined
  const results = new Array<PurchaseResult | undefined>(body.purchases.length)
  const candidates: Candidate[] = []
  const seen = new Map<string, Buffer>()

  for (const [index, raw] of body.purchases.entries()) {
    if (!checkRow(raw)) {
      results[index] = bad(raw, fieldErrors(checkRow.errors))
      continue
    }
    const input = { ...(raw as PurchaseInput), id: idOf(raw) }
    const store = storeOf(purchases, caller, input)
    if ('errors' in store) {
      results[index] = bad(input, store.errors)
      continue
    }
    const digest = kernel.vault.index('digest', canonical(input))
    const twin = seen.get(input.id)
    if (twin) {
      if (!twin.equals(digest)) results[index] = bad(input, [idTaken])
      continue
    }
    const decision = decide(input, {
      now,
      sentAt,
      store,
      drug: (id) => purchases.reference.drug(id),
      dutyClasses: (day) => purchases.reference.dutyClasses(store.path, day),
      areaExists: (code) => purchases.reference.areaExists(code),
    })
    if ('errors' in decision) {
      results[index] = bad(input, decision.errors)
      continue
    }
    seen.set(input.id, digest)
    const { accepted } = decision
    candidates.push({
      index,
      input,
      store,
      accepted,
      digest,
      person: personIndex(kernel.vault, accepted.documentType, accepted.documentNumber),
    })
  }

  await answer(kernel, purchases, caller, now, candidates, results)
  // A row that stood twice in the same batch is answered as its first.
  const byId = new Map(results.flatMap((result) => (result ? [[result.id, result] as const] : [])))
  return results.map((result, index) => result ?? byId.get(idOf(body.purchases[index]))!)
}

const idTaken: FieldError = { pointer: '/id', code: 'id-taken', detail: '这个编号已用于另一笔登记,请用新的编号' }

function storeOf(
  purchases: Purchases,
  caller: Caller,
  input: PurchaseInput,
): Candidate['store'] | { errors: FieldError[] } {
  const code = input.storeCode ?? caller.storeCode
  if (!code) return { errors: [{ pointer: '/storeCode', code: 'required', detail: '请填写药店编码' }] }
  const store = purchases.reference.store(code)
  if (!store || !can(caller, 'purchase.register', store.path))
    return { errors: [{ pointer: '/storeCode', code: 'store', detail: '药店不存在,或不属于当前账号' }] }
  return store
}

async function answer(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  now: Date,
  candidates: readonly Candidate[],
  results: (PurchaseResult | undefined)[],
): Promise<void> {
  if (candidates.length === 0) {
    if (scopeFor(caller, 'purchase.register').length === 0) throw forbidden()
    return
  }
  await ensureMonths(
    kernel,
    candidates.map(({ accepted, input }) => ({ keyMonth: keyMonthOf(accepted.day), id: input.id })),
  )
  const known = await findKnownProfiles(
    kernel,
    candidates.filter(({ input }) => input.useKnownProfile).map(({ person }) => person),
  )
  const rows: PurchaseRow[] = []
  const kept: Candidate[] = []
  const refused: { candidate: Candidate; refusal: Refusal }[] = []
  for (const candidate of candidates) {
    const refusal = purchases.guards.check({
      store: candidate.store,
      lines: candidate.accepted.lines,
      soldAt: candidate.accepted.soldAt,
    })
    if (refusal) {
      refused.push({ candidate, refusal })
      continue
    }
    const profile = candidate.accepted.person ?? known.get(candidate.person.toString('hex'))
    if (!profile) {
      results[candidate.index] = bad(candidate.input, [
        { pointer: '/useKnownProfile', code: 'profile-unknown', detail: '系统中没有此人的资料,请完整填写' },
      ])
      continue
    }
    rows.push(rowOf(kernel, purchases, caller, now, candidate, profile))
    kept.push(candidate)
  }
  if (refused.length > 0)
    await saveRefusals(
      kernel,
      caller,
      now,
      refused.map(({ candidate, refusal }) => ({
        id: candidate.input.id,
        store: candidate.store,
        personIndex: candidate.person,
        drugIds: candidate.accepted.lines.map((line) => line.drugId),
        refusal,
      })),
    )
  for (const { candidate, refusal } of refused)
    results[candidate.index] = {
      id: candidate.input.id,
      status: 'refused',
      refusal: { title: refusal.title, detail: refusal.detail, from: refusal.from, to: refusal.to },
    }
  if (rows.length === 0) return

  const stores = new Set(kept.map(({ store }) => store.code))
  const first = kept[0]!.store
  const inserted = await purchases.writer.write(
    rows,
    auditOf(caller, {
      action: 'purchase.register',
      object: rows.length === 1 ? `purchase:${rows[0]!.id}` : `purchases:${rows.length}`,
      path: stores.size === 1 ? first.path : countyPath(first.path, first.county),
      areaCode: first.areaCode,
      detail: {
        rows: rows.length,
        stores: [...stores].slice(0, 20),
        ...(rows.length > 1 && { first: rows[0]!.id, last: rows.at(-1)!.id }),
      },
    }),
  )
  const repeated = rows.filter((row) => !inserted.has(row.id)).map((row) => row.id)
  const digests = repeated.length > 0 ? await findStoredDigests(kernel, repeated) : undefined
  for (const [position, candidate] of kept.entries()) {
    const row = rows[position]!
    const before = digests?.get(row.id)
    results[candidate.index] =
      before && !before.digest.equals(candidate.digest)
        ? bad(candidate.input, [idTaken])
        : registered(purchases, row, before?.clinicIds ?? row.clinicIds, candidate)
  }
}

function registered(
  purchases: Purchases,
  row: PurchaseRow,
  clinicIds: readonly string[],
  { store }: Candidate,
): PurchaseResult {
  const clinics = clinicIds.flatMap((id): Clinic[] => {
    const clinic = purchases.reference.clinic(id)
    if (!clinic) return []
    const { active: _active, ...facts } = clinic
    return [
      {
        ...facts,
        distanceM:
          store.lon === null || store.lat === null ? null : distanceM(store.lon, store.lat, clinic.lon, clinic.lat),
      },
    ]
  })
  return { id: row.id, status: 'registered', receiptNo: receiptNo(row.id), ...(clinics.length > 0 && { clinics }) }
}

function rowOf(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  now: Date,
  { input, store, accepted, person, digest }: Candidate,
  profile: NonNullable<Accepted['person']>,
): PurchaseRow {
  const personal: Personal = {
    ...profile,
    documentNumber: accepted.documentNumber,
    ...(accepted.boughtFor && { boughtFor: accepted.boughtFor }),
    ...(accepted.history && { history: accepted.history }),
  }
  const keyMonth = keyMonthOf(accepted.day)
  const clinics =
    accepted.fever && store.lon !== null && store.lat !== null
      ? purchases.reference.nearestClinics(store.lon, store.lat, 3)
      : []
  return {
    id: input.id,
    county: store.county,
    countyPath: countyPath(store.path, store.county),
    storeCode: store.code,
    areaCode: store.areaCode,
    path: store.path,
    soldAt: accepted.soldAt,
    day: accepted.day,
    receivedAt: now,
    documentType: accepted.documentType,
    personIndex: person,
    mobileIndex: mobileIndex(kernel.vault, profile.mobile),
    keyMonth,
    sealed: sealPersonal(kernel.vault, keyMonth, input.id, personal),
    classes: accepted.classes,
    units: accepted.units,
    symptoms: accepted.symptoms,
    temperatureTenths: accepted.temperatureTenths,
    fever: accepted.fever,
    clinicIds: clinics.map((clinic) => clinic.id),
    proxy: accepted.proxy,
    offline: input.offline ?? false,
    accountId: caller.id,
    digest,
    lines: accepted.lines,
  }
}
