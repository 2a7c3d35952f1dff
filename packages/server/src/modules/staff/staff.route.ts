import type { staffRoutes } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference, Store } from '../pharmacy/index.ts'
import { listMembers, readMember } from './staff.member.ts'
import { listRules, ownStaff, readCoverage } from './staff.read.ts'
import { saveRule } from './staff.rule.ts'
import { addMember, endExemption, enterTest, exempt, leave, reveal, voidTest } from './staff.service.ts'

const done = { ok: true } as const

export function staffHandlers(kernel: Kernel, reference: Reference): Handlers<typeof staffRoutes> {
  const storeOf = (code: string | null): Store => {
    const store = code === null ? undefined : reference.store(code)
    if (!store) throw notFound('药店')
    return store
  }
  const own = (caller: Caller) => ownStaff(kernel, reference, caller, storeOf(caller.storeCode))
  const shown = async (caller: Caller, id: string) =>
    (await readMember(kernel, reference, caller, 'staff.manage', id)).member
  return {
    'staff.coverage': ({ caller, query }) => readCoverage(kernel, reference, caller, query),
    'staff.list': ({ caller, query }) => listMembers(kernel, reference, caller, query),
    'staff.read': ({ caller, params }) => readMember(kernel, reference, caller, 'staff.read', params.id),
    'staff.reveal': ({ caller, params, body }) => reveal(kernel, caller, params.id, body),
    'staff.add': async ({ caller, body: { storeCode, ...given } }) =>
      shown(caller, await addMember(kernel, caller, 'staff.manage', storeOf(storeCode), given)),
    'staff.leave': async ({ caller, params, body }) => {
      await leave(kernel, caller, 'staff.manage', params.id, body)
      return done
    },
    'staff.result': async ({ caller, body }) => shown(caller, await enterTest(kernel, caller, 'staff.manage', body)),
    'staff.void': async ({ caller, params, body }) => {
      await voidTest(kernel, caller, params.id, body.reason)
      return done
    },
    'staff.exempt': async ({ caller, params, body }) => {
      await exempt(kernel, caller, 'staff.manage', params.id, body)
      return done
    },
    'staff.end-exemption': async ({ caller, params }) => {
      await endExemption(kernel, caller, params.id)
      return done
    },
    'staff.rules': async ({ caller }) => ({ items: await listRules(kernel, reference, caller) }),
    'staff.save-rule': ({ caller, body }) => saveRule(kernel, reference, caller, body),
    'staff.own': ({ caller }) => own(caller),
    'staff.own-add': async ({ caller, body }) => {
      await addMember(kernel, caller, 'staff.own', storeOf(caller.storeCode), body)
      return own(caller)
    },
    'staff.own-result': async ({ caller, body }) => {
      storeOf(caller.storeCode)
      await enterTest(kernel, caller, 'staff.own', body)
      return own(caller)
    },
    'staff.own-leave': async ({ caller, body: { memberId, ...given } }) => {
      await leave(kernel, caller, 'staff.own', memberId, given)
      return own(caller)
    },
    'staff.own-exempt': async ({ caller, body: { memberId, ...given } }) => {
      await exempt(kernel, caller, 'staff.own', memberId, given)
      return own(caller)
    },
  }
}
