import type { Me } from '@vigil/contract'

/** One pending question for the password; several failed calls share it. */
interface Pending {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

let person: Pick<Me, 'username' | 'displayName'> | undefined
let pending: Pending | undefined
const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

/** Remembers whose session it is, so that only this person can take it up again. */
export function rememberPerson(me: Pick<Me, 'username' | 'displayName'> | undefined): void {
  person = me
}

/** The person whose session ended, while the password is being asked for. */
export const askedPerson = () => (pending ? person : undefined)

export const reauthenticationPossible = () => person !== undefined

/** Waits until the person has signed in again; rejects with `reason` when they give up. */
export function reauthenticate(reason: unknown): Promise<void> {
  if (!pending) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    pending = { promise, resolve, reject: () => reject(reason) }
    tell()
  }
  return pending.promise
}

/** Ends the question: `true` sends the waiting calls again, `false` lets them fail. */
export function settleReauthentication(signedIn: boolean): void {
  const current = pending
  pending = undefined
  if (signedIn) current?.resolve()
  else current?.reject(undefined)
  tell()
}

/** For `useSyncExternalStore`. */
export function onReauthentication(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
