import type { BodyOf, coldchainRoutes, ResponseOf } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { conflict, invalidField } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { getDeclaration } from './declaration.store.ts'
import { clearDriver } from './driver.ts'

type Route = (typeof coldchainRoutes)['cold-declaration.reveal-driver']

/**
 * The driver of a declaration in clear: purpose and reason go into the log, the name does not.
 * @throws Problem 404 outside the area, 403 without the permission there, 409 once the data is destroyed
 */
export async function revealDriver(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  { purpose, reason }: BodyOf<Route>,
): Promise<ResponseOf<Route>> {
  if (reason.trim() === '') throw invalidField('/reason', '请写明理由', 'required')
  return command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const row = await getDeclaration(tx, id)
    assertCan(caller, 'coldchain.inspect', row.path, '申报')
    await kernel.vault.loadMonths([row.keyMonth])
    const driver = clearDriver(kernel.vault, row)
    if (!driver) throw conflict('司机的个人信息已按期限销毁', 'shredded')
    const detail = { purpose, reason: reason.trim() }
    await audit({ action: 'coldchain.reveal-driver', object: `cold-declaration:${id}`, path: row.path, detail })
    return { ...driver, vehicle: row.vehicle }
  })
}
