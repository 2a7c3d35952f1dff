import { lookup as resolveName } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** An address that must not be reached from the server. */
export class BlockedAddress extends Error {
  override name = 'BlockedAddress'
  readonly code = 'EBLOCKED'
}

// Loopback, private, link-local, shared, documentation, multicast and reserved networks (IANA special-purpose registries),
// and those that lead into IPv4 by translation.
const special: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Name of the host of a URL without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').toLowerCase()

/** Which addresses may be reached. Public ones may; others only where the installation says so. */
export interface Guard {
  /** @returns why a URL cannot be a destination, in Chinese; undefined when it can, as far as it can be told from the text */
  refuse(url: URL): string | undefined
  /** Resolves a name and lets only allowed addresses through: given to the connection itself, so that no second answer of the name server counts. */
  readonly lookup: LookupFunction
  /** @throws BlockedAddress for a literal address that is not allowed: it needs no look-up */
  assertHost(host: string): void
}

/**
 * Opens the guard.
 * @param allowed VIGIL_SHARING_ALLOW: host names, addresses and networks separated by commas, `10.20.0.0/16,sjb.example.gov.cn`
 * @throws Error that names an entry which is none of these
 */
export function createGuard(allowed: string, resolve: typeof resolveName = resolveName): Guard {
  const blocked = new BlockList()
  for (const [network, bits, family] of special) blocked.addSubnet(network, bits, family)
  const permitted = new BlockList()
  const names = new Set<string>()
  for (const entry of allowed.split(',').map((part) => part.trim().toLowerCase())) {
    const [address = '', bits] = entry.split('/')
    if (isIP(address)) {
      const width = Number(bits ?? (isIP(address) === 6 ? 128 : 32))
      if (!Number.isInteger(width) || width < 0 || width > (isIP(address) === 6 ? 128 : 32))
        throw new Error(`VIGIL_SHARING_ALLOW: not a network 不是网段：${entry}`)
      permitted.addSubnet(address, width, familyOf(address))
    } else if (/^[a-z0-9.-]+$/.test(entry)) names.add(entry)
    else if (entry) throw new Error(`VIGIL_SHARING_ALLOW: not a host or network 不是主机名或网段：${entry}`)
  }

  // An address of IPv4 written as IPv6 is that address: BlockList compares it so.
  const isPermitted = (address: string) => permitted.check(address, familyOf(address))
  const mayReach = (address: string) => isPermitted(address) || !blocked.check(address, familyOf(address))
  const refusal = (host: string) => new BlockedAddress(`${host} is not a public address and not allowed`)

  const assertHost = (host: string) => {
    if (isIP(host) && !mayReach(host)) throw refusal(host)
  }
  const lookup: LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const addresses = names.has(host.toLowerCase()) ? found : found.filter(({ address }) => mayReach(address))
      const [first] = addresses
      if (!first) return callback(refusal(host), [])
      if (options.all) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
  const refuse = (url: URL): string | undefined => {
    const host = hostOf(url)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return '推送地址须以 https:// 开头'
    if (url.username || url.password) return '推送地址中不要写用户名和口令，请用请求头口令'
    if (url.hash) return '推送地址中不要写 # 及其后的内容'
    if (isIP(host) && !mayReach(host))
      return '推送地址是内网地址，须由系统管理员在 VIGIL_SHARING_ALLOW 中允许后才能使用'
    const known = isIP(host) ? isPermitted(host) : names.has(host)
    if (url.protocol === 'http:' && !known)
      return '推送地址须以 https:// 开头；http 只能用于 VIGIL_SHARING_ALLOW 中允许的主机'
    return undefined
  }
  return { refuse, lookup, assertHost }
}
