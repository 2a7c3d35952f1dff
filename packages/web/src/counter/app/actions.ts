import { batch } from '@preact/signals'
import { checkDocument, uuidv7 } from '@vigil/codes'
import { SendError } from '../../device/failure.ts'
import { t } from '../../text.ts'
import { checkDraft, checkPerson, toPurchase } from '../core/check.ts'
import { restamp, serverNow } from '../core/clock.ts'
import { type Draft, emptyDraft, isUntouched, withDocument } from '../core/draft.ts'
import { remember } from '../core/drug.ts'
import { clockRefusal, type Entry } from '../core/entry.ts'
import { type FieldProblem, problemsOf, stepOf } from '../core/field.ts'
import type { Queue } from '../core/queue.ts'
import type { Environment } from './environment.ts'
import { outcomeOf } from './outcome.ts'
import * as state from './state.ts'
import { barredItem, barredNow, type StopSales } from './stop.ts'

/** What the form does; rendering calls nothing else. */
export class FormActions {
  private readonly env: Environment
  private readonly queue: () => Queue
  private readonly stops: StopSales
  private asked = ''

  constructor(env: Environment, queue: () => Queue, stops: StopSales) {
    this.env = env
    this.stops = stops
    this.queue = queue
  }

  /** Changes the draft; messages at the places that changed go away. */
  edit(change: (draft: Draft) => Draft, ...settled: readonly string[]): void {
    state.draft.value = change(state.draft.value)
    if (settled.length > 0)
      state.problems.value = state.problems.value.filter((one) => !settled.includes(one.field) && one.field !== 'form')
  }

  /** Types the document number; when it is complete and right, the server is asked for a returning buyer. */
  setDocument(type: Draft['documentType'], number: string): void {
    this.edit((draft) => withDocument(draft, type, number), 'documentNumber', 'documentType')
    if (type === 'citizen-id' && number.length === 18) this.confirmDocument()
  }

  /** Goes on to the person when the number is right; says what is wrong with it otherwise. */
  confirmDocument(): void {
    const { documentType, documentNumber, buyer } = state.draft.value
    const checked = checkDocument(documentType, documentNumber)
    if (!checked.ok) {
      this.show([{ field: 'documentNumber', code: checked.code, message: checked.message }])
      return
    }
    if (buyer === 'unknown') void this.lookUp()
    state.step.value = buyer === 'confirmed' ? 3 : 2
  }

  private async lookUp(): Promise<void> {
    const { documentType, documentNumber } = state.draft.value
    const key = `${documentType} ${documentNumber}`
    this.asked = key
    const still = () =>
      this.asked === key && `${state.draft.value.documentType} ${state.draft.value.documentNumber}` === key
    state.lookupNote.value = ''
    this.edit((draft) => ({ ...draft, buyer: 'searching' }))
    try {
      const found = await this.env.server.call('buyer.lookup', { body: { documentType, documentNumber } })
      if (!still()) return
      const { name, mobile, residence, hasEmergencyContact } = found
      this.edit((draft) => ({
        ...draft,
        buyer: found.known ? 'known' : 'new',
        known: found.known ? { name, mobile, residence, hasEmergencyContact } : null,
      }))
      state.focusOn('person.name')
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      if (!still()) return
      const { kind, message } = error.failure
      state.lookupNote.value =
        kind === 'offline'
          ? t('离线中，无法查询是否登记过，请填写购药人信息')
          : t('未能查询老顾客：{message}', { message })
      // The session ended: the question is asked again after the PIN.
      this.edit((draft) => ({ ...draft, buyer: kind === 'auth' ? 'unknown' : 'new' }))
      if (kind !== 'auth') state.focusOn('person.name')
    }
  }

  /** Asks again for the buyer when the session had ended in between. */
  resume(): void {
    const { buyer } = state.draft.value
    if (state.step.value === 2 && (buyer === 'unknown' || buyer === 'searching')) this.confirmDocument()
  }

  /** The buyer says that nothing changed. */
  confirmKnown(): void {
    this.edit((draft) => ({ ...draft, buyer: 'confirmed' }), 'person.name')
    state.step.value = 3
  }

  /** Something changed: the person is typed anew, because the clear values never came to the phone. */
  retypeKnown(): void {
    this.edit((draft) => ({ ...draft, buyer: 'new' }), 'person.name')
    state.focusOn('person.name')
  }

  /** From the person to the drugs. */
  confirmPerson(): void {
    const found = checkPerson(state.draft.value.person, state.draft.value.documentType)
    if (found.length > 0) this.show(found)
    else state.step.value = 3
  }

  /** Registers: keeps the sale on the device, sends it, and shows the answer or that it waits. */
  async submit(): Promise<void> {
    if (state.submitting.value) return
    const { draft } = state
    const found = checkDraft(draft.value)
    if (found.length > 0) return this.show(found)
    const barred = barredItem(this.env)
    if (barred) return this.stops.refuse(barred.order, { id: barred.item.drugId, name: barred.item.name })
    state.submitting.value = true
    const skew = draft.value.soldAt === null ? state.skew.value : draft.value.stampedSkew
    const sale = {
      id: draft.value.id ?? uuidv7(...(skew === 0 ? [] : [this.env.now() + skew])),
      soldAt: draft.value.soldAt ?? serverNow(this.env.now(), skew),
      storeCode: state.storeCode.value,
      offline: !state.online.value,
      ...(state.stops.value && { rulesAt: state.stops.value.asOf }),
    }
    const kept: Draft = { ...draft.value, id: sale.id, soldAt: sale.soldAt, stampedSkew: skew }
    try {
      const purchase = toPurchase(kept, sale)
      if (draft.value.id) await this.queue().mend(purchase, kept)
      else await this.queue().add(purchase, kept)
      draft.value = kept
      void this.rememberChoices(kept)
      const entry = await outcomeOf(this.queue(), sale.id)
      if (entry?.state === 'refused') this.showRefusal(entry)
      else this.finish(sale.id)
    } catch {
      state.say(t('本机无法保存这条登记，请检查手机存储空间后重试'), 'warn')
    } finally {
      state.submitting.value = false
    }
  }

