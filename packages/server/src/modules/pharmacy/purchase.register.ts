import type { BodyOf, Contract, FieldError, PurchaseInput, PurchaseResult } from '@vigil/contract'
import { PurchaseInput as PurchaseInputSchema } from '@vigil/contract'
import { type Caller, can, scopeFor } from '../../kernel/access/caller.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { forbidden, invalidField } from '../../kernel/error/problem.ts'
import { compile, fieldErrors } from '../../kernel/http/validate.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Candidate, type Row, refusedSale, registered, saleOf } from './purchase.answer.ts'
import { type Accepted, canonical, decide, type Personal } from './purchase.domain.ts'
import type { Refusal } from './purchase.guard.ts'
import { countMisses, findKnownProfiles, findStoredDigests } from './purchase.known.ts'
import type { Purchases } from './purchase.module.ts'
import { ensureMonths } from './purchase.month.ts'
import { type RefusedSale, saveRefusals } from './purchase.refusal.ts'
import { countyPath } from './purchase.rollup.ts'
import { keyMonthOf, mobileIndex, personIndex, sealPersonal } from './purchase.seal.ts'
import type { PurchaseRow } from './purchase.writer.ts'

type RegisterBody = BodyOf<Contract['purchase.register']>

const checkRow = compile(PurchaseInputSchema, 'body')

/** A row that the rules of this moment do not let in: answered so unless it was let in before. */
interface TurnedAway {
  readonly row: Row
  readonly result: PurchaseResult
  readonly refused?: { readonly candidate: Candidate; readonly refusal: Refusal }
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
  if (scopeFor(caller, 'purchase.register').length === 0) throw forbidden()
  purchases.writer.assertRoom(body.purchases.length)
  const now = kernel.clock.now()
  const sentAt = body.sentAt ? new Date(body.sentAt) : undefined
  if (sentAt && Number.isNaN(sentAt.getTime())) throw invalidField('/sentAt', '发送时间无法识别')
  const results = new Array<PurchaseResult | undefined>(body.purchases.length)
  const candidates: Candidate[] = []
  const turnedAway: TurnedAway[] = []
  const seen = new Map<string, { index: number; digest: Buffer }>()
  const twins: { index: number; first: number }[] = []

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
      if (twin.digest.equals(digest)) twins.push({ index, first: twin.index })
      else results[index] = bad(input, [idTaken])
      continue
    }
    const row: Row = { index, id: input.id, store, digest }
    const decision = decide(input, {
      now,
      sentAt,
      store,
      drug: (id) => purchases.reference.drug(id),
      dutyClasses: (day) => purchases.reference.dutyClasses(store.path, day),
      areaExists: (code) => purchases.reference.areaExists(code),
    })
    if ('errors' in decision) {
      turnedAway.push({ row, result: bad(input, decision.errors) })
      continue
    }
    seen.set(input.id, { index, digest })
    const { accepted } = decision
    const person = personIndex(kernel.vault, accepted.documentType, accepted.documentNumber)
    candidates.push({ ...row, input, accepted, person })
  }

  await storeRows(kernel, purchases, caller, now, candidates, turnedAway, results)
  await turnAway(kernel, purchases, caller, now, turnedAway, results)
  for (const { index, first } of twins) results[index] = results[first]
  return results as PurchaseResult[]
}

const monthClosed: FieldError = { pointer: '/soldAt', code: 'shredded', detail: '该月个人信息已按期限销毁，不能再登记' }
const profileUnknown: FieldError = {
  pointer: '/useKnownProfile',
  code: 'profile-unknown',
  detail: '系统中没有此人的资料，请完整填写',
}
const idTaken: FieldError = { pointer: '/id', code: 'id-taken', detail: '这个编号已用于另一笔登记，请用新的编号' }

function storeOf(
  purchases: Purchases,
  caller: Caller,
  input: PurchaseInput,
): Candidate['store'] | { errors: FieldError[] } {
  const code = input.storeCode ?? caller.storeCode
  if (!code) return { errors: [{ pointer: '/storeCode', code: 'required', detail: '请填写药店编码' }] }
  const store = purchases.reference.store(code)
  if (!store || !can(caller, 'purchase.register', store.path))
    return { errors: [{ pointer: '/storeCode', code: 'store', detail: '药店不存在，或不属于当前账号' }] }
  return store
}

/** Stores what the rules let in; adds to `turnedAway` what the known profiles, the vault or a guard does not. */
async function storeRows(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  now: Date,
  candidates: readonly Candidate[],
  turnedAway: TurnedAway[],
  results: (PurchaseResult | undefined)[],
): Promise<void> {
  if (candidates.length === 0) return
  const shredded = await ensureMonths(
    kernel,
    candidates.map(({ accepted, id }) => ({ keyMonth: keyMonthOf(accepted.day), id })),
  )
  const asked = candidates.filter(({ input }) => input.useKnownProfile)
  const persons = asked.map(({ person }) => person)
  const known = await findKnownProfiles(kernel, persons)
  const misses = asked.filter(({ person }) => !known.has(person.toString('hex')))
  if (misses[0] && (await countMisses(kernel, caller, misses[0].store, misses.length))) known.clear()
  const rows: PurchaseRow[] = []
  const kept: Candidate[] = []
  for (const candidate of candidates) {
    const { id, input, accepted } = candidate
    const refusal = purchases.guards.check(saleOf(caller, candidate))
    const profile = accepted.person ?? known.get(candidate.person.toString('hex'))
    if (refusal) {
      const { title, detail, from, to } = refusal
      const result: PurchaseResult = { id, status: 'refused', refusal: { title, detail, from, to } }
      turnedAway.push({ row: candidate, result, refused: { candidate, refusal } })
    } else if (shredded.has(keyMonthOf(accepted.day)))
      turnedAway.push({ row: candidate, result: bad(input, [monthClosed]) })
    else if (!profile) turnedAway.push({ row: candidate, result: bad(input, [profileUnknown]) })
    else {
      rows.push(rowOf(kernel, purchases, caller, now, candidate, profile))
      kept.push(candidate)
    }
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
        : registered(purchases, candidate, before?.clinicIds ?? row.clinicIds, candidate.accepted)
  }
}

/**
 * Answers what was turned away. A retry of what was registered before, when the store was not suspended yet or the order
 * not in force, is answered as the first time; only the others are refusals.
 */
async function turnAway(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  now: Date,
  turnedAway: readonly TurnedAway[],
  results: (PurchaseResult | undefined)[],
): Promise<void> {
  if (turnedAway.length === 0) return
  const ids = turnedAway.map(({ row }) => row.id)
  const before = await findStoredDigests(kernel, ids)
  const refusals: RefusedSale[] = []
  for (const { row, result, refused } of turnedAway) {
    const stored = before.get(row.id)
    const again = stored?.digest.equals(row.digest)
    results[row.index] = again ? registered(purchases, row, stored!.clinicIds) : result
    if (!refused || again) continue
    const { candidate, refusal } = refused
    refusals.push(refusedSale(row, candidate, refusal))
  }
  if (refusals.length > 0) await saveRefusals(kernel, caller, now, refusals)
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
