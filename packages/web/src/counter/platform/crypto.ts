import { hasCrypto } from '../../device/cipher.ts'
import type { Storage } from '../../device/storage.ts'
import type { PinVault } from '../core/session.ts'

const iterations = 200_000

type Keys = Omit<Storage<never>, 'queue'>

interface PinCheck {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly iterations: number
  readonly mac: ArrayBuffer
}

/**
 * Check value of the PIN: HMAC by a key that cannot leave this device over PBKDF2-SHA-256 of the PIN. A copy of the
 * stored value is of no use elsewhere, although six digits are soon tried out.
 */
export class DevicePin implements PinVault {
  private readonly storage: Keys
  constructor(storage: Keys) {
    this.storage = storage
  }

  /** Remembers a PIN that the server has just accepted. */
  async remember(pin: string): Promise<void> {
    await this.setTries(0)
    if (!hasCrypto() || !this.storage.durable) return
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const mac = await crypto.subtle.sign('HMAC', await this.key(), await stretch(pin, salt, iterations))
    await this.storage.write('pin-check', { salt, iterations, mac } satisfies PinCheck)
  }

  /** Forgets the check value: the server no longer lets this device in. */
  async forget(): Promise<void> {
    await this.storage.remove('pin-check')
  }

  async verify(pin: string): Promise<boolean | undefined> {
    const check = await this.storage.read<PinCheck>('pin-check')
    if (!check || !hasCrypto()) return undefined
    const stretched = await stretch(pin, check.salt, check.iterations)
    return crypto.subtle.verify('HMAC', await this.key(), check.mac, stretched)
  }

  async tries(): Promise<number> {
    return (await this.storage.read<number>('pin-tries')) ?? 0
  }

  setTries(count: number): Promise<void> {
    return this.storage.write('pin-tries', count)
  }

  private async key(): Promise<CryptoKey> {
    const fresh = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
    return this.storage.readOrAdd<CryptoKey>('pin-key', fresh)
  }
}

async function stretch(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<ArrayBuffer> {
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  return crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, base, 256)
}
