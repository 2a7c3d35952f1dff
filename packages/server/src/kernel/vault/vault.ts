import { sql } from 'kysely'
import type { Db, Tx } from '../db/index.ts'
import { type CipherKey, cipherKey, derive, keyedHash, type Suite, sealWith, unsealWith } from './cipher.ts'
import { type DataKeyRow, destroyDataKey, ensureDataKey, listDataKeys, rewrapAll, unwrap } from './datakey.ts'
import { shredded, VaultError } from './error.ts'
import type { LentKeys } from './lent.ts'
import type { KeyRing } from './masterkey.ts'

/** What the keyed index distinguishes: the same digits as document and as mobile give different index values. */
export type IndexKind = 'document' | 'mobile' | 'digest' | 'address'

/** Cleans what remains of a shredded month, such as index columns, in the same transaction. @returns rows cleaned */
export type ShredListener = (tx: Tx, month: string) => Promise<number>

/** Channel on which the name of a shredded month is sent to the other processes. */
export const shredChannel = 'vigil_vault'

interface CachedMonth {
  /** Undefined once the key is known to be destroyed. */
  key: CipherKey | undefined
  checkedAt: number
}

// A missed notification must not keep a destroyed key alive: keys are asked for again in the background, asynchronous
// calls ask when half the time is over, and the synchronous ones refuse a key that nobody confirmed for a minute.
const recheckMs = 15_000
const freshMs = 30_000
const limitMs = 60_000

const monthPattern = /^[0-9]{4}-(0[1-9]|1[0-2])$/

/**
 * Personal data, encrypted per value with the data key of its month, so that a month can be destroyed as a whole.
 * Await `ensureMonth` (writers) or `loadMonths` (readers) first; `seal` and `unseal` are then synchronous.
 */
export class Vault {
  readonly #db: Db
  readonly #ring: KeyRing
  readonly #suite: Suite
  readonly #now: () => number
  readonly #install: Buffer
  readonly #index: CipherKey
  readonly #longTerm: CipherKey
  readonly #months = new Map<string, CachedMonth>()
  readonly #ensuring = new Map<string, Promise<void>>()
  readonly #listeners: ShredListener[] = []
  readonly #timer: NodeJS.Timeout
  #epoch = 0

  private constructor(options: VaultOptions, install: Buffer, index: CipherKey, longTerm: CipherKey) {
    this.#db = options.db
    this.#ring = options.ring
    this.#suite = options.suite
    this.#now = options.now ?? (() => performance.now())
    this.#install = install
    this.#index = index
    this.#longTerm = longTerm
    // Without the database the keys simply expire.
    this.#timer = setInterval(() => void this.recheck().catch(() => undefined), recheckMs).unref()
  }

  /**
   * Opens the vault of a database, making the three permanent keys the first time.
   * @throws VaultError 'no-key' when the ring lacks the master key or holds another under its id
   */
  static async open(options: VaultOptions): Promise<Vault> {
    const { db, ring, suite } = options
    const secret = async (name: string) => {
      const row = await ensureDataKey(db, ring, suite, name)
      return { suite: row.suite, secret: unwrap(ring, row) }
    }
    const install = await secret('install')
    const index = await secret('index')
    const longTerm = await secret('long-term')
    return new Vault(
      options,
      install.secret,
      cipherKey(index.suite, index.secret),
      cipherKey(longTerm.suite, longTerm.secret),
    )
  }

