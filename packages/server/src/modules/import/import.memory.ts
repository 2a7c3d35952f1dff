import { setFlagsFromString } from 'node:v8'

/** By how much the heap may grow over what is alive before the old part is collected. V8 takes up to four times as much. */
const growth = 40
let running = 0

/**
 * Keeps the memory of this process close to what is alive while `work` runs. The rows of a chunk live just long enough to
 * reach the old part of the heap, which V8 would let grow to hundreds of megabytes before it looks for what is dead in it.
 */
export async function inSmallHeap<T>(work: () => Promise<T>): Promise<T> {
  if (running++ === 0) setFlagsFromString(`--heap-growing-percent=${growth}`)
  try {
    return await work()
  } finally {
    if (--running === 0) setFlagsFromString('--heap-growing-percent=0')
  }
}
