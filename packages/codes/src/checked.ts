/** Outcome of a check: the normalised value, or a stable machine code and a Chinese message that says how to mend it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; code: string; message: string }

/** A programming error: an argument that the caller had to guarantee. `field` names the argument. */
export class CodesError extends Error {
  readonly field: string

  constructor(field: string, message: string) {
    super(`${field}: ${message}`)
    this.name = 'CodesError'
    this.field = field
  }
}

/** Successful outcome of a check. */
export function valid<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

/** Refused outcome of a check; `code` is stable (kebab-case), `message` is Chinese. */
export function invalid(code: string, message: string): { ok: false; code: string; message: string } {
  return { ok: false, code, message }
}
