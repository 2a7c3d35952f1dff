import type { Caller } from '../../kernel/access/caller.ts'
import { systemCommand } from '../../kernel/command/command.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Accepted, StoreFacts } from './purchase.domain.ts'
import { findPersonal } from './purchase.seal.ts'

type Profile = NonNullable<Accepted['person']>

/** Look-ups an account may make in an hour: a busy counter serves some 60 buyers. */
export const lookupsPerHour = 120

const newestByPerson = `
SELECT encode(k, 'hex') AS person, p.id, p.key_month AS "keyMonth", p.sealed
FROM unnest($1::bytea[]) AS k CROSS JOIN LATERAL (
  SELECT id, key_month, sealed FROM pharmacy.purchase WHERE person_index = k AND status <> 'undone' ORDER BY id DESC LIMIT 1
) p`

/**
 * What the system remembers of returning buyers: the profile of each one's newest purchase, found by keyed index. There is
 * no register of persons: when the month of the last purchase is shredded, the person is forgotten.
 * @param persons keyed indexes @returns by index in hex
 */
export async function findKnownProfiles(kernel: Kernel, persons: readonly Buffer[]): Promise<Map<string, Profile>> {
  const found = new Map<string, Profile>()
  if (persons.length === 0) return found
  const { rows } = await kernel.connections.system.query<{
    person: string
    id: string
    keyMonth: string
    sealed: Buffer
  }>({ name: 'pharmacy.person.newest', text: newestByPerson, values: [persons] })
  await kernel.vault.loadMonths([...new Set(rows.map((row) => row.keyMonth))])
  for (const row of rows) {
    const personal = findPersonal(kernel.vault, row)
    if (!personal) continue
    const { documentNumber: _number, boughtFor: _other, history: _history, ...profile } = personal
    found.set(row.person, profile)
  }
  return found
}

/** Counts look-ups of an account. @returns how many it has made in this hour */
export async function countLookups(kernel: Kernel, caller: Caller, lookups: number): Promise<number> {
  const { rows } = await kernel.connections.system.query<{ lookups: number }>({
    name: 'pharmacy.lookup.count',
    text: `INSERT INTO pharmacy.lookup_hour AS l (account, hour, lookups) VALUES ($1, date_trunc('hour', $2::timestamptz), $3)
      ON CONFLICT (account, hour) DO UPDATE SET lookups = l.lookups + EXCLUDED.lookups RETURNING lookups`,
    values: [caller.id ?? caller.name, kernel.clock.now(), lookups],
  })
  return rows[0]!.lookups
}

/**
 * Counts and records registrations that relied on a profile which is not there: each of them is a look-up that found
 * nobody, and would otherwise tell without limit or trace who has ever bought.
 * @returns whether the hour's limit is passed: then nothing may be told of the others either
 */
export async function countMisses(kernel: Kernel, caller: Caller, store: StoreFacts, misses: number): Promise<boolean> {
  const inThisHour = await countLookups(kernel, caller, misses)
  const over = inThisHour > lookupsPerHour
  await systemCommand(kernel.db, caller, (_tx, audit) =>
    audit({
      action: 'buyer.lookup',
      object: `store/${store.code}`,
      path: store.path,
      areaCode: store.areaCode,
      outcome: over ? 'refused' : 'done',
      detail: { known: false, misses, inThisHour },
    }),
  )
  return over
}

/** Digest and referral of stored purchases, to tell a retry from another sale under the same id. */
export async function findStoredDigests(
  kernel: Kernel,
  ids: readonly string[],
): Promise<Map<string, { digest: Buffer; clinicIds: string[] }>> {
  const { rows } = await kernel.connections.system.query<{ id: string; digest: Buffer; clinicIds: string[] }>({
    name: 'pharmacy.purchase.digest',
    text: `SELECT id, digest, clinic_ids AS "clinicIds" FROM pharmacy.purchase WHERE id = ANY($1::uuid[])`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}
