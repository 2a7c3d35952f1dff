import type { PurchaseInput, PurchaseItem, PurchaseResult } from '@vigil/contract'
import type { Sealed } from '../../device/cipher.ts'
import type { RecordStore } from '../../device/storage.ts'

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

export type QueueStore = RecordStore<QueueRecord>

/** What the queue needs from the server. Failures are thrown as {@link SendFailure}. */
export interface Uplink {
  /** @param stampedSkew by how much the device's clock was corrected in these sales' times */
  register(purchases: readonly PurchaseInput[], stampedSkew: number): Promise<readonly PurchaseResult[]>
  undo(id: string): Promise<PurchaseItem>
}
