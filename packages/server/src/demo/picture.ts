import { crc32, deflateSync } from 'node:zlib'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A small picture (PNG) that stands for a photo of a box with a label: shades of grey with a white field, 320 × 240. */
export function boxPicture(): Buffer {
  const [width, height] = [320, 240]
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(width + 1)
    for (let x = 0; x < width; x++) {
      const label = x > 90 && x < 230 && y > 70 && y < 170
      const bars = label && y > 95 && y < 145 && x > 105 && x < 215 && Math.floor(x / 3) % 3 === 0
      row[x + 1] = bars ? 20 : label ? 250 : 120 + Math.floor((y * 60) / height) + ((x * 7 + y * 13) % 9)
    }
    return row
  })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8 // bits, of grey: colour type 0
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(Buffer.concat(rows))
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}
