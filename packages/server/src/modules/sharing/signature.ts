import { type Algorithm, signText } from './key.ts'

/** A request as far as it is signed. */
export interface SignedRequest {
  readonly method: 'POST'
  readonly url: URL
  /** Lower-case names; all of them are covered. */
  readonly headers: Readonly<Record<string, string>>
}

export interface SigningKey {
  readonly id: string
  readonly algorithm: Algorithm
  readonly privateKey: Buffer
}

/** SM2 has no name in the registry of RFC 9421; this one is ours. */
const algorithmNames: Record<Algorithm, string> = { ed25519: 'ed25519', sm2: 'sm2-sm3' }

/** Digest of the body (RFC 9530). @param sha256 hexadecimal */
export const contentDigest = (sha256: string): string => `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`

/** Value of a derived component (RFC 9421, 2.2) or of a header. */
function componentOf(request: SignedRequest, name: string): string {
  const { url } = request
  switch (name) {
    case '@method':
      return request.method
    case '@authority':
      return url.host.toLowerCase()
    case '@path':
      return url.pathname
    case '@query':
      return url.search || '?'
    default: {
      const value = request.headers[name]
      if (value === undefined) throw new Error(`the request has no ${name}`)
      return value.trim()
    }
  }
}

/** What is signed (RFC 9421, 2.5): each component in its line, then the parameters. */
export function signatureBase(request: SignedRequest, components: readonly string[], parameters: string): string {
  const lines = components.map((name) => `"${name}": ${componentOf(request, name)}`)
  return [...lines, `"@signature-params": ${parameters}`].join('\n')
}

/**
 * Headers `signature-input` and `signature` of a request: method, authority, path, query and all given headers, with
 * the time, so that an old request is not taken for a new one.
 */
export function signatureHeaders(
  request: SignedRequest,
  key: SigningKey,
  created: Date,
): { 'signature-input': string; signature: string } {
  const components = ['@method', '@authority', '@path', '@query', ...Object.keys(request.headers)]
  const seconds = Math.floor(created.getTime() / 1000)
  const list = components.map((name) => `"${name}"`).join(' ')
  const parameters = `(${list});created=${seconds};keyid="${key.id}";alg="${algorithmNames[key.algorithm]}";tag="vigil-sharing"`
  const bytes = signText(key.algorithm, key.privateKey, signatureBase(request, components, parameters))
  return { 'signature-input': `vigil=${parameters}`, signature: `vigil=:${bytes.toString('base64')}:` }
}
