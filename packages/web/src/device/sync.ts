import { backoffMs } from './backoff.ts'
import { SendError, type SendFailure } from './failure.ts'

export interface SyncPorts {
  /** Runs one piece of work at a time over all tabs of the device. */
  readonly lock: <T>(work: () => Promise<T>) => Promise<T>
  readonly now: () => number
  readonly random: () => number
  /** Schedules a later try; a new call replaces the one before. */
  readonly schedule: (work: () => void, ms: number) => void
}

/** How the last try to send ended; `null` while everything is sent. */
export type SyncTrouble = SendFailure | null

/** Sends what waits, one run at a time; after a failure it waits longer each time, and as long as the server asked. */
export class SyncLoop {
  trouble: SyncTrouble = null
  private readonly ports: SyncPorts
  private readonly drain: () => Promise<void>
  private readonly changed: () => void
  private running: Promise<void> | null = null
  private again = false
  private failures = 0
  private blockedUntil = 0

  /** @param drain sends everything that waits, or throws {@link SendError} @param changed called after each run */
  constructor(ports: SyncPorts, drain: () => Promise<void>, changed: () => void) {
    this.ports = ports
    this.drain = drain
    this.changed = changed
  }

  /**
   * Calls that come while one runs share it, and it looks once more before it ends.
   * @param force a person asked: do not wait for the own back-off (what the server asked for is still kept)
   */
  sync(force = false): Promise<void> {
    if (force && this.trouble?.retryAfterMs === undefined) this.blockedUntil = 0
    this.again = true
    this.running ??= this.loop().finally(() => {
      this.running = null
    })
    return this.running
  }

  private async loop(): Promise<void> {
    while (this.again) {
      this.again = false
      if (this.ports.now() < this.blockedUntil) return
      try {
        await this.ports.lock(this.drain)
        this.failures = 0
        this.blockedUntil = 0
        this.trouble = null
      } catch (error) {
        this.fail(error)
        return
      } finally {
        this.changed()
      }
    }
  }

  private fail(error: unknown): void {
    this.failures += 1
    const message = error instanceof Error ? error.message : String(error)
    const failure: SendFailure =
      error instanceof SendError ? error.failure : { kind: 'offline', message, status: 0, code: 'device' }
    this.trouble = failure
    // A person has to act first: enter the PIN, sign in.
    if (failure.kind === 'auth') return
    const wait = backoffMs(this.failures, this.ports.random(), failure.retryAfterMs)
    this.blockedUntil = this.ports.now() + wait
    this.ports.schedule(() => void this.sync(), wait + 50)
  }
}
