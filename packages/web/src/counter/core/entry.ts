import { maskDocument, maskMobile, maskName } from '@vigil/codes'
import type { PurchaseInput, PurchaseResult } from '@vigil/contract'
import type { SendFailure } from '../../device/failure.ts'
import type { Draft } from './draft.ts'
import type { QueueRecord } from './ports.ts'

/** How long an entry can be undone, in milliseconds; the server's own limit. */
export const undoWindowMs = 5 * 60_000

/** Masked line of an entry for the list of the day. */
export interface EntrySummary {
  readonly name: string
  readonly document: string
  readonly mobile: string
  readonly drugs: string
}

/** Sealed content of an entry. `purchase` and `draft` are dropped as soon as the server has the entry. */
export interface EntryBody {
  readonly purchase: PurchaseInput | null
  /** The form as it was, for mending. */
  readonly draft: Draft | null
  readonly summary: EntrySummary
  readonly soldAt: string
  /** Correction of the device's clock that `soldAt` already has; the server adds what is missing. */
  readonly stampedSkew: number
  readonly result: PurchaseResult | null
  /** When the server's answer came, in device milliseconds. */
  readonly answeredAt: number
  /** Why an undo did not succeed; '' otherwise. */
  readonly undoProblem: string
}

/** An entry of this device, decrypted in memory. `unreadable`: the device's key no longer opens it. */
export interface Entry extends Omit<QueueRecord, 'sealed'> {
  readonly body: EntryBody | 'unreadable'
}

/** Masked summary of a draft, made where the clear text still is. */
export function summarize(draft: Draft): EntrySummary {
  const confirmed = draft.buyer === 'confirmed'
  return {
    name: confirmed ? (draft.known?.name ?? '') : maskName(draft.person.name),
    mobile: confirmed ? (draft.known?.mobile ?? '') : maskMobile(draft.person.mobile),
    document: maskDocument(draft.documentType, draft.documentNumber),
    drugs: draft.items.map((item) => `${item.name} ×${item.quantity}`).join('，'),
  }
}

/** A fresh entry body for a sale that waits to be sent. */
export function waitingBody(purchase: PurchaseInput, draft: Draft): EntryBody {
  return {
    purchase,
    draft,
    summary: summarize(draft),
    soldAt: purchase.soldAt,
    stampedSkew: draft.stampedSkew,
    result: null,
    answeredAt: 0,
    undoProblem: '',
  }
}

/** A refusal of a whole request, told as the refusal of the one row it was about. */
export function refusalOf(id: string, failure: SendFailure): PurchaseResult {
  const errors = failure.errors?.map(({ pointer, detail, code }) => ({ pointer, detail, code: code ?? '' }))
  return {
    id,
    status: 'invalid',
    errors: errors && errors.length > 0 ? errors : [{ pointer: '', code: failure.code, detail: failure.message }],
  }
}

/** What a corrected clock heals: nothing, the time of sale, or the id, which carries a time as well. */
export function clockRefusal(result: PurchaseResult | null): 'none' | 'time' | 'id' {
  const about = result?.errors?.filter((error) => error.code === 'clock') ?? []
  if (about.length === 0) return 'none'
  return about.some((error) => error.pointer.endsWith('/id')) ? 'id' : 'time'
}
