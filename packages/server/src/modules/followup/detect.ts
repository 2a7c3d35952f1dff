import type { Tx } from '../../kernel/db/index.ts'
import { gather, hexOf } from './detect.gather.ts'
import { findKnown } from './detect.known.ts'
import { withdrawGone } from './detect.withdraw.ts'
import { type Written, writeFindings } from './detect.write.ts'
import { inSystem } from './followup.system.ts'
import type { Parts } from './parts.ts'
import { loadRules } from './rules.service.ts'

/** What a look came to. */
export interface Figures extends Written {
  persons: number
  withdrawn: number
}

/** Persons that are looked at in one transaction. */
const batch = 300

/** Persons at one mobile or address are looked at again when another joins them; so often at most in one look. */
const rounds = 3

async function detectBatch(
  parts: Parts,
  tx: Tx,
  persons: readonly Buffer[],
): Promise<Figures & { touched: ReadonlySet<string> }> {
  const book = await loadRules(tx, parts.reference)
  const { examined, touched } = await gather(parts, tx, book, persons)
  const known = await findKnown(tx, persons)
  const byPerson = new Map(examined.map((one) => [one.hex, one]))
  const left = await withdrawGone(tx, known, byPerson, parts.kernel.clock.now())
  const written = await writeFindings(parts, tx, examined, left.known)
  return { ...written, persons: persons.length, withdrawn: left.ended, touched }
}

/**
 * Looks at persons and opens, joins, takes up again or withdraws what follows. Doing it twice changes nothing.
 * @param persons keyed indexes
 * @param renew called before each batch; throws to break off
 */
export async function detect(
  parts: Parts,
  persons: readonly Buffer[],
  renew: () => Promise<void> = async () => undefined,
): Promise<Figures> {
  const total: Figures = { persons: 0, open: 0, join: 0, reopen: 0, grow: 0, withdrawn: 0 }
  let wanted = new Map(persons.map((person) => [hexOf(person), person]))
  for (let round = 0; round < rounds && wanted.size > 0; round++) {
    const more = new Map<string, Buffer>()
    const list = [...wanted.values()]
    for (let from = 0; from < list.length; from += batch) {
      await renew()
      const part = list.slice(from, from + batch)
      const { touched, ...figures } = await inSystem(parts.kernel, (tx) => detectBatch(parts, tx, part))
      for (const [name, count] of Object.entries(figures)) total[name as keyof Figures] += count
      // Only what may be new for somebody: whoever came after this batch sees all of it anyway.
      if (figures.open + figures.join + figures.reopen > 0)
        for (const hex of touched) if (round === 0 || !wanted.has(hex)) more.set(hex, Buffer.from(hex, 'hex'))
    }
    wanted = more
  }
  return total
}
