import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { CountyEngine } from './engine.ts'
import type { EngineResult, EngineSetup, EngineTask } from './engine.types.ts'

type Call =
  | { readonly kind: 'open'; readonly setup: EngineSetup }
  | { readonly kind: 'run'; readonly county: string; readonly task: EngineTask }
  | { readonly kind: 'drop'; readonly county: string }
  | { readonly kind: 'totals'; readonly county: string; readonly from: number }
  | { readonly kind: 'backtest' | 'scan'; readonly input: unknown }
export type WorkerCall = Call & { readonly id: number }
export interface WorkerAnswer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** Counties with fewer units are computed where they are asked for: a thread costs more than they do. */
const smallCounty = 16
const most = 4

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A thread with its own engines; started when it is first needed. */
class Thread {
  #worker: Worker | undefined
  readonly #waiting = new Map<number, Waiting>()
  #next = 0

  call(call: Call): Promise<unknown> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#open().postMessage({ ...call, id } satisfies WorkerCall)
    })
  }

  #open(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 4096 },
    })
    worker.unref()
    worker.on('message', ({ id, value, error }: WorkerAnswer) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(value)
      else waiting?.reject(new Error(error))
    })
    const lost = (error: Error) => {
      if (this.#worker === worker) this.#worker = undefined
      for (const each of this.#waiting.values()) each.reject(error)
      this.#waiting.clear()
    }
    worker.on('error', lost)
    worker.on('exit', () => lost(new Error('the thread has ended')))
    this.#worker = worker
    return worker
  }

  get load(): number {
    return this.#waiting.size
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }
}

/** The engines of one process, on as many threads as there are processors, four at most. */
export class EnginePool {
  readonly #threads = Array.from({ length: Math.min(most, availableParallelism()) }, () => new Thread())
  readonly #small = new Map<string, CountyEngine>()
  readonly #large = new Map<string, Thread>()

  /** Threads of the pool. */
  get width(): number {
    return this.#threads.length
  }

  #free(): Thread {
    return this.#threads.reduce((best, each) => (each.load < best.load ? each : best))
  }

  /** Makes the engine of a county, in place of one that is there. */
  async open(setup: EngineSetup): Promise<void> {
    await this.drop(setup.county)
    if (setup.units.length < smallCounty) {
      this.#small.set(setup.county, new CountyEngine(setup))
      return
    }
    const held = (thread: Thread) => [...this.#large.values()].filter((each) => each === thread).length
    const thread = this.#threads.reduce((best, each) => (held(each) < held(best) ? each : best))
    this.#large.set(setup.county, thread)
    await thread.call({ kind: 'open', setup })
  }

  /** Runs a task on a county's engine. @throws Error when it has none, or its thread was lost */
  async run(county: string, task: EngineTask): Promise<EngineResult[]> {
    const small = this.#small.get(county)
    if (small) return small.run(task)
    const thread = this.#large.get(county)
    if (!thread) throw new Error(`no engine of ${county}`)
    return (await thread.call({ kind: 'run', county, task })) as EngineResult[]
  }

  /** The county's sums from a day up to the running one, class by class. */
  async totals(county: string, from: number): Promise<Float32Array> {
    const small = this.#small.get(county)
    if (small) return small.totals(from)
    const thread = this.#large.get(county)
    if (!thread) throw new Error(`no engine of ${county}`)
    return (await thread.call({ kind: 'totals', county, from })) as Float32Array
  }

  /** A step of a study, on the thread with the least to do. */
  study<T>(kind: 'backtest' | 'scan', input: unknown): Promise<T> {
    return this.#free().call({ kind, input }) as Promise<T>
  }

  async drop(county: string): Promise<void> {
    this.#small.delete(county)
    const thread = this.#large.get(county)
    this.#large.delete(county)
    await thread?.call({ kind: 'drop', county }).catch(() => undefined)
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }
}
