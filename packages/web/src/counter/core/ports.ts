import type { PurchaseInput, PurchaseItem, PurchaseResult } from '@vigil/contract'

/** Ciphertext and its nonce, as AES-GCM gives them. */
export interface Sealed {
  readonly iv: Uint8Array
  readonly data: ArrayBuffer
}

/** Encrypts a value; `id` is bound to it, so that a ciphertext cannot be moved to another entry. */
export interface Cipher {
  seal(id: string, value: unknown): Promise<Sealed>
  open(id: string, sealed: Sealed): Promise<unknown>
}

/** What is kept of an entry: nothing in clear but what the order of sending needs. */
export interface QueueRecord {
  readonly id: string
  readonly storeCode: string
  /** Order of the sales on this device. */
  readonly seq: number
  /** Grows with every change, so that a reader knows what it has decrypted already. */
  readonly revision: number
  readonly state: 'waiting' | 'refused' | 'registered' | 'undone'
  /** How often it was sent: 0 means that the server cannot know it. */
  readonly attempts: number
  /** The clerk took it back before it was known to be registered. */
  readonly cancelled: boolean
  readonly sealed: Sealed
}

/** Keeps records durably; a resolved promise means that the change outlives a power cut. */
export interface QueueStore {
  list(): Promise<readonly QueueRecord[]>
  get(id: string): Promise<QueueRecord | undefined>
  put(record: QueueRecord): Promise<void>
  delete(id: string): Promise<void>
}

/** What the queue needs from the server. Failures are thrown as {@link SendFailure}. */
export interface Uplink {
  /** @param stampedSkew by how much the device's clock was corrected in these sales' times */
  register(purchases: readonly PurchaseInput[], stampedSkew: number): Promise<readonly PurchaseResult[]>
  undo(id: string): Promise<PurchaseItem>
}

/** Why a call failed, sorted by what to do about it. */
export interface SendFailure {
  /**
   * `offline`: nothing is known about what the server did; `busy`: asked to wait; `auth`: the session ended;
   * `denied`: the account may not; `rejected`: the content is wrong.
   */
  readonly kind: 'offline' | 'busy' | 'auth' | 'denied' | 'rejected'
  readonly message: string
  readonly status: number
  readonly code: string
  /** Milliseconds that the server asked to wait. */
  readonly retryAfterMs?: number
  readonly errors?: readonly { pointer: string; detail: string; code?: string }[]
}

export class SendError extends Error {
  readonly failure: SendFailure
  constructor(failure: SendFailure) {
    super(failure.message)
    this.name = 'SendError'
    this.failure = failure
  }
}
