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
