type LogError = (error: unknown) => void

/**
 * Does some work again and again, never twice at once; what it throws is told, and it goes on.
 * @param everyMs pause between two beginnings; 0: never by itself
 * @returns ends it; work that is under way goes on
 */
export function repeat(everyMs: number, work: () => Promise<unknown>, logError: LogError): () => void {
  if (everyMs === 0) return () => undefined
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    void work()
      .catch(logError)
      .finally(() => {
        busy = false
      })
  }, everyMs).unref()
  return () => clearInterval(timer)
}

/** Work that is done by one caller at a time. */
export interface Turns {
  /** Does it after those who asked before: a call during a look may be about what that look has passed already. */
  next(work: () => Promise<void>): Promise<void>
  /** Waits for the last one, however it ends. */
  settled(): Promise<void>
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve()
  return {
    next: (work) => {
      last = last.catch(() => undefined).then(work)
      return last
    },
    settled: () => last.catch(() => undefined),
  }
}

/** Work of which all who ask while it is under way get the same end. */
export interface Joined {
  now(): Promise<void>
  /** Waits for what is under way, however it ends. */
  settled(): Promise<void>
}

export function createJoined(work: () => Promise<void>): Joined {
  let under: Promise<void> | undefined
  return {
    now: () => {
      under ??= work().finally(() => {
        under = undefined
      })
      return under
    },
    settled: async () => under?.catch(() => undefined),
  }
}

/** The background work of one process on what lies in a queue of the database. */
export interface QueueLoop {
  /** Looks for work now; what it finds runs on by itself. */
  tick(): Promise<void>
  /** Waits until nothing is under way in this process. */
  idle(): Promise<void>
  /** Breaks off what is under way, so that another process takes it up, and ends. */
  close(): Promise<void>
}

export interface Queue<T> {
  /** Pieces of work under way at once in this process. */
  readonly atOnce: number
  /** Pause between two looks, in ms; 0: only `tick` looks. */
  readonly everyMs: number
  /** Takes up what is due, so many pieces at most; `free` may be none. */
  take(free: number, stop: AbortSignal): Promise<readonly T[]>
  /** Does one piece; `stop` ends it. */
  run(piece: T, stop: AbortSignal): Promise<void>
  readonly logError: LogError
}

/** Starts to work off a queue. */
export function startQueue<T>({ atOnce, everyMs, take, run, logError }: Queue<T>): QueueLoop {
  const running = new Set<Promise<void>>()
  const stop = new AbortController()
  const turns = createTurns()
  const look = async () => {
    if (stop.signal.aborted) return
    for (const piece of await take(Math.max(0, atOnce - running.size), stop.signal)) {
      const under = run(piece, stop.signal)
        .catch(logError)
        .finally(() => {
          running.delete(under)
          // What waits for this one need not wait for the clock.
          if (everyMs > 0) void tick().catch(logError)
        })
      running.add(under)
    }
  }
  const tick = (): Promise<void> => (stop.signal.aborted ? Promise.resolve() : turns.next(look))
  const end = repeat(everyMs, tick, logError)
  const idle = async () => {
    while (running.size > 0) await Promise.all(running)
  }
  return {
    tick,
    idle,
    close: async () => {
      end()
      stop.abort()
      await turns.settled()
      await idle()
    },
  }
}
