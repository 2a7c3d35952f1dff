import type { Permission } from '@vigil/contract'
import { assertCan, type Caller, within } from '../../kernel/access/caller.ts'
import { presentGrants } from '../../kernel/access/index.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Failure } from './send.ts'
import { type DeliveryRow, type DestinationRow, getDestination } from './sharing.store.ts'
import { inSystem } from './sharing.system.ts'

/** What it takes to let personal data out in clear. */
export const clearPermissions: readonly Permission[] = ['purchase.export', 'purchase.export-clear']

/**
 * Whoever sets up what is sent must be allowed to take it out himself: in clear, too.
 * @throws Problem 403 or 404 without the right
 */
export function assertMayExport(caller: Caller, path: string, list: DestinationRow['list'], clear: boolean): void {
  const masked: Permission =
    list === 'purchases' ? 'purchase.export' : list === 'followups' ? 'followup.read' : 'stopsale.read'
  for (const permission of clear ? [masked, ...clearPermissions] : [masked]) assertCan(caller, permission, path, '区划')
}

/** Code of a delivery that is held back. */
export const heldBack = 'no-clear-right'

const nameOf = async (tx: Tx, id: string): Promise<string | undefined> =>
  (await tx.selectFrom('access.account').select('displayName').where('id', '=', id).executeTakeFirst())?.displayName

/**
 * Why a file in clear may not leave now: the account that answers for it has lost the right, is disabled, or is not known.
 * @returns undefined for a masked file, and while the right is there
 */
export async function clearRefusal(
  { db, clock }: Pick<Kernel, 'db' | 'clock'>,
  { clear, destinationId }: Pick<DeliveryRow, 'clear' | 'destinationId'>,
): Promise<Failure | undefined> {
  if (!clear) return undefined
  return inSystem({ db }, async (tx) => {
    const { clearBy, path } = await getDestination(tx, destinationId)
    const grants = clearBy ? await presentGrants(tx, clearBy, clock.now()) : []
    const may = (permission: Permission) =>
      grants.some((grant) => grant.permissions.has(permission) && within(path, grant.path))
    if (clearPermissions.every(may)) return undefined
    const name = clearBy ? await nameOf(tx, clearBy) : undefined
    const message = `对明文推送负责的${name ? `“${name}”` : '账号'}已停用或已无明文导出权限，暂不推送。请由有此权限的人暂停再启用接收方，然后重发；或改为脱敏推送`
    return { ok: false, status: null, code: heldBack, message, hopeless: true, answer: null }
  })
}
