import type { Scope } from '../db/index.ts'

interface Kept<T> {
  readonly scope: Scope
  /** Number of the last change that was known when the reading began. */
  readonly began: number
  /** On the monotonic clock, ms. */
  readonly until: number
  readonly answer: Promise<T>
}

export interface SharedOptions {
  /** How long an answer may be given again when nothing was heard: a bound on what a lost message costs, ms. */
  readonly keepMs?: number
  /** Answers kept at most. */
  readonly most?: number
}

/** `/350000/350500/` → `/`, `/350000/`, `/350000/350500/`. */
function* stepsOf(path: string): Generator<string> {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) yield path.slice(0, at + 1)
}

/**
 * Answers that several people ask for at once: after each sale all consoles of a city want the same figures. Who asks while
 * the same is being read waits for that reading; who asks soon after gets the same answer, unless a change in its scope was
 * told since the reading began. An answer is given only for the very scope that it was read for.
 */
export class SharedAnswers<T> {
  readonly #kept = new Map<string, Kept<T>>()
  /** Number of the last change at or below a path, and of the last one that may lie anywhere below it. */
  readonly #at = new Map<string, number>()
  readonly #below = new Map<string, number>()
  #changes = 0
  readonly #keepMs: number
  readonly #most: number

  constructor({ keepMs = 5_000, most = 500 }: SharedOptions = {}) {
    this.#keepMs = keepMs
    this.#most = most
  }

  /**
   * The answer to a question about a scope. @param question everything but the scope that the answer depends on
   * @throws whatever `read` throws; whoever asks after that has it read anew
   */
  ask(scope: Scope, question: string, read: () => Promise<T>): Promise<T> {
    const key = `${scope.join(',')} ${question}`
    const known = this.#kept.get(key)
    if (known && known.until > performance.now() && !this.#changedSince(known)) return known.answer
    const kept = { scope, began: this.#changes, until: performance.now() + this.#keepMs, answer: read() }
    // The newest stands last, the first is the first to go.
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    kept.answer.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key)
    })
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!)
    return kept.answer
  }

  /** A change at a path, such as a sale of a store. What was read before, or is being read, answers no later question. */
  changed(path: string): void {
    this.#changes++
    for (const step of stepsOf(path)) this.#at.set(step, this.#changes)
  }

  /** Changes at unknown places below a path, such as an import into a county. */
  changedBelow(path: string): void {
    this.changed(path)
    this.#below.set(path, this.#changes)
  }

  #changedSince({ scope, began }: Kept<T>): boolean {
    const later = (changes: ReadonlyMap<string, number>, path: string) => (changes.get(path) ?? 0) > began
    return scope.some((root) => later(this.#at, root) || [...stepsOf(root)].some((step) => later(this.#below, step)))
  }
}
