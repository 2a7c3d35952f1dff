import { Problem } from '../../kernel/error/problem.ts'

/** Why one event of a capture is refused. */
export interface Refusal {
  /** Place of the event in what was given, from 0. */
  readonly position: number
  /** Its hash ID; null when it is no event that can be hashed. */
  readonly hash: string | null
  /** JSON pointer inside the event; empty for the event as a whole. */
  readonly path: string
  /** Stable name of the broken rule. */
  readonly rule: string
  readonly message: string
}

/** Fields that an answer names at most; a job keeps more. */
const shown = 50

/** Events were refused, by validation or by a guard. Nothing of the call was stored; the answer names each event. */
export class EventsRefused extends Problem {
  override name = 'EventsRefused'
  readonly refusals: readonly Refusal[]
  constructor(refusals: readonly Refusal[]) {
    const [first] = refusals
    super({
      status: 400,
      code: 'event-refused',
      type: 'epcisException:ValidationException',
      title: '事件未被接收',
      detail: first ? `第 ${first.position + 1} 个事件：${first.message}${first.hash ? `（${first.hash}）` : ''}` : '',
      errors: refusals.slice(0, shown).map(({ position, path, rule, message, hash }) => ({
        pointer: `/${position}${path}`.slice(0, 300),
        detail: `${message}${hash ? ` ${hash}` : ''}`.slice(0, 500),
        code: rule.slice(0, 60),
      })),
    })
    this.refusals = refusals
  }
}
