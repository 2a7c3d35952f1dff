import { uuidv7 } from '@vigil/codes'
import type { AlertGrade, MessageKind, Permission } from '@vigil/contract'
import { sql } from 'kysely'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { permissionFor, type Told, tellAt, wants } from './audience.domain.ts'
import type {} from './channel.table.ts'

/** What people are to be told. No personal data: it leaves for servers of others. */
export interface Message {
  readonly kind: Exclude<MessageKind, 'test'>
  /** Null: told whatever grades somebody chose. */
  readonly grade: AlertGrade | null
  /** Place that it is about. */
  readonly path: string
  /** More places of the same event. */
  readonly paths?: readonly string[]
  /** It was escalated to this level: only this level is told, whatever grades it chose. */
  readonly escalatedTo?: string
  /** Only whoever holds the permission at exactly this place; quiet hours hold. */
  readonly level?: string
  /** Accounts that are told besides, wherever they hold the permission above the place: whom it was given to. */
  readonly accounts?: readonly string[]
  /** One line, at most 100 characters. */
  readonly title: string
  /** At most 1,000 characters; line breaks are kept. */
  readonly text: string
  /** Page of the console that shows it, from its root: `/alerts/…`. */
  readonly url: string
  readonly at: Date
}

/** How long a message is tried: later it would be no news. */
const keepHours = 24
const perStatement = 1000

/**
 * Orders a message to everybody who wants it, in the transaction of its cause: what is rolled back is told to nobody, and a
 * recipient that is down delays nobody else. Sent by the loop a moment later.
 * @returns how many recipients it has
 */
export async function tell(tx: Tx, message: Message): Promise<number> {
  return beyondScope(tx, async () => {
    const targets = await tx
      .selectFrom('channel.target')
      .select(['id', 'ownerId', 'path', 'grades', 'quiet'])
      .where('active', '=', true)
      .where('removedAt', 'is', null)
      .where('subject', 'is', null)
      .execute()
    const owners = targets.flatMap(({ ownerId }) => (ownerId ? [ownerId] : []))
    const grants = await pathsOf(tx, owners, permissionFor[message.kind])
    const { grade, at } = message
    const told: Told = {
      grade,
      escalatedTo: message.escalatedTo ?? null,
      paths: [message.path, ...(message.paths ?? [])],
      level: message.level,
    }
    const wanted = targets.filter(({ ownerId, path, grades, quiet }) => {
      const choice = { grades, quiet, paths: ownerId ? (grants.get(ownerId) ?? []) : [path] }
      const own = ownerId !== null && message.accounts?.includes(ownerId) === true
      return wants(choice, own ? { ...told, level: undefined } : told)
    })
    if (wanted.length === 0) return 0
    const { kind, path, title, text, url } = message
    const messageId = uuidv7()
    await tx
      .insertInto('channel.message')
      .values({
        id: messageId,
        kind,
        grade,
        path,
        escalatedTo: told.escalatedTo,
        title: title.slice(0, 100),
        text: text.slice(0, 1000),
        url,
        createdAt: at,
      })
      .execute()
    const giveUpAt = new Date(at.getTime() + keepHours * 3_600_000)
    const rows = wanted.map((target) => {
      const nextAt = tellAt(target, told, at)
      const late = new Date(nextAt.getTime() + keepHours * 3_600_000)
      return {
        id: uuidv7(),
        messageId,
        targetId: target.id,
        path: target.path,
        nextAt,
        giveUpAt: nextAt > at ? late : giveUpAt,
        createdAt: at,
      }
    })
    for (let from = 0; from < rows.length; from += perStatement)
      await tx
        .insertInto('channel.delivery')
        .values(rows.slice(from, from + perStatement))
        .execute()
    return rows.length
  })
}

/**
 * Orders a message to whoever is in charge: at the nearest of some levels at which somebody wants to be told, and to the
 * accounts that the message names.
 * @param levels paths, the nearest first
 * @returns the level that was told and how many recipients there are; undefined when nobody wants to know
 */
export async function tellNearest(
  tx: Tx,
  message: Omit<Message, 'level' | 'escalatedTo'>,
  levels: readonly string[],
): Promise<{ level: string; recipients: number } | undefined> {
  for (const level of levels) {
    const recipients = await tell(tx, { ...message, level })
    if (recipients > 0) return { level, recipients }
  }
  return undefined
}

/** Where active accounts hold a permission. */
export async function pathsOf(
  tx: Tx,
  accounts: readonly string[],
  permission: Permission,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  if (accounts.length === 0) return found
  const { rows } = await sql<{ accountId: string; path: string }>`
    select g.account_id, g.path from access.grant g join access.role r on r.code = g.role_code
    join access.account a on a.id = g.account_id
    where g.account_id = any (${[...new Set(accounts)]}::uuid[]) and a.status = 'active'
      and ${permission} = any (r.permissions)`.execute(tx)
  for (const { accountId, path } of rows) found.set(accountId, [...(found.get(accountId) ?? []), path])
  return found
}
