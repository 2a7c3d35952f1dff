import type { Cipher } from '../core/ports.ts'
import type { PinVault } from '../core/session.ts'
import type { Storage } from './database.ts'

const iterations = 200_000

/** True when the page may use WebCrypto: only over HTTPS or on the machine itself. */
export function hasCrypto(): boolean {
  return typeof crypto !== 'undefined' && typeof crypto.subtle !== 'undefined'
}

/** AES-256-GCM with a key that the browser never gives out; the id is authenticated with the content. */
export async function deviceCipher(storage: Storage): Promise<Cipher> {
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const key = await storage.readOrAdd<CryptoKey>('queue-key', fresh)
  const named = (id: string, iv: Uint8Array<ArrayBuffer>) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(id),
  })
  return {
    seal: async (id, value) => {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const clear = new TextEncoder().encode(JSON.stringify(value))
      return { iv, data: await crypto.subtle.encrypt(named(id, iv), key, clear) }
    },
    open: async (id, { iv, data }) => {
      const clear = await crypto.subtle.decrypt(named(id, Uint8Array.from(iv)), key, data)
      return JSON.parse(new TextDecoder().decode(clear)) as unknown
    },
  }
}

/**
 * Without WebCrypto nothing may be written to the device: values stay in memory, where a reload loses them. The page
 * says so and asks for HTTPS.
 */
export function memoryCipher(): Cipher {
  const values: unknown[] = []
  return {
    seal: async (_id, value) => ({ iv: new Uint8Array(), data: new Uint32Array([values.push(value) - 1]).buffer }),
    open: async (_id, { data }) => values[new Uint32Array(data)[0] ?? -1],
  }
}

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
  private readonly storage: Storage
  constructor(storage: Storage) {
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
