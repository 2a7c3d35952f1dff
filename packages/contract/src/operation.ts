import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  defineRoutes,
  file,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  text,
  Uuid,
} from './kernel.ts'

export const eventRoutes = defineRoutes({
  'event.stream': {
    method: 'GET',
    path: '/api/events',
    summary: 'Live events of the own area (server-sent events): hello, purchase, state',
    permission: 'overview.read',
    response: file('text/event-stream'),
  },
})

export const fileRoutes = defineRoutes({
  'file.download': {
    method: 'GET',
    path: '/api/files/:id',
    summary: 'Download an own file, such as the error file of an import',
    permission: 'signed-in',
    params: Id,
    response: file('application/octet-stream'),
  },
})

export const AuditEntry = object({
  seq: Count,
  at: Instant,
  actor: text(80),
  actorId: Nullable(Uuid),
  action: text(80),
  outcome: Choice(['done', 'refused', 'failed']),
  object: text(120),
  areaCode: Nullable(AreaCode),
  ip: text(60),
  requestId: text(60),
  detail: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  sealed: Type.Boolean(),
})
export type AuditEntry = Static<typeof AuditEntry>

export const auditRoutes = defineRoutes({
  'audit.list': {
    method: 'GET',
    path: '/api/audit',
    summary: 'Audit log of the own area, newest first',
    permission: 'audit.read',
    query: object({
      action: Type.Optional(text(80)),
      actor: Type.Optional(text(60)),
      outcome: Type.Optional(Choice(['done', 'refused', 'failed'])),
      from: Type.Optional(text(10)),
      to: Type.Optional(text(10)),
      ...PageQuery,
    }),
    response: page(AuditEntry),
  },
  'audit.head': {
    method: 'GET',
    path: '/api/audit/head',
    summary: 'Newest signed tree head of the log',
    permission: 'audit.read',
    response: object({
      treeSize: Count,
      rootHash: Nullable(text(64)),
      signedAt: Nullable(Instant),
      signature: Nullable(text(200)),
      publicKey: text(200),
    }),
  },
  'audit.verify': {
    method: 'POST',
    path: '/api/audit/verify',
    summary: 'Verify the log now',
    permission: 'audit.read',
    response: object({
      ok: Type.Boolean(),
      checked: Count,
      problems: Type.Array(object({ seq: Nullable(Count), detail: text(300) }), { maxItems: 100 }),
    }),
  },
})

export const vaultRoutes = defineRoutes({
  'vault.keys': {
    method: 'GET',
    path: '/api/vault/keys',
    summary: 'Data keys by month',
    permission: 'vault.manage',
    response: object({
      items: Type.Array(
        object({
          month: text(7),
          suite: text(20),
          masterKeyId: text(40),
          createdAt: Instant,
          shreddedAt: Nullable(Instant),
        }),
      ),
    }),
  },
  'vault.rotate': {
    method: 'POST',
    path: '/api/vault/rotate',
    summary: 'Wrap all data keys with the newest master key',
    permission: 'vault.manage',
    response: object({ rewrapped: Count }),
  },
  'vault.shred': {
    method: 'POST',
    path: '/api/vault/keys/:month/shred',
    summary: 'Destroy the data key of a past month: its personal data is unreadable for good',
    permission: 'vault.manage',
    params: object({ month: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}$', minLength: 7, maxLength: 7 }) }),
    body: object({ confirm: text(7), reason: text(300) }),
    response: object({ ok: Type.Literal(true), rows: Count }),
  },
})
