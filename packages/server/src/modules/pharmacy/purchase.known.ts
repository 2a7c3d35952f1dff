import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemCommand } from '../../kernel/command/command.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Accepted, StoreFacts } from './purchase.domain.ts'
import type { Refusal } from './purchase.guard.ts'
import { findPersonal } from './purchase.seal.ts'

type Profile = NonNullable<Accepted['person']>

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

interface RefusedSale {
  readonly id: string
  readonly store: StoreFacts
  readonly personIndex: Buffer
  readonly drugIds: string[]
  readonly refusal: Refusal
}

/** Records refused sales with their audit row; the same one sent again is recorded once. */
export async function saveRefusals(
  kernel: Kernel,
  caller: Caller,
  at: Date,
  sales: readonly RefusedSale[],
): Promise<void> {
  await systemCommand(kernel.db, caller, async (tx, audit) => {
    for (const { id, store, personIndex, drugIds, refusal } of sales) {
      const added = await tx
        .insertInto('pharmacy.refusal')
        .values({
          id,
          county: store.county,
          storeCode: store.code,
          path: store.path,
          at,
          personIndex,
          drugIds: sql`${drugIds}::uuid[]`,
          reasonCode: refusal.code,
          title: refusal.title,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      await audit({
        action: 'purchase.refuse',
        object: `purchase:${id}`,
        path: store.path,
        areaCode: store.areaCode,
        outcome: 'refused',
        detail: { code: refusal.code, repeated: Number(added.numInsertedOrUpdatedRows ?? 0) === 0 },
      })
    }
  })
}
