import { hash } from 'node:crypto'
import { addDays, type Day, dayOf, startOfDay } from '@vigil/codes'
import type { City } from '@vigil/simulate'
import type { Kernel } from '../kernel/kernel.ts'
import { backdateStores, type TakenOver, takeOver } from '../modules/opening/index.ts'
import type { Reference } from '../modules/pharmacy/index.ts'
import { demoStore } from './accounts.ts'

/** Shares of the stores that are closed and that do not check in on a day. */
const closedShare = 0.012
const missingShare = 0.009
const reasons = ['no-pharmacist', 'stocktaking', 'outbreak-control', 'renovation', 'holiday', 'staff-isolated'] as const

/** A share from 0 to 1, the same for the same words at every start. */
export const chance = (...words: readonly (string | number)[]): number =>
  hash('sha256', words.join('/'), 'buffer').readUInt32BE(0) / 2 ** 32

/** What a store says of a day; undefined when it says nothing. */
function statementOf(code: string, day: Day): TakenOver | undefined {
  const share = chance('opening', code, day)
  if (share < missingShare) return undefined
  const morning = 7 * 60 + 20 + Math.floor(chance('time', code, day) ** 2 * 170)
  const saidAt = new Date(startOfDay(day).getTime() + morning * 60_000 + Math.floor(chance('s', code, day) * 60_000))
  const said = { storeCode: code, note: '', saidAt }
  if (share >= missingShare + closedShare) return { ...said, state: 'open', reason: null, backOn: null }
  const reason = reasons[Math.floor(chance('reason', code, day) * reasons.length)]!
  return { ...said, state: 'closed', reason, backOn: addDays(day, 1 + Math.floor(chance('back', code, day) * 5)) }
}

const codesOf = (city: City): string[] => [...city.stores.map(({ code }) => code), demoStore.code]

/** The stores of the demo were there before its first day. */
export async function openStores(kernel: Kernel, city: City, startDay: Day): Promise<void> {
  await backdateStores(kernel, codesOf(city), startDay)
}

/**
 * What the stores have said since an instant, from the first day on without one; days that are there already stay as they
 * are.
 */
export async function checkInStores(
  kernel: Kernel,
  reference: Reference,
  city: City,
  { startDay, since }: { readonly startDay: Day; readonly since: Date | undefined },
): Promise<void> {
  const now = kernel.clock.now()
  const today = dayOf(now)
  for (let day = since ? dayOf(since) : startDay; day <= today; day = addDays(day, 1)) {
    // Whoever tries the demo checks the demo store in himself.
    const codes = day === today ? codesOf(city).filter((code) => code !== demoStore.code) : codesOf(city)
    const said = codes.flatMap((code) => statementOf(code, day) ?? [])
    await takeOver(
      kernel,
      reference,
      said.filter(({ saidAt }) => saidAt <= now && (!since || saidAt > since)),
    )
  }
}