  /** The name of the order that forbids a drug now; undefined when it may be sold. */
  barred(drug: { readonly id: string; readonly class: string }): string | undefined {
    return barredNow(this.env, drug)?.name
  }

  /** A drug was picked: the device refuses it at once when an order forbids it. @returns whether it may be sold */
  mayPick(drug: { readonly id: string; readonly class: string; readonly name: string }): boolean {
    const order = barredNow(this.env, drug)
    if (order) this.stops.refuse(order, drug)
    return order === undefined
  }

  private async rememberChoices(kept: Draft): Promise<void> {
    const drugs = kept.items.map((item) => item.drugId)
    state.recent.value = remember(state.recent.value, drugs)
    await this.env.storage.write('recent', state.recent.value)
    if (kept.buyer === 'confirmed') return
    state.recentAreas.value = remember(state.recentAreas.value, [kept.person.areaCode], 6)
    await this.env.storage.write('recent-areas', state.recentAreas.value)
  }

  private finish(id: string): void {
    batch(() => {
      state.doneId.value = id
      state.page.value = 'done'
      this.reset()
    })
  }

  /** An empty form, or the one that was put aside for mending another entry. */
  reset(): void {
    batch(() => {
      const next = state.parked.value ?? emptyDraft(state.homeCounty.value)
      state.parked.value = null
      state.draft.value = next
      state.problems.value = []
      state.refusal.value = null
      state.lookupNote.value = ''
      state.step.value = isUntouched(next) ? 1 : 2
    })
    this.resume()
  }

  /** The next customer. */
  next(): void {
    state.page.value = 'form'
    if (state.step.value === 1) state.focusOn('documentNumber')
  }

  /** Opens a refused entry for mending; a form in use is put aside. */
  mend(entry: Entry): void {
    if (entry.body === 'unreadable' || !entry.body.draft) return
    batch(() => {
      if (!isUntouched(state.draft.value) && state.draft.value.id === null) state.parked.value = state.draft.value
      state.page.value = 'form'
      this.showRefusal(entry)
    })
  }

  private showRefusal(entry: Entry): void {
    if (entry.body === 'unreadable' || !entry.body.draft) return
    const { draft, result } = entry.body
    // The profile that was confirmed is gone: the person has to be typed.
    const unknown = result?.errors?.some((error) => error.code === 'profile-unknown') ?? false
    batch(() => {
      state.draft.value = unknown ? { ...draft, buyer: 'new', known: null } : draft
      state.refusal.value = result?.refusal ?? null
      // The server knew an order that this device does not have yet.
      if (result?.refusal) void this.stops.refresh()
      const found = problemsOf(result?.errors ?? [])
      if (found.length > 0) this.show(found)
      else {
        state.problems.value = []
        state.step.value = 3
        state.focusOn('items')
      }
    })
  }

  /**
   * One tap for an entry whose time the server did not believe: the same sale, stamped by the server's clock. When the
   * id itself carries the wrong time it gets a new one, which is safe because the server stored nothing.
   */
  async restampEntry(): Promise<void> {
    const { id, soldAt, stampedSkew } = state.draft.value
    const kind = this.clockTrouble()
    if (!id || !soldAt || kind === 'none') return
    const skew = state.skew.value
    const right = restamp(soldAt, stampedSkew, skew, this.env.now())
    const nextId = kind === 'id' ? uuidv7(Date.parse(right)) : id
    this.edit(
      (draft) => ({
        ...draft,
        id: nextId,
        soldAt: right,
        stampedSkew: skew,
      }),
      'soldAt',
    )
    await this.submit()
    // The refused entry goes only when the one with the new id is kept.
    if (nextId !== id && this.queue().entries.some((entry) => entry.id === nextId)) await this.queue().discard(id)
  }

  /** Gives the form up; a refused entry of it goes too, since the sale was not made. */
  async abandon(): Promise<void> {
    const { id } = state.draft.value
    if (id) await this.queue().discard(id)
    this.reset()
  }

  /** Removes an entry that this device can no longer read. */
  async drop(id: string): Promise<void> {
    await this.queue().discard(id)
  }

  /** Shows messages at their places, opens the step of the first and goes to it. */
  show(found: readonly FieldProblem[]): void {
    state.problems.value = found
    const first = found[0]
    if (!first) return
    const at = stepOf(first.field)
    if (first.field !== 'form' && first.field !== 'soldAt') state.step.value = at === 4 ? 3 : at
    state.focusOn(first.field)
  }

  /** Whether the refusal of the open form is healed by the right time. */
  clockTrouble(): ReturnType<typeof clockRefusal> {
    const entry = this.queue().entries.find((one) => one.id === state.draft.value.id)
    return entry === undefined || entry.body === 'unreadable' ? 'none' : clockRefusal(entry.body.result)
  }
}
