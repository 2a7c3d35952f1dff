import { computed, signal } from '@preact/signals'
import type { Me, ResponseOf } from '@vigil/contract'
import type { ColdContract } from './routes.ts'

export type Desk = ResponseOf<ColdContract['cold-desk.me']>
export type Holder = Desk['holders'][number]

/** Who is signed in: undefined until it is known, null for nobody. */
export const me = signal<Me | null | undefined>(undefined)
/** For whom he acts and what waits; null until it was fetched. */
export const desk = signal<Desk | null>(null)
/** Why it could not be fetched. */
export const deskProblem = signal('')
export const online = signal(true)
/** Business that was picked, of those that the account acts for. */
export const picked = signal<string | null>(null)
/** The business for which the screens act. */
export const holder = computed<Holder | null>(() => {
  const all = desk.value?.holders ?? []
  return all.find(({ id }) => id === picked.value) ?? all[0] ?? null
})
/** What waits for that business. */
export const tasks = computed(() => (desk.value?.tasks ?? []).filter(({ holderId }) => holderId === holder.value?.id))
/** A short message at the foot of the page. */
export const toast = signal<{ readonly text: string; readonly tone: 'ok' | 'warn' } | null>(null)
/** Why somebody was signed out. */
export const signedOut = signal('')
