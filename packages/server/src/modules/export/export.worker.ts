import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../../kernel/error/problem.ts'
import type { ThreadList } from '../../kernel/export/index.ts'
import { VaultError } from '../../kernel/vault/error.ts'
import { fileChunks, noted } from './export.file.ts'
import type { ThreadInput, ThreadOutput, ThreadSetup } from './export.message.ts'
import { batchesOf, makersOf } from './exportable.ts'

const port = parentPort!
const { module, facts, name, format, version, clear, memory } = workerData as ThreadSetup
const waiting: Exclude<ThreadInput, { free: number }>[] = []
const free = [...memory.pieces.keys()]
port.on('message', (input: ThreadInput) => {
  if (input && 'free' in input) free.push(input.free)
  else waiting.push(input)
})

const post = (output: ThreadOutput) => port.postMessage(output)

/** What comes next from the other side. */
async function taken<T>(from: T[]): Promise<T> {
  while (from.length === 0) await once(port, 'message')
  return from.shift()!
}

/** Hands bytes over. */
async function hand(bytes: Uint8Array): Promise<void> {
  const most = memory.pieces[0]!.length
  for (let at = 0; at < bytes.length; at += most) {
    const part = bytes.subarray(at, at + most)
    const piece = await taken(free)
    memory.pieces[piece]!.set(part)
    post({ piece, size: part.length })
  }
}

/** Makes the file that the other side wants; see `threadChunks`. */
async function make(): Promise<void> {
  const { open } = (await import(module)) as { open: (facts: unknown) => ThreadList<unknown> }
  const list = open(facts)
  let rows = 0
  let traces: Uint8Array[] = []
  async function* read() {
    for (;;) {
      const input = await taken(waiting)
      if (!input) return
      const { block, size, keys } = input
      yield* list.rows({ bytes: memory.blocks[block]!.subarray(0, size), keys }, version?.grain ?? 'record')
      post({ block, rows, traces: Buffer.concat(traces) })
      rows = 0
      traces = []
    }
  }
  const batches = batchesOf(read(), makersOf(list, version, clear, list.plainFields), list.trace)
  const counted = noted(batches, (count, packed) => {
    rows += count
    traces.push(packed)
  })
  const columns = () => makersOf(list, version, false, list.plainFields)
  for await (const chunk of fileChunks({ name, columns }, format, version, counted)) await hand(chunk)
  post({ end: true })
}

make().catch((error: Error) => {
  post({
    failure: {
      message: error.message,
      ...(error instanceof VaultError && { code: error.code }),
      ...(error instanceof Problem && { details: error.details }),
    },
  })
})
