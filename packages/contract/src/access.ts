import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Done,
  defineRoutes,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  requiredText,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { permissionNames } from './permission.ts'

export const Grant = object({
  roleCode: requiredText(40),
  roleName: text(60),
  areaCode: AreaCode,
  areaName: text(100),
  /** Set when the grant is for one store only. */
  storeCode: Nullable(StoreCode),
})

export const Me = object({
  id: Uuid,
  username: text(60),
  displayName: text(60),
  kind: Choice(['person', 'store']),
  permissions: Type.Array(Choice(permissionNames)),
  grants: Type.Array(Grant),
  totpEnrolled: Type.Boolean(),
  /** The account's role demands a second factor that is not enrolled yet: only enrolment is open. */
  mustEnrolTotp: Type.Boolean(),
  mustChangePassword: Type.Boolean(),
  /** Instant at which the session ends at the latest. */
  sessionExpiresAt: Instant,
  demo: Type.Boolean(),
  store: Nullable(object({ code: StoreCode, name: text(120), areaName: text(200), status: text(20) })),
})
export type Me = Static<typeof Me>

const Password = Type.String({ minLength: 10, maxLength: 200 })
const Pin = Type.String({ pattern: '^[0-9]{6}$', minLength: 6, maxLength: 6 })

export const AccountItem = object({
  id: Uuid,
  username: text(60),
  displayName: text(60),
  kind: Choice(['person', 'store']),
  status: Choice(['invited', 'active', 'disabled']),
  grants: Type.Array(Grant),
  totpEnrolled: Type.Boolean(),
  lastSignInAt: Nullable(Instant),
  createdAt: Instant,
})
export type AccountItem = Static<typeof AccountItem>

const GrantInput = object({ roleCode: requiredText(40), areaCode: AreaCode, storeCode: Type.Optional(StoreCode) })
/** One-time code with which a person sets the first password, or a store activates a device. Shown once. */
const Invitation = object({ id: Uuid, code: text(40), expiresAt: Instant })

