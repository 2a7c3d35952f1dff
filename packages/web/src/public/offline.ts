import type { coldchainRoutes, ResponseOf } from '@vigil/contract'
import { bytesOf, type CertificateFacts, hexOf, readToken } from './token.ts'

/** Public keys as the bureau publishes them, and when this device fetched them. */
export type KnownKeys = ResponseOf<(typeof coldchainRoutes)['cold-public.keys']>

/** What can be said of a certificate without a network. Whether it was withdrawn since cannot. */
export type OfflineState = 'genuine' | 'forged' | 'other-key' | 'no-token' | 'no-key' | 'unsupported'
export interface OfflineCheck {
  readonly state: OfflineState
  /** Only of a genuine one: what is written on others is nobody's word. */
  readonly facts: CertificateFacts | null
  readonly keys: KnownKeys | null
}

const store = 'vigil.certificate-keys'

/** The keys that this device has kept; null when it has none. */
export function keptKeys(storage: Pick<Storage, 'getItem'> = localStorage): KnownKeys | null {
  try {
    return JSON.parse(storage.getItem(store) ?? 'null') as KnownKeys | null
  } catch {
    return null
  }
}

/**
 * Fetches the keys and keeps them with those that were known before: papers of an older key stay genuine. Never fails.
 * @returns what is kept afterwards
 */
export async function fetchKeys(
  fetcher: typeof fetch = fetch,
  storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage,
): Promise<KnownKeys | null> {
  try {
    const response = await fetcher('/api/coldchain/public/keys', { cache: 'no-store' })
    if (!response.ok) return keptKeys(storage)
    const found = (await response.json()) as KnownKeys
    const known = keptKeys(storage)
    const older = known ? known.keys.filter(({ keyId }) => !found.keys.some((key) => key.keyId === keyId)) : []
    const kept = { keys: [...found.keys, ...older].slice(0, 10), at: found.at }
    storage.setItem(store, JSON.stringify(kept))
    return kept
  } catch {
    return keptKeys(storage)
  }
}

/** Whether a signature (Ed25519) is a key's. @throws DOMException NotSupportedError where the browser does not know Ed25519 */
async function isSigned(key: Uint8Array<ArrayBuffer>, signed: string, signature: Uint8Array<ArrayBuffer>) {
  const { subtle } = crypto
  const imported = await subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify'])
  return subtle.verify({ name: 'Ed25519' }, imported, signature, new TextEncoder().encode(signed))
}

/** Checks a certificate by the keys that this device has, with nobody's help. Never fails. @param text token, or an address that ends in one */
export async function checkOffline(text: string, keys: KnownKeys | null): Promise<OfflineCheck> {
  const answer = (state: OfflineState, facts: CertificateFacts | null = null) => ({ state, facts, keys })
  const token = readToken(text)
  if (!token) return answer('no-token')
  if (!keys || keys.keys.length === 0) return answer('no-key')
  const key = keys.keys.find(({ keyId }) => keyId === token.keyId)
  const raw = key && bytesOf(key.x)
  if (!raw) return answer('other-key')
  try {
    // A kept key that is not the one it says it is proves nothing.
    const id = hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', raw))).slice(0, 16)
    if (id !== token.keyId) return answer('other-key')
    const genuine = await isSigned(raw, token.signed, token.signature)
    return genuine ? answer('genuine', token.facts) : answer('forged')
  } catch {
    // No WebCrypto outside https, or a browser before Chrome 137, Safari 17 and Firefox 129.
    return answer('unsupported')
  }
}
