import { checkDocument, checkPhone, toHalfWidth } from '@vigil/codes'
import { type BodyOf, documentTypes, type FollowupItem, type followupRoutes } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { invalidField, tooMany } from '../../kernel/error/problem.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import { countLookups, lookupsPerHour, mobileIndex, personIndex } from '../pharmacy/index.ts'
import { itemsOf } from './entry.read.ts'
import type { Parts } from './parts.ts'

const mostFound = 20

/** Keyed indexes of what was typed: as a mobile, and under every document type that it could be. */
function keysOf(vault: Vault, typed: string): { persons: Buffer[]; mobile: Buffer | undefined } {
  const phone = checkPhone(typed)
  const persons = documentTypes.flatMap((type) => {
    const checked = checkDocument(type, typed)
    return checked.ok ? [personIndex(vault, type, checked.value.number)] : []
  })
  const mobile = phone.ok ? mobileIndex(vault, phone.value.number) : undefined
  if (persons.length === 0 && !mobile) throw invalidField('/number', '请输入完整的证件号码或手机号')
  return { persons, mobile }
}

/**
 * Finds persons to follow up in the caller's area by a number that was typed, for a stated purpose. Every question is
 * counted and recorded, whether it finds somebody or not.
 * @throws Problem 429 beyond the hour's limit, 400 for what is no number
 */
export async function lookup(
  parts: Parts,
  caller: Caller,
  body: BodyOf<(typeof followupRoutes)['followup.lookup']>,
): Promise<FollowupItem[]> {
  const { kernel } = parts
  const keys = keysOf(kernel.vault, toHalfWidth(body.number))
  if (body.reason.trim() === '') throw invalidField('/reason', '请写明理由', 'required')
  const inThisHour = await countLookups(kernel, caller, 1)
  const over = inThisHour > lookupsPerHour
  const found = await command(kernel.db, caller, 'followup.read', async (tx, audit) => {
    const rows = over
      ? []
      : await tx
          .selectFrom('followup.entry')
          .selectAll()
          .where((eb) =>
            eb.or([
              sql<boolean>`person_index = any(${keys.persons}::bytea[])`,
              ...(keys.mobile ? [eb('mobileIndex', '=', keys.mobile)] : []),
            ]),
          )
          .orderBy('id', 'desc')
          .limit(mostFound)
          .execute()
    await audit({
      action: 'followup.lookup',
      object: `person:${(keys.persons[0] ?? keys.mobile)!.toString('hex').slice(0, 12)}`,
      path: scopeFor(caller, 'followup.read')[0]!,
      outcome: over ? 'refused' : 'done',
      detail: { found: rows.length, inThisHour, purpose: body.purpose, reason: body.reason },
    })
    return itemsOf(parts, tx, rows)
  })
  if (over) throw tooMany(3600 - Math.floor((kernel.clock.now().getTime() / 1000) % 3600), '本小时查询次数已达上限')
  return found
}
