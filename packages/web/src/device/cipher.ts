import type { Storage } from './storage.ts'

/** Ciphertext and its nonce, as AES-GCM gives them. */
export interface Sealed {
  readonly iv: Uint8Array
  readonly data: ArrayBuffer
}

/** Encrypts a value; `id` is bound to it, so that a ciphertext cannot be moved to another entry. */
export interface Cipher {
  seal(id: string, value: unknown): Promise<Sealed>
  open(id: string, sealed: Sealed): Promise<unknown>
}

/** True when the page may use WebCrypto: only over HTTPS or on the machine itself. */
export function hasCrypto(): boolean {
  return typeof crypto !== 'undefined' && typeof crypto.subtle !== 'undefined'
}

/** AES-256-GCM with a key that the browser never gives out; the id is authenticated with the content. */
export async function deviceCipher(storage: Pick<Storage<never>, 'readOrAdd'>): Promise<Cipher> {
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
