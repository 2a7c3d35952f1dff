/** Store to which this device belongs, as told when it was activated or last unlocked. */
export interface Device {
  readonly storeCode: string
  readonly storeName: string
  readonly areaName: string
  readonly areaCode: string
  readonly permissions: readonly string[]
}

/** `new`: not activated for this store; `locked`: PIN needed; `open`: in use. */
export type Phase = 'starting' | 'new' | 'locked' | 'open'
/** Why the PIN is asked. */
export type LockReason = 'start' | 'idle' | 'expired' | 'by-hand'

export interface Session {
  readonly phase: Phase
  readonly reason: LockReason
  readonly device: Device | null
  /** True when the server opened the session, false when only this device's own check did. */
  readonly confirmed: boolean
  readonly lastActiveMs: number
}

export type SessionEvent =
  | { type: 'found'; device: Device | null; nowMs: number; activeMs: number | null }
  | { type: 'opened'; device: Device; nowMs: number; confirmed: boolean }
  | { type: 'active'; nowMs: number }
  | { type: 'tick'; nowMs: number }
  | { type: 'expired' }
  | { type: 'lock' }
  | { type: 'forget' }

/** Idle time after which the PIN is asked again. */
export const idleLimitMs = 15 * 60_000

export const startingSession: Session = {
  phase: 'starting',
  reason: 'start',
  device: null,
  confirmed: false,
  lastActiveMs: 0,
}

/** Sign-in at the counter as a state machine; the form is no part of it, so a lock loses nothing that was typed. */
export function nextSession(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case 'found': {
      const { device, nowMs, activeMs } = event
      if (!device) return { ...session, phase: 'new', device: null }
      const stillOpen = activeMs !== null && nowMs - activeMs >= 0 && nowMs - activeMs < idleLimitMs
      return { ...session, phase: stillOpen ? 'open' : 'locked', reason: 'start', device, lastActiveMs: nowMs }
    }
    case 'opened':
      return { ...session, phase: 'open', device: event.device, confirmed: event.confirmed, lastActiveMs: event.nowMs }
    case 'active':
      return session.phase === 'open' ? { ...session, lastActiveMs: event.nowMs } : session
    case 'tick':
      return session.phase === 'open' && event.nowMs - session.lastActiveMs >= idleLimitMs
        ? { ...session, phase: 'locked', reason: 'idle' }
        : session
    case 'expired':
      return session.phase === 'open' || session.phase === 'locked'
        ? {
            ...session,
            phase: 'locked',
            reason: session.phase === 'open' ? 'expired' : session.reason,
            confirmed: false,
          }
        : session
    case 'lock':
      return session.phase === 'open' ? { ...session, phase: 'locked', reason: 'by-hand' } : session
    case 'forget':
      return { ...session, phase: 'new' }
  }
}

/** Most wrong PINs in a row that the device judges by itself, without the server. */
export const localTryLimit = 5

/** What an offline PIN check came to. */
export type LocalUnlock = { kind: 'ok' } | { kind: 'wrong'; left: number } | { kind: 'blocked' } | { kind: 'unknown' }

export interface PinVault {
  /** `undefined` when no PIN was ever confirmed by the server on this device. */
  verify(pin: string): Promise<boolean | undefined>
  tries(): Promise<number>
  setTries(count: number): Promise<void>
}

/** Judges a PIN without the server: five wrong ones and only the server can open again. The try is counted first. */
export async function unlockLocally(vault: PinVault, pin: string): Promise<LocalUnlock> {
  const tries = await vault.tries()
  if (tries >= localTryLimit) return { kind: 'blocked' }
  await vault.setTries(tries + 1)
  const right = await vault.verify(pin)
  if (right === undefined) {
    await vault.setTries(tries)
    return { kind: 'unknown' }
  }
  if (!right)
    return tries + 1 >= localTryLimit ? { kind: 'blocked' } : { kind: 'wrong', left: localTryLimit - tries - 1 }
  await vault.setTries(0)
  return { kind: 'ok' }
}

/** Store code in the path of the store's own QR code, `/c/<code>`; '' when there is none. */
export function storeCodeOf(path: string): string {
  const part = /^\/c\/([^/]+)/.exec(path)?.[1] ?? ''
  let code = ''
  try {
    code = decodeURIComponent(part).toUpperCase()
  } catch {
    return ''
  }
  return /^[0-9A-Z-]{3,24}$/.test(code) ? code : ''
}
