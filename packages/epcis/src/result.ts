/** What is wrong and where: `path` is a JSON pointer (RFC 6901) from the root that was given, `rule` a stable name. */
export interface Problem {
  readonly path: string
  readonly rule: string
  readonly message: string
}

/** Outcome of reading one text: its value, or the stable name of the broken rule with a sentence about it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rule: string; readonly message: string }

/** A read that succeeded. */
export const read = <T>(value: T): Read<T> => ({ ok: true, value })

/** A read that failed. */
export const refuse = (rule: string, message: string): Read<never> => ({ ok: false, rule, message })
