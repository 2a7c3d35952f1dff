import type { Entry } from '../core/entry.ts'
import type { Queue } from '../core/queue.ts'

/** How long the clerk waits for the server before the entry counts as "to be uploaded". */
const patienceMs = 8_000

/** The entry once the server has answered about it, or as it waits when the server cannot answer now. */
export function outcomeOf(queue: Queue, id: string): Promise<Entry | undefined> {
  const find = () => queue.entries.find((entry) => entry.id === id)
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      stop()
      resolve(find())
    }
    const look = () => {
      if (find()?.state !== 'waiting') end()
    }
    let timer = setTimeout(function patience() {
      // The PIN is being asked over the form; the answer comes after it.
      if (queue.trouble?.kind === 'auth') timer = setTimeout(patience, patienceMs)
      else end()
    }, patienceMs)
    const stop = queue.subscribe(look)
    void queue.sync(true).then(() => {
      if (queue.trouble?.kind !== 'auth') end()
    })
  })
}
