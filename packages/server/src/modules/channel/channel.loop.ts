import { systemCaller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { type QueueLoop, startQueue } from '../../kernel/loop/index.ts'
import { nextTry } from '../sharing/index.ts'
import { permissionFor } from './audience.domain.ts'
import { type SendingParts, send } from './channel.send.ts'
import { type Claimed, claim, inSystem, settle } from './channel.store.ts'
import { pathsOf } from './tell.ts'

/** Deliveries under way at once in this process. */
const atOnce = 8
const policy = { retrySeconds: 15, maxAttempts: 12 }

const system = systemCaller('预警推送', [])

/** The background work of one process: sends what is due. */
export type ChannelLoop = QueueLoop

/** Why a message goes to this recipient no more, asked at the last moment; undefined when it does. */
async function dropReason(tx: Tx, { target, message }: Claimed): Promise<string | undefined> {
  if (target.removedAt) return '推送对象已移除'
  if (message.kind === 'test') return undefined
  if (!target.active) return '推送对象已停用'
  if (!target.ownerId) return undefined
  const paths = (await pathsOf(tx, [target.ownerId], permissionFor[message.kind])).get(target.ownerId) ?? []
  // The path of an event over several counties lies above those who were told of their part of it.
  return paths.some((root) => message.path.startsWith(root) || root.startsWith(message.path))
    ? undefined
    : '收件人已没有查看权限'
}

async function deliver(parts: SendingParts, claimed: Claimed, stop: AbortSignal): Promise<void> {
  const { kernel } = parts
  const { delivery, lease, target } = claimed
  const dropped = await inSystem(kernel, (tx) => dropReason(tx, claimed))
  if (dropped) {
    const end = { status: 'dropped', errorCode: 'dropped', error: dropped } as const
    await inSystem(kernel, (tx) => settle(tx, delivery.id, lease, end))
    return
  }
  const outcome = await send(parts, claimed, stop)
  const now = kernel.clock.now()
  await inSystem(kernel, async (tx) => {
    if (outcome.ok) {
      await settle(tx, delivery.id, lease, {
        status: 'sent',
        sentAt: now,
        receipt: outcome.receipt ?? null,
        errorCode: null,
        error: null,
      })
      return
    }
    // The process stops: not the recipient's fault, taken up again at once.
    if (stop.aborted) {
      await settle(tx, delivery.id, lease, { tries: Math.max(0, delivery.tries - 1) })
      return
    }
    const why = { errorCode: outcome.code, error: outcome.message.slice(0, 200) }
    const random = Math.random()
    const retry = nextTry(policy, delivery.tries, outcome, { now, giveUpAt: delivery.giveUpAt, random })
    if (retry.again) {
      await settle(tx, delivery.id, lease, { ...why, nextAt: retry.at })
      return
    }
    const error = `${why.error}（${retry.why}，不再自动重试）`
    if (!(await settle(tx, delivery.id, lease, { ...why, error, status: 'dead' }))) return
    await record(
      tx,
      auditOf(system, {
        action: 'channel.give-up',
        object: `channel:${target.id}`,
        path: target.path,
        outcome: 'failed',
        detail: { delivery: delivery.id, attempts: delivery.attempts, code: outcome.code },
      }),
    )
  })
}

/** Starts the loop. @param everyMs pause between two looks; 0: only `tick` looks */
export const startChannel = (parts: SendingParts, everyMs: number): ChannelLoop =>
  startQueue({
    atOnce,
    everyMs,
    take: async (free) => (free > 0 ? inSystem(parts.kernel, (tx) => claim(tx, parts.kernel.clock.now(), free)) : []),
    run: (claimed, stop) => deliver(parts, claimed, stop),
    logError: parts.logError,
  })
