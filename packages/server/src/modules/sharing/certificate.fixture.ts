import { generateKeyPairSync, sign } from 'node:crypto'

// As much DER as a self-signed certificate needs.
const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128
      ? Buffer.of(body.length)
      : body.length < 256
        ? Buffer.of(0x81, body.length)
        : Buffer.of(0x82, body.length >> 8, body.length & 255)
  return Buffer.concat([Buffer.of(tag), length, body])
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const oid = (hex: string) => der(6, Buffer.from(hex, 'hex'))
const time = (date: Date) => der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
const pem = (name: string, body: Buffer) =>
  `-----BEGIN ${name}-----\n${body.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${name}-----\n`

/** A self-signed certificate of 127.0.0.1 with its key (PEM). */
export function selfSigned(): { key: string; cert: string } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from('test')))))
  const critical = der(1, Buffer.of(255))
  const extensions = sequence(
    sequence(oid('551d13'), critical, der(4, sequence(der(1, Buffer.of(255))))),
    sequence(oid('551d11'), der(4, sequence(der(0x87, Buffer.of(127, 0, 0, 1))))),
  )
  const body = sequence(
    der(0xa0, der(2, Buffer.of(2))),
    der(2, Buffer.of(1)),
    algorithm,
    name,
    sequence(time(new Date('2020-01-01')), time(new Date('2049-01-01'))),
    name,
    pair.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, extensions),
  )
  const signature = sign('sha256', body, pair.privateKey)
  return {
    key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: pem('CERTIFICATE', sequence(body, algorithm, der(3, Buffer.of(0), signature))),
  }
}
