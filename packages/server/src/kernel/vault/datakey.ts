import { randomBytes } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../db/index.ts'
import { cipherKey, type Suite, sealWith, unsealWith } from './cipher.ts'
import { shredded, VaultError } from './error.ts'
import type { KeyRing, MasterKey } from './masterkey.ts'
import type { DataKeyTable } from './vault.table.ts'

/** Row of a data key as it is in the database. */
export type DataKeyRow = Pick<Selectable<DataKeyTable>, 'name' | 'suite' | 'wrapped' | 'masterKeyId'>

const columns = ['name', 'suite', 'wrapped', 'masterKeyId'] as const

// A wrapped key is bound to its name: the key of one month cannot be put in the place of another's.
const bound = (name: string) => `vault.data_key/${name}`

/** Wraps the secret of a data key with a master key, in the suite of the data key. */
export function wrap(master: MasterKey, suite: Suite, name: string, secret: Buffer): Buffer {
  return sealWith(cipherKey(suite, master.secret), secret, bound(name))
}

/**
 * Unwraps the secret of a data key.
 * @throws VaultError 'shredded'; 'no-key' when the master key is missing or is another than the one that wrapped
 */
export function unwrap(ring: KeyRing, row: DataKeyRow): Buffer {
  if (row.wrapped === null) throw shredded(row.name)
  const master = ring.keys.find((key) => key.id === row.masterKeyId)
  if (!master) {
    throw new VaultError(
      'no-key',
      `数据密钥 ${row.name} 由主密钥“${row.masterKeyId}”加密，但 ${ring.source} 中没有这把主密钥，请恢复它。` +
        `Data key ${row.name} is wrapped by master key "${row.masterKeyId}", which is not in ${ring.source}: restore it.`,
    )
  }
  try {
    return unsealWith(cipherKey(row.suite, master.secret), row.wrapped, bound(row.name))
  } catch (cause) {
    throw new VaultError(
      'no-key',
      `主密钥“${master.id}”（${ring.source}）打不开数据密钥 ${row.name}：主密钥不对，或数据密钥被改动。` +
        `Master key "${master.id}" does not open data key ${row.name}: wrong master key, or the row was changed.`,
      { cause },
    )
  }
}

/** Reads the rows of some data keys; missing ones are left out. */
export async function listDataKeys(db: Db, names: readonly string[]): Promise<DataKeyRow[]> {
  return db.selectFrom('vault.dataKey').select(columns).where('name', 'in', names).execute()
}

/** Reads the row of a data key, making it with a random secret when it is missing; several processes may race. */
export async function ensureDataKey(db: Db, ring: KeyRing, suite: Suite, name: string): Promise<DataKeyRow> {
  const [row] = await listDataKeys(db, [name])
  if (row) return row
  const master = ring.keys[0]
  await db
    .insertInto('vault.dataKey')
    .values({ name, suite, wrapped: wrap(master, suite, name, randomBytes(32)), masterKeyId: master.id })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  return db.selectFrom('vault.dataKey').select(columns).where('name', '=', name).executeTakeFirstOrThrow()
}

/** Wraps every data key that an older master key wrapped with the newest one. @returns how many */
export async function rewrapAll(tx: Tx, ring: KeyRing): Promise<number> {
  const newest = ring.keys[0]
  const rows = await tx
    .selectFrom('vault.dataKey')
    .select(columns)
    .where('wrapped', 'is not', null)
    .where('masterKeyId', '<>', newest.id)
    .orderBy('name')
    .forUpdate()
    .execute()
  for (const row of rows) {
    const wrapped = wrap(newest, row.suite, row.name, unwrap(ring, row))
    await tx
      .updateTable('vault.dataKey')
      .set({ wrapped, masterKeyId: newest.id, rotatedAt: sql<Date>`now()` })
      .where('name', '=', row.name)
      .execute()
  }
  return rows.length
}

/**
 * Destroys the key of a past month; the database's clock decides what is past.
 * @throws VaultError 'refused' for the current month and later, 'shredded' when it is gone, 'no-key' when there was none
 */
export async function destroyDataKey(tx: Tx, month: string): Promise<void> {
  const done = await tx
    .updateTable('vault.dataKey')
    .set({ wrapped: null, shreddedAt: sql<Date>`now()` })
    .where('name', '=', month)
    .where('wrapped', 'is not', null)
    .where('name', '<', sql<string>`to_char(now() at time zone 'Asia/Shanghai', 'YYYY-MM')`)
    .returning('name')
    .executeTakeFirst()
  if (done) return
  const row = await tx.selectFrom('vault.dataKey').select(columns).where('name', '=', month).executeTakeFirst()
  if (!row) throw new VaultError('no-key', `${month} 没有数据密钥`)
  if (row.wrapped === null) throw shredded(month)
  throw new VaultError('refused', `${month} 尚未结束，只能销毁已过去月份的数据密钥`)
}
