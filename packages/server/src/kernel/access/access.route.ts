import type { accessRoutes, Route } from '@vigil/contract'
import type { Call, Handlers } from '../http/handler.ts'
import type { Kernel } from '../kernel.ts'
import { listAccounts, listApiKeys, listDevices, listRoles } from './access.read.ts'
import { disableAccount, enableAccount, inviteAccount, resetAccount, revokeDevice } from './access.service.ts'
import type { Invitation } from './account.ts'
import { createApiKey, revokeApiKey } from './api-key.service.ts'
import { scopeFor } from './caller.ts'
import { activateDevice, unlockDevice } from './device.service.ts'
import { acceptInvitation, beginTotp, changePassword, confirmTotp, readOwn, signOut } from './own.service.ts'
import { saveRole } from './role.service.ts'
import { signIn } from './sign-in.service.ts'
import type { Visit } from './visit.ts'

const done = { ok: true } as const
const told = ({ id, code, expiresAt }: Invitation) => ({ id, code, expiresAt: expiresAt.toISOString() })

/** Handlers of the access routes. */
export function accessHandlers(kernel: Kernel): Handlers<typeof accessRoutes> {
  const visit = ({ request, reply }: Pick<Call<Route>, 'request' | 'reply'>): Visit => ({
    kernel,
    request,
    reply,
    now: kernel.clock.now(),
  })
  return {
    'session.create': (call) => signIn(visit(call), call.body),
    'session.read': (call) => readOwn(visit(call), call.caller),
    'session.delete': async (call) => {
      await signOut(visit(call), call.caller)
      return done
    },
    'session.accept-invitation': (call) => acceptInvitation(visit(call), call.body),
    'session.change-password': async (call) => {
      await changePassword(visit(call), call.caller, call.body)
      return done
    },
    'totp.begin': ({ caller }) => beginTotp(kernel, caller),
    'totp.confirm': (call) => confirmTotp(visit(call), call.caller, call.body.code),
    'device.activate': (call) => activateDevice(visit(call), call.body),
    'device.unlock': (call) => unlockDevice(visit(call), call.body.pin),
    'account.list': ({ caller, query }) => listAccounts(kernel.db, scopeFor(caller, 'account.read'), query),
    'account.invite': async ({ caller, body }) => told(await inviteAccount(kernel, caller, body)),
    'account.disable': async ({ caller, params }) => {
      await disableAccount(kernel, caller, params.id)
      return done
    },
    'account.enable': async ({ caller, params }) => {
      await enableAccount(kernel, caller, params.id)
      return done
    },
    'account.reset': async ({ caller, params }) => told(await resetAccount(kernel, caller, params.id)),
    'account.devices': ({ caller, params }) =>
      listDevices(kernel.db, scopeFor(caller, 'account.read'), params.id, kernel.clock.now()),
    'device.revoke': async ({ caller, params }) => {
      await revokeDevice(kernel, caller, params.id, params.deviceId)
      return done
    },
    'role.list': () => listRoles(kernel.db),
    'role.save': async ({ caller, params, body }) => {
      await saveRole(kernel, caller, params.code, body)
      return done
    },
    'api-key.list': ({ caller }) => listApiKeys(kernel.db, scopeFor(caller, 'api-key.manage')),
    'api-key.create': async ({ caller, body }) => {
      const { id, key, expiresAt } = await createApiKey(kernel, caller, body)
      return { id, key, expiresAt: expiresAt.toISOString() }
    },
    'api-key.revoke': async ({ caller, params }) => {
      await revokeApiKey(kernel, caller, params.id)
      return done
    },
  }
}
