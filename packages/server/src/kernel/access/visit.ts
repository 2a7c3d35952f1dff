import type { FastifyReply, FastifyRequest } from 'fastify'
import { systemCommand } from '../command/command.ts'
import { Problem } from '../error/problem.ts'
import type { Kernel } from '../kernel.ts'
import { placeOf } from './account-row.ts'
import { attemptKey, recordFailure } from './attempt.ts'
import type { Caller } from './caller.ts'
import { originOf } from './session.ts'

/** One request of somebody who is not signed in yet. */
export interface Visit {
  readonly kernel: Kernel
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly now: Date
}

export interface KnownAccount {
  readonly id: string
  readonly displayName: string
  readonly path: string
  readonly storeCode: string | null
}

/** The visitor as the audit log shows him: by name once the account is known, without any right. */
export function visitor(request: FastifyRequest, account?: KnownAccount): Caller {
  return {
    kind: 'account',
    id: account?.id ?? null,
    name: account?.displayName ?? '未登录',
    grants: [],
    storeCode: account?.storeCode ?? null,
    ...originOf(request),
    requestId: request.id,
  }
}

export const addressKey = (request: FastifyRequest): string => attemptKey('address', request.ip)

/** 401 of a failed sign-in; the same words for an unknown user and a wrong password. */
export const signInProblem = (code: string, detail: string): Problem =>
  new Problem({ status: 401, code, title: '登录失败', detail })

/** Records a refused sign-in and counts it for the address. `reason` is for the log; what was typed is not kept. */
export async function recordRefusal(
  visit: Visit,
  action: string,
  reason: string,
  account?: KnownAccount,
): Promise<void> {
  const place = account ? placeOf(account) : { object: 'account/-', path: '/', areaCode: null }
  await systemCommand(visit.kernel.db, visitor(visit.request, account), async (tx, audit) => {
    await recordFailure(tx, addressKey(visit.request), visit.now)
    await audit({ action, ...place, outcome: 'refused', detail: { reason } })
  })
}
