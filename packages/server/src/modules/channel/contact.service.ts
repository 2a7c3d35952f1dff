import { uuidv7 } from '@vigil/codes'
import type { TellStatus } from '@vigil/contract'
import { sql } from 'kysely'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Guard } from '../sharing/index.ts'
import { hintOf } from './address.ts'
import { sealPart } from './channel.seal.ts'
import type { Message } from './tell.ts'

/** How a subject of a module can be told. */
export type ContactKind = 'webhook' | 'sms'
export interface Contact {
  readonly id: string
  readonly kind: ContactKind
  readonly name: string
  /** The address without what opens it. */
  readonly hint: string
  readonly signed: boolean
}
const mostContacts = 5
/** How long a message is tried. */
const keepHours = 48
const mobilePattern = /^1\d{10}$/

export interface Contacts {
  /** Whether text messages leave at all: only with a gateway in the settings. */
  readonly sms: boolean
  /** Adds a way to tell a subject. @throws Problem 400 for an address that cannot be, 409 for too many */
  add(
    tx: Tx,
    subject: string,
    contact: {
      readonly kind: ContactKind
      readonly name: string
      readonly address: string
      readonly secret: string
      readonly path: string
      readonly by: string
    },
  ): Promise<Contact>
  /** Forgets a way to tell a subject; what waits for it is dropped. @returns false when it is none of the subject's */
  remove(tx: Tx, subject: string, id: string): Promise<boolean>
  list(tx: Tx, subject: string): Promise<Contact[]>
}

type Row = Pick<Contact, 'id' | 'kind' | 'name' | 'hint'> & { sealedSecret: Buffer | null }
const shown = ({ sealedSecret, ...row }: Row): Contact => ({ ...row, signed: sealedSecret !== null })

/** Addresses of what modules tell of their own: sealed, tried and received as messages to people are. */
export const createContacts = ({ vault, clock }: Kernel, guard: Guard, sms: boolean): Contacts => ({
  sms,
  add: async (tx, subject, { kind, name, path, by, ...given }) => {
    const [address, secret] = [given.address.trim(), given.secret.trim()]
    if (kind === 'sms' && !mobilePattern.test(address)) throw invalidField('/address', '手机号应为 11 位')
    const refusal = kind === 'webhook' ? refuseUrl(guard, address) : undefined
    if (refusal) throw invalidField('/address', refusal)
    const { count } = await tx
      .selectFrom('channel.target')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('subject', '=', subject)
      .where('removedAt', 'is', null)
      .executeTakeFirstOrThrow()
    if (count >= mostContacts) throw conflict(`最多设定 ${mostContacts} 个通知方式`, 'too-many')
    const id = uuidv7()
    const row = await tx
      .insertInto('channel.target')
      .values({
        ...{ id, kind, name: name.trim(), subject, path, ownerId: null, areaCode: null },
        sealedAddress: sealPart(vault, id, 'address', address),
        sealedSecret: secret === '' || kind === 'sms' ? null : sealPart(vault, id, 'secret', secret),
        hint: kind === 'sms' ? `${address.slice(0, 3)}****${address.slice(-4)}` : hintOf(kind, address),
        ...{ grades: [], quiet: null, active: true, removedAt: null, createdAt: clock.now(), createdBy: by },
      })
      .returning(['id', 'kind', 'name', 'hint', 'sealedSecret'])
      .executeTakeFirstOrThrow()
    return shown(row as Row)
  },
  remove: async (tx, subject, id) => {
    const gone = await tx
      .updateTable('channel.target')
      .set({ removedAt: clock.now(), active: false, sealedAddress: Buffer.alloc(0), sealedSecret: null })
      .where('id', '=', id)
      .where('subject', '=', subject)
      .where('removedAt', 'is', null)
      .executeTakeFirst()
    if (gone.numUpdatedRows === 0n) return false
    await tx
      .updateTable('channel.delivery')
      .set({ status: 'dropped', errorCode: 'dropped', error: '通知方式已移除' })
      .where('targetId', '=', id)
      .where('status', '=', 'waiting')
      .execute()
    return true
  },
  list: async (tx, subject) => {
    const rows = await tx
      .selectFrom('channel.target')
      .select(['id', 'kind', 'name', 'hint', 'sealedSecret'])
      .where('subject', '=', subject)
      .where('removedAt', 'is', null)
      .orderBy('id')
      .execute()
    return rows.map((row) => shown(row as Row))
  },
})

function refuseUrl(guard: Guard, address: string): string | undefined {
  if (!URL.canParse(address)) return 'Webhook 地址应以 https:// 开头'
  return guard.refuse(new URL(address))?.replace('推送地址', 'Webhook 地址')
}

/** A message to subjects of a module; `source` is what it is about, by the module's name. */
export type SubjectMessage = Pick<Message, 'kind' | 'path' | 'title' | 'text' | 'url' | 'at'> & {
  readonly source: string
}

/**
 * Orders a message to all contacts of some subjects, in the transaction of its cause. Nobody's quiet hours hold: what is told in this
 * way does not wait. @returns how many deliveries were ordered
 */
export const tellSubjects = (tx: Tx, message: SubjectMessage, subjects: readonly string[]): Promise<number> =>
  beyondScope(tx, async () => {
    const targets = await tx
      .selectFrom('channel.target')
      .select(['id', 'path'])
      .where('subject', '=', sql<string>`ANY(${subjects}::text[])`)
      .where('active', '=', true)
      .where('removedAt', 'is', null)
      .execute()
    if (targets.length === 0) return 0
    const { kind, path, title, text, url, at, source } = message
    const messageId = uuidv7()
    await tx
      .insertInto('channel.message')
      .values({
        ...{ id: messageId, kind, path, source, url, grade: null, escalatedTo: null, createdAt: at },
        ...{ title: title.slice(0, 100), text: text.slice(0, 1000) },
      })
      .execute()
    const giveUpAt = new Date(at.getTime() + keepHours * 3_600_000)
    const rows = targets.map(({ id, path: own }) => ({ id: uuidv7(), targetId: id, path: own }))
    await sql`INSERT INTO channel.delivery (id, message_id, target_id, path, next_at, give_up_at, created_at)
      SELECT id, ${messageId}, "targetId", path, ${at}, ${giveUpAt}, ${at}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, "targetId" uuid, path text)`.execute(tx)
    return targets.length
  })

export interface Telling {
  readonly subject: string
  readonly kind: ContactKind
  readonly status: TellStatus
  readonly receipt: string | null
  readonly error: string | null
  readonly at: Date
}

/** The last delivery to each contact of what was told about a source; the transaction must see the whole country. */
export async function tellingsAbout(tx: Tx, source: string): Promise<Telling[]> {
  const { rows } = await sql<Telling>`
    SELECT DISTINCT ON (d.target_id) t.subject, t.kind, d.status, d.receipt, CASE WHEN d.status <> 'sent' THEN d.error END AS error,
      coalesce(d.sent_at, d.created_at) AS at
    FROM channel.message m JOIN channel.delivery d ON d.message_id = m.id JOIN channel.target t ON t.id = d.target_id
    WHERE m.source = ${source} AND t.subject IS NOT NULL ORDER BY d.target_id, d.id DESC`.execute(tx)
  return rows
}
