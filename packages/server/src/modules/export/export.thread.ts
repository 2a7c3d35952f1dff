import { Worker } from 'node:worker_threads'
import { Problem } from '../../kernel/error/problem.ts'
import type { Block, Threaded } from '../../kernel/export/index.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import type { Note } from './export.file.ts'
import { sharedMemory, type ThreadInput, type ThreadOutput, type ThreadSetup } from './export.message.ts'
import type { Exportable } from './exportable.ts'

/** In MB. A thread that needs more ends, and the export with it, not the server. */
const limits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 12 }

function errorOf({ message, code, details }: Extract<ThreadOutput, { failure: unknown }>['failure']): Error {
  if (details) return new Problem(details)
  return code ? new VaultError(code, message) : new Error(message)
}

/**
 * The bytes of a file whose rows are deciphered and written in a thread of their own, while this one reads, hashes and stores:
 * a long export takes the second processor, and not the time of those who wait for an answer. Each piece is good until the
 * next one is asked for.
 * @throws what `fileChunks` throws; Error when the thread is lost
 */
export async function* threadChunks(
  { name }: Pick<Exportable, 'name'>,
  { module, facts }: Threaded,
  blocks: AsyncGenerator<Block, void, undefined>,
  file: Pick<ThreadSetup, 'format' | 'version' | 'clear'>,
  note: Note,
): AsyncGenerator<Uint8Array, void, undefined> {
  const memory = sharedMemory()
  const workerData: ThreadSetup = { ...file, name, module: module.href, facts: facts(), memory }
  const worker = new Worker(new URL('./export.worker.ts', import.meta.url), { workerData, resourceLimits: limits })
  const free = [...memory.blocks.keys()]
  const arrived: ThreadOutput[] = []
  let lost: Error | undefined
  let wake: () => void = () => undefined
  worker.on('message', (output: ThreadOutput) => {
    arrived.push(output)
    wake()
  })
  worker.on('error', (error) => {
    lost = error as Error
    wake()
  })
  worker.on('exit', () => {
    lost ??= new Error('the thread has ended')
    wake()
  })
  const send = (input: ThreadInput) => worker.postMessage(input)
  const sendBlock = ({ bytes, keys }: Block) => {
    const block = free.pop()!
    memory.blocks[block]!.set(bytes)
    send({ block, size: bytes.length, keys })
  }
  try {
    for (let read = true; ; ) {
      const output = arrived.shift()
      if (output) {
        if ('end' in output) return
        if ('failure' in output) throw errorOf(output.failure)
        if ('piece' in output) {
          yield memory.pieces[output.piece]!.subarray(0, output.size)
          send({ free: output.piece })
        } else {
          free.push(output.block)
          note(output.rows, output.traces)
        }
      } else if (lost) throw lost
      else if (read && free.length > 0) {
        const { value } = await blocks.next()
        if (value) sendBlock(value)
        else {
          send(null)
          read = false
        }
      } else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    await blocks.return()
    await worker.terminate()
  }
}
