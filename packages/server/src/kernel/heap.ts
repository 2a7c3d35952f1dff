import { setFlagsFromString } from 'node:v8'

const running: number[] = []

/** Zero leaves the growth to V8 again. */
const setGrowth = () => setFlagsFromString(`--heap-growing-percent=${running.length === 0 ? 0 : Math.min(...running)}`)

/**
 * Holds the growth of this process's heap while `work` runs to a share of what is alive. Long work that streams makes bytes
 * that live just long enough to leave the young part of the heap: V8 either lets the old part grow to hundreds of megabytes
 * before it looks for what is dead in it, or looks again after every few megabytes of buffers.
 * @param percent of what is alive; V8 takes up to four times as much. Of several works at a time the least holds
 */
export async function inSteadyHeap<T>(percent: number, work: () => Promise<T>): Promise<T> {
  running.push(percent)
  setGrowth()
  try {
    return await work()
  } finally {
    running.splice(running.indexOf(percent), 1)
    setGrowth()
  }
}