export const accessRoutes = defineRoutes({
  'session.create': {
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in with user name and password',
    permission: 'public',
    body: object({ username: requiredText(60), password: requiredText(200), totp: Type.Optional(text(10)) }),
    response: Me,
  },
  'session.read': {
    method: 'GET',
    path: '/api/session',
    summary: 'The signed-in account',
    permission: 'signed-in',
    response: Me,
  },
  'session.delete': {
    method: 'DELETE',
    path: '/api/session',
    summary: 'Sign out',
    permission: 'signed-in',
    response: Done,
  },
  'session.accept-invitation': {
    method: 'POST',
    path: '/api/invitations/accept',
    summary: 'Set the first password with an invitation or reset code',
    permission: 'public',
    body: object({ username: requiredText(60), code: requiredText(40), password: Password }),
    response: Me,
  },
  'session.change-password': {
    method: 'POST',
    path: '/api/session/password',
    summary: 'Change own password',
    permission: 'signed-in',
    body: object({ current: requiredText(200), password: Password }),
    response: Done,
  },
  'totp.begin': {
    method: 'POST',
    path: '/api/session/totp',
    summary: 'Begin enrolment of a second factor',
    permission: 'signed-in',
    response: object({ secret: text(80), uri: text(400) }),
  },
  'totp.confirm': {
    method: 'POST',
    path: '/api/session/totp/confirm',
    summary: 'Confirm the second factor with a code',
    permission: 'signed-in',
    body: object({ code: Type.String({ pattern: '^[0-9]{6}$', minLength: 6, maxLength: 6 }) }),
    response: object({ recoveryCodes: Type.Array(text(20)) }),
  },
  'device.activate': {
    method: 'POST',
    path: '/api/devices',
    summary: 'Activate a counter device of a store and set its PIN',
    permission: 'public',
    body: object({
      storeCode: StoreCode,
      activationCode: requiredText(40),
      pin: Pin,
      deviceName: Type.Optional(text(60)),
    }),
    response: Me,
  },
  'device.unlock': {
    method: 'POST',
    path: '/api/devices/unlock',
    summary: 'Open a session on an activated device with its PIN',
    permission: 'public',
    body: object({ pin: Pin }),
    response: Me,
  },
  'account.list': {
    method: 'GET',
    path: '/api/accounts',
    summary: 'Accounts in the own area',
    permission: 'account.read',
    query: object({
      area: Type.Optional(AreaCode),
      q: Type.Optional(text(60)),
      kind: Type.Optional(Choice(['person', 'store'])),
      ...PageQuery,
    }),
    response: page(AccountItem),
  },
  'account.invite': {
    method: 'POST',
    path: '/api/accounts',
    summary: 'Create an account and an invitation code',
    permission: 'account.manage',
    status: 201,
    body: object({
      username: Type.String({ pattern: '^[A-Za-z0-9._-]{3,60}$', minLength: 3, maxLength: 60 }),
      displayName: requiredText(60),
      grants: Type.Array(GrantInput, { minItems: 1, maxItems: 20 }),
    }),
    response: Invitation,
  },
  'account.disable': {
    method: 'POST',
    path: '/api/accounts/:id/disable',
    summary: 'Disable an account; its sessions end at once',
    permission: 'account.manage',
    params: Id,
    response: Done,
  },
  'account.enable': {
    method: 'POST',
    path: '/api/accounts/:id/enable',
    summary: 'Enable an account again',
    permission: 'account.manage',
    params: Id,
    response: Done,
  },
  'account.reset': {
    method: 'POST',
    path: '/api/accounts/:id/reset',
    summary: 'Reset: new one-time code, password, second factor and sessions dropped',
    permission: 'account.manage',
    params: Id,
    response: Invitation,
  },
  'account.devices': {
    method: 'GET',
    path: '/api/accounts/:id/devices',
    summary: 'Devices and sessions of an account',
    permission: 'account.read',
    params: Id,
    response: object({
      items: Type.Array(
        object({
          id: Uuid,
          name: text(200),
          createdAt: Instant,
          lastSeenAt: Nullable(Instant),
          revokedAt: Nullable(Instant),
        }),
      ),
    }),
  },
  'device.revoke': {
    method: 'POST',
    path: '/api/accounts/:id/devices/:deviceId/revoke',
    summary: 'Revoke a lost device',
    permission: 'account.manage',
    params: object({ id: Uuid, deviceId: Uuid }),
    response: Done,
  },
  'role.list': {
    method: 'GET',
    path: '/api/roles',
    summary: 'Roles and their permissions',
    permission: 'account.read',
    response: object({
      items: Type.Array(
        object({
          code: text(40),
          name: text(60),
          permissions: Type.Array(Choice(permissionNames)),
          requiresTotp: Type.Boolean(),
        }),
      ),
    }),
  },
  'role.save': {
    method: 'PUT',
    path: '/api/roles/:code',
    summary: 'Create or change a role',
    permission: 'role.manage',
    params: object({ code: Type.String({ pattern: '^[a-z0-9-]{2,40}$', minLength: 2, maxLength: 40 }) }),
    body: object({
      name: requiredText(60),
      permissions: Type.Array(Choice(permissionNames), { maxItems: 100 }),
      requiresTotp: Type.Boolean(),
    }),
    response: Done,
  },
  'api-key.list': {
    method: 'GET',
    path: '/api/api-keys',
    summary: 'API keys in the own area',
    permission: 'api-key.manage',
    response: object({
      items: Type.Array(
        object({
          id: Uuid,
          name: text(60),
          prefix: text(20),
          grants: Type.Array(Grant),
          createdAt: Instant,
          expiresAt: Instant,
          lastUsedAt: Nullable(Instant),
          revokedAt: Nullable(Instant),
        }),
      ),
    }),
  },
  'api-key.create': {
    method: 'POST',
    path: '/api/api-keys',
    summary: 'Create an API key for a program; the key is shown once',
    permission: 'api-key.manage',
    status: 201,
    body: object({
      name: requiredText(60),
      grants: Type.Array(GrantInput, { minItems: 1, maxItems: 20 }),
      days: Type.Integer({ minimum: 1, maximum: 730 }),
    }),
    response: object({ id: Uuid, key: text(100), expiresAt: Instant }),
  },
  'api-key.revoke': {
    method: 'POST',
    path: '/api/api-keys/:id/revoke',
    summary: 'Revoke an API key',
    permission: 'api-key.manage',
    params: Id,
    response: Done,
  },
})
