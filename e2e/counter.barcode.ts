import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, type WriterOptions, writeBarcode } from 'zxing-wasm/writer'

/** What a camera is shown: a code as it is printed, its size, and how crooked it is held. */
export interface Picture {
  readonly text: string
  readonly format: NonNullable<WriterOptions['format']>
  /** Pixels of the narrowest bar. */
  readonly module: number
  readonly degrees: number
}

const width = 1280
const height = 720
const frames = 3
// Ink and paper of a box under shop light, not black and white.
const [ink, paper, box] = [52, 214, 168]

/** Numbers below 1 that are the same in every run (Lehmer's generator). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** One frame's brightness: the symbol on its label, turned, soft by one pixel, with sensor noise. */
function drawFrame(symbol: { data: Uint8ClampedArray; width: number; height: number }, picture: Picture, seed: number) {
  const random = randomFrom(seed)
  const turn = (picture.degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn) / picture.module, Math.sin(turn) / picture.module]
  const quiet = 10
  const shade = (x: number, y: number): number => {
    const [dx, dy] = [x - width / 2, y - height / 2]
    const column = Math.floor(dx * cos + dy * sin + symbol.width / 2)
    const row = Math.floor(dy * cos - dx * sin + symbol.height / 2)
    if (column < -quiet || row < -quiet || column >= symbol.width + quiet || row >= symbol.height + quiet) return box
    if (column < 0 || row < 0 || column >= symbol.width || row >= symbol.height) return paper
    return symbol.data[row * symbol.width + column] === 0 ? ink : paper
  }
  const brightness = Buffer.alloc(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const soft = (shade(x, y) * 2 + shade(x - 1, y) + shade(x + 1, y)) / 4
      brightness[y * width + x] = Math.round(soft + (random() - 0.5) * 30)
    }
  return brightness
}

/** A film of the code for Chromium's `--use-file-for-fake-video-capture`: YUV4MPEG2, 1280 × 720, grey. */
export async function filmOf(picture: Picture): Promise<Buffer> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm')
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(readFileSync(wasm)).buffer } })
  const options: WriterOptions = { format: picture.format, scale: 1, forceSquareDataMatrix: true }
  const { symbol, error } = await writeBarcode(picture.text, options)
  if (error !== '') throw new Error(error)
  const colour = Buffer.alloc((width * height) / 2, 128)
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420mpeg2\n`)]
  for (let frame = 1; frame <= frames; frame++)
    parts.push(Buffer.from('FRAME\n'), drawFrame(symbol, picture, frame), colour)
  return Buffer.concat(parts)
}
