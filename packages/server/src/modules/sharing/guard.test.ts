import type { LookupAddress } from 'node:dns'
import { expect, test } from 'vitest'
import { BlockedAddress, createGuard } from './guard.ts'

/** A name server that gives these addresses, one list after the other. */
const answering = (...lists: string[][]) =>
  ((_host: string, _options: unknown, callback: (error: null, found: LookupAddress[]) => void) => {
    const list = lists.length > 1 ? lists.shift()! : lists[0]!
    callback(
      null,
      list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as never

const looked = (allowed: string, lists: string[][], host = 'host.example') => {
  const guard = createGuard(allowed, answering(...lists))
  return () =>
    new Promise<string>((resolve) =>
      guard.lookup(host, { all: true }, (error, found) =>
        resolve(error ? error.constructor.name : (found as LookupAddress[]).map(({ address }) => address).join(' ')),
      ),
    )
}

const inner = [
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.0.0.8',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
]
const outer = [
  '8.8.8.8',
  '172.32.0.1',
  '192.169.0.1',
  '100.128.0.1',
  '114.114.114.114',
  '2400:3200::1',
  '::ffff:8.8.8.8',
]

test.each(inner)('%s is not reached, neither as literal nor by name', async (address) => {
  const guard = createGuard('')
  expect(() => guard.assertHost(address)).toThrow(BlockedAddress)
  const literal = address.includes(':') ? `[${address}]` : address
  expect(guard.refuse(new URL(`https://${literal}/`))).toMatch(/内网/)
  expect(await looked('', [[address]])()).toBe('BlockedAddress')
})

test.each(outer)('%s is reached', async (address) => {
  createGuard('').assertHost(address)
  expect(await looked('', [[address]])()).toBe(address)
})

test('other spellings of an address are the address', () => {
  for (const host of ['0x7f000001', '2130706433', '017700000001', '127.1', '0', '[::ffff:127.0.0.1]'])
    expect(createGuard('').refuse(new URL(`https://${host}/`)), host).toMatch(/内网/)
})

test('a name whose answer changes is judged by the answer that is connected to', async () => {
  const look = looked('', [['8.8.8.8'], ['127.0.0.1']])
  expect(await look()).toBe('8.8.8.8')
  expect(await look()).toBe('BlockedAddress')
})

test('of several addresses only the allowed ones are left', async () => {
  expect(await looked('', [['10.0.0.1', '8.8.8.8', '::1']])()).toBe('8.8.8.8')
})

test('networks, addresses and names of the installation are allowed, and only they', async () => {
  const allowed = '10.20.0.0/16, 127.0.0.1,Inner.example,fd00::/8'
  const guard = createGuard(allowed)
  for (const address of ['10.20.3.4', '127.0.0.1', 'fd01::1']) guard.assertHost(address)
  for (const address of ['10.21.0.1', '127.0.0.2', 'fe80::1'])
    expect(() => guard.assertHost(address)).toThrow(BlockedAddress)
  expect(await looked(allowed, [['192.168.0.9']], 'inner.example')()).toBe('192.168.0.9')
  expect(await looked(allowed, [['192.168.0.9']], 'inner.example.org')()).toBe('BlockedAddress')
})

test('http is for allowed hosts alone', () => {
  const guard = createGuard('127.0.0.1,inner.example')
  expect(guard.refuse(new URL('http://127.0.0.1:9000/in'))).toBe(undefined)
  expect(guard.refuse(new URL('http://inner.example/in'))).toBe(undefined)
  expect(guard.refuse(new URL('http://8.8.8.8/in'))).toMatch(/https/)
  expect(guard.refuse(new URL('http://outer.example/in'))).toMatch(/https/)
  expect(guard.refuse(new URL('https://outer.example/in'))).toBe(undefined)
})

test('an address with a password, a fragment or another scheme is refused', () => {
  for (const url of [
    'https://a:b@host.example/',
    'https://host.example/#x',
    'ftp://host.example/',
    'file:///etc/passwd',
  ])
    expect(createGuard('').refuse(new URL(url)), url).not.toBe(undefined)
})

test('an entry that is no host or network stops the start', () => {
  for (const entry of ['10.0.0.0/33', '10.0.0.0/x', 'http://a', 'a b'])
    expect(() => createGuard(entry)).toThrow(/VIGIL_SHARING_ALLOW/)
})
