import { dayOf } from '@vigil/codes'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { systemCommand } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { VaultError } from '../../kernel/vault/index.ts'

/** A key protects the data of all stores, so only who administers all of them may destroy it. */
async function assertAllStores(tx: Tx, caller: Caller): Promise<void> {
  const scope = scopeFor(caller, 'vault.manage')
  const { rows } = await sql`
    select from access.account where kind = 'store' and not path ^@ any(${[...scope]}::text[]) limit 1`.execute(tx)
  if (scope.length === 0 || rows.length > 0) throw forbidden('数据密钥属于全部药店，须由管辖全部药店的管理员操作')
}

function asProblem(error: unknown, month: string): unknown {
  if (!(error instanceof VaultError)) return error
  if (error.code === 'no-key') return notFound(`${month} 的数据密钥`)
  return conflict(error.message, error.code)
}

/** Wraps all data keys with the newest master key. @returns keys rewrapped */
export async function rotateKeys(kernel: Kernel, caller: Caller): Promise<number> {
  return systemCommand(kernel.db, caller, async (tx, audit) => {
    const rewrapped = await kernel.vault.rotate(tx)
    await audit({ action: 'vault.rotate', object: 'vault', path: pathOf(caller), detail: { rewrapped } })
    return rewrapped
  })
}

const pathOf = (caller: Caller): string => scopeFor(caller, 'vault.manage')[0] ?? '/'

/**
 * Destroys the data key of a past month for good; what the modules keep of that month is cleaned in the same transaction.
 * @returns rows cleaned
 * @throws Problem 400 when the confirmation differs, 409 for the current month and later or a destroyed key, 404 without
 *   a key, 403 when stores lie outside the caller's area
 */
export async function shredMonth(
  kernel: Kernel,
  caller: Caller,
  month: string,
  { confirm, reason }: { confirm: string; reason: string },
): Promise<number> {
  if (confirm !== month) throw invalidField('/confirm', `请输入 ${month} 以确认销毁`)
  if (reason.trim() === '') throw invalidField('/reason', '请填写销毁原因', 'required')
  if (month >= dayOf(kernel.clock.now()).slice(0, 7))
    throw conflict(`${month} 尚未结束，只能销毁已过去月份的数据密钥`, 'refused')
  try {
    return await systemCommand(kernel.db, caller, async (tx, audit) => {
      await assertAllStores(tx, caller)
      // A month of a large city has millions of rows to be emptied.
      await sql`set local statement_timeout = '1h'`.execute(tx)
      const rows = await kernel.vault.shred(tx, month)
      await audit({
        action: 'vault.shred',
        object: `vault:${month}`,
        path: pathOf(caller),
        detail: { rows, reason: reason.trim() },
      })
      return rows
    })
  } catch (error) {
    throw asProblem(error, month)
  }
}