  /** Ends the background check and forgets all months. */
  close(): void {
    clearInterval(this.#timer)
    this.#months.clear()
  }

  /**
   * Makes the key of a month when it is missing and holds it ready for `seal` for at least 30 s. Call it before each batch.
   * @param month 'YYYY-MM' in Asia/Shanghai
   * @throws VaultError 'shredded', 'no-key', 'refused' (not a month)
   */
  async ensureMonth(month: string): Promise<void> {
    if (!monthPattern.test(month)) throw new VaultError('refused', `不是月份：${month}`)
    if (!this.#isFresh(month)) {
      let running = this.#ensuring.get(month)
      if (!running) {
        const ensure = async () => [await ensureDataKey(this.#db, this.#ring, this.#suite, month)]
        running = this.#load([month], ensure).finally(() => this.#ensuring.delete(month))
        this.#ensuring.set(month, running)
      }
      await running
    }
    if (!this.#months.get(month)?.key) throw shredded(month)
  }

  /** Loads the keys of some months for `unseal`, for at least 30 s; destroyed and unknown months are no error here. */
  async loadMonths(months: Iterable<string>): Promise<void> {
    const needed = [...new Set(months)].filter((month) => monthPattern.test(month) && !this.#isFresh(month))
    if (needed.length > 0) await this.#load(needed, () => listDataKeys(this.#db, needed))
  }

  /**
   * Encrypts a value with the key of a month (about 10 µs for 300 bytes).
   * @param aad what the value belongs to, such as `pharmacy.purchase/<id>/buyer`: it cannot be moved to another row
   * @throws VaultError 'no-key' without `ensureMonth`, 'shredded'
   */
  seal(month: string, plaintext: string | Buffer, aad: string): Buffer {
    return sealWith(this.#key(month), plaintext, aad)
  }

  /**
   * Decrypts a text.
   * @throws VaultError 'tampered', 'shredded', 'no-key' (not loaded)
   */
  unseal(month: string, sealed: Buffer, aad: string): string {
    return unsealWith(this.#key(month), sealed, aad).toString('utf8')
  }

  /**
   * The keys of some months as they stand, for one batch that another thread decrypts: to be used at once and not kept.
   * Destroyed months are in it without a key, unknown ones are missing.
   */
  async lend(months: Iterable<string>): Promise<LentKeys> {
    const asked = [...months]
    await this.loadMonths(asked)
    return new Map(
      asked.flatMap((month) => {
        const cached = this.#months.get(month)
        return cached ? [[month, cached.key]] : []
      }),
    )
  }

  /**
   * Keyed index of a normalised value: 16 bytes, equal for equal values, useless without the key, kept by rotation.
   * @param value in the one canonical form (upper case, half width, digits only): the caller normalises
   */
  index(kind: IndexKind, value: string): Buffer {
    return keyedHash(this.#index, `${kind}\0${value}`).subarray(0, 16)
  }

  /** Encrypts what is not bound to a month, such as a TOTP secret. */
  sealLongTerm(plaintext: string | Buffer, aad: string): Buffer {
    return sealWith(this.#longTerm, plaintext, aad)
  }

  /** Decrypts what `sealLongTerm` made. @throws VaultError 'tampered' */
  unsealLongTerm(sealed: Buffer, aad: string): string {
    return unsealWith(this.#longTerm, sealed, aad).toString('utf8')
  }

  /** 32 bytes for a purpose ('cookie', 'audit-signing-key'), derived from the install secret: rotation keeps them. */
  deriveSecret(purpose: string): Buffer {
    return derive('sha256', this.#install, `install/${purpose}`, 32)
  }

  /** Wraps all data keys with the newest master key once `tx` commits; then older ones may leave the ring. @returns keys rewrapped */
  async rotate(tx?: Tx): Promise<number> {
    if (tx) return rewrapAll(tx, this.#ring)
    return this.#db.transaction().execute((own) => rewrapAll(own, this.#ring))
  }

  /** Adds a listener that `shred` calls in its transaction. */
  onShred(listener: ShredListener): void {
    this.#listeners.push(listener)
  }

  /**
   * Destroys the key of a past month for good, here and in all processes, once `tx` commits. Old row versions, the
   * write-ahead log and backups still hold the wrapped key: to defeat these too, rotate and destroy the old master key.
   * @returns rows that the listeners cleaned
   * @throws VaultError 'refused' (current month or later), 'shredded' (already), 'no-key' (never existed)
   */
  async shred(tx: Tx, month: string): Promise<number> {
    if (!monthPattern.test(month)) throw new VaultError('refused', `不是月份：${month}`)
    await destroyDataKey(tx, month)
    let rows = 0
    for (const listener of this.#listeners) rows += await listener(tx, month)
    await sql`select pg_notify(${shredChannel}, ${month})`.execute(tx)
    this.forget(month)
    return rows
  }

  /** Drops the cached key of a month (on a notification of `shredChannel`); it is asked for again when needed. */
  forget(month: string): void {
    this.#epoch++
    this.#months.delete(month)
  }

  /** Asks again for all cached keys, so that destroyed ones are dropped. Runs by itself every 15 s. */
  async recheck(): Promise<void> {
    const names = [...this.#months].filter(([, cached]) => cached.key).map(([name]) => name)
    if (names.length > 0) await this.#load(names, () => listDataKeys(this.#db, names))
  }

  #isFresh(month: string): boolean {
    const cached = this.#months.get(month)
    // Destruction is final, so it needs no second look.
    return cached !== undefined && (!cached.key || this.#now() - cached.checkedAt < freshMs)
  }

  #key(month: string): CipherKey {
    const cached = this.#months.get(month)
    if (!cached) throw new VaultError('no-key', `${month} 的数据密钥尚未载入`)
    if (!cached.key) throw shredded(month)
    if (this.#now() - cached.checkedAt > limitMs) {
      this.#months.delete(month)
      throw new VaultError('no-key', `${month} 的数据密钥超过一分钟未确认`)
    }
    return cached.key
  }

  async #load(names: readonly string[], read: () => Promise<DataKeyRow[]>): Promise<void> {
    for (;;) {
      const epoch = this.#epoch
      const checkedAt = this.#now()
      const rows = new Map((await read()).map((row) => [row.name, row]))
      // A key forgotten while it was being read may have been read just before it was destroyed.
      if (epoch !== this.#epoch) continue
      for (const name of names) {
        const row = rows.get(name)
        if (row) this.#months.set(name, { key: this.#keyOf(row), checkedAt })
        else this.#months.delete(name)
      }
      return
    }
  }

  #keyOf(row: DataKeyRow): CipherKey | undefined {
    if (row.wrapped === null) return undefined
    return this.#months.get(row.name)?.key ?? cipherKey(row.suite, unwrap(this.#ring, row))
  }
}

export interface VaultOptions {
  db: Db
  ring: KeyRing
  /** Suite of keys made from now on; existing ones keep theirs. */
  suite: Suite
  /** Monotonic clock in milliseconds, for the age of cached keys. */
  now?: () => number
}
