import { uuidv7 } from '@vigil/codes'
import { command } from '../command/command.ts'
import { forbidden, notFound } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { areaOf } from './account-row.ts'
import type { Caller } from './caller.ts'
import { assertCanGive, commonPath, type GrantInput, insertGrants, resolveGrants } from './grant.ts'
import { announce } from './state.ts'
import { hashToken, newApiKey } from './token.ts'

const manage = 'api-key.manage'
/** Characters of a key that lists show: enough to tell keys apart, far too few to guess the rest. */
const prefixLength = 8

/**
 * Creates a key for a program; the key is returned once and stored as SHA-256 only.
 * @throws Problem 404 for an area outside one's own, 403 for more than one's own permissions or when a program asks
 */
export async function createApiKey(
  kernel: Kernel,
  caller: Caller,
  body: { name: string; grants: GrantInput[]; days: number },
): Promise<{ id: string; key: string; expiresAt: Date }> {
  const createdBy = caller.id
  // A key that makes keys would outlive its own expiry.
  if (caller.kind !== 'account' || createdBy === null) throw forbidden('接口密钥不能再创建密钥')
  const now = kernel.clock.now()
  const key = newApiKey()
  const id = uuidv7()
  const expiresAt = new Date(now.getTime() + body.days * 86_400_000)
  await command(kernel.db, caller, manage, async (tx, audit) => {
    const grants = await resolveGrants(tx, body.grants)
    assertCanGive(caller, manage, grants)
    const path = commonPath(grants.map((grant) => grant.path))
    await tx
      .insertInto('access.apiKey')
      .values({
        id,
        name: body.name,
        prefix: key.slice(0, prefixLength),
        keyHash: hashToken(key),
        path,
        createdBy,
        createdAt: now,
        expiresAt,
      })
      .execute()
    await insertGrants(tx, { apiKeyId: id }, grants)
    await audit({
      action: 'api-key.create',
      object: `api-key/${id}`,
      path,
      areaCode: areaOf(path, grants[0]?.storeCode ?? null),
      detail: {
        name: body.name,
        days: body.days,
        grants: grants.map(({ roleCode, areaCode, storeCode }) => ({ roleCode, areaCode, storeCode })),
      },
    })
  })
  return { id, key, expiresAt }
}

/** Revokes a key at once in all processes; doing it again changes nothing. @throws Problem 404 outside the area */
export async function revokeApiKey(kernel: Kernel, caller: Caller, id: string): Promise<void> {
  const now = kernel.clock.now()
  await command(kernel.db, caller, manage, async (tx, audit) => {
    const key = await tx.selectFrom('access.apiKey').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!key) throw notFound('接口密钥')
    await tx
      .updateTable('access.apiKey')
      .set({ revokedAt: key.revokedAt ?? now })
      .where('id', '=', id)
      .execute()
    await audit({ action: 'api-key.revoke', object: `api-key/${id}`, path: key.path, detail: { name: key.name } })
  })
  await announce(kernel, { apiKey: id })
}
