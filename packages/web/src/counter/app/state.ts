import { computed, signal } from '@preact/signals'
import type { Clinic, DrugPackLine, PurchaseItem } from '@vigil/contract'
import type { SyncTrouble } from '../../device/sync.ts'
import type { AreaBook, TreeNode } from '../core/area.ts'
import type { Correction } from '../core/correction.ts'
import { type Draft, emptyDraft, type KnownBuyer } from '../core/draft.ts'
import type { Entry } from '../core/entry.ts'
import type { Field, FieldProblem } from '../core/field.ts'
import { type Session, startingSession } from '../core/session.ts'
import type { KeptOrders } from '../core/stop.ts'

export type Page = 'form' | 'done' | 'today' | 'correct' | 'tasks'
/** Step that is open: 1 document, 2 person, 3 drugs and symptoms. */
export type Step = 1 | 2 | 3

export interface Toast {
  readonly text: string
  readonly tone: 'ok' | 'warn'
}

/** What the screens show, as signals; only `actions` change them. */
export const session = signal<Session>(startingSession)
export const storeCode = signal('')
export const page = signal<Page>('form')
export const step = signal<Step>(1)
export const draft = signal<Draft>(emptyDraft())
/** Lookup result of the number that is typed now; kept so that "unchanged" can be taken back. */
export const known = signal<KnownBuyer | null>(null)
/** Why the returning-buyer question could not be asked; '' when it could. */
export const lookupNote = signal('')
export const problems = signal<readonly FieldProblem[]>([])
/** Refusal by a stop-sale order, shown with its name and dates. */
export const refusal = signal<{ title: string; detail: string; from: string; to: string | null } | null>(null)
export const focus = signal<{ field: Field; tick: number } | null>(null)
export const submitting = signal(false)
export const doneId = signal('')
export const parked = signal<Draft | null>(null)
export const online = signal(true)
export const skew = signal(0)
export const durable = signal(true)
export const secure = signal(true)
export const storageLow = signal(false)
export const entries = signal<readonly Entry[]>([])
export const trouble = signal<SyncTrouble>(null)
export const syncing = signal(false)
export const pack = signal<readonly DrugPackLine[] | null>(null)
export const packProblem = signal('')
/** Stop-sale orders of the store; null until they were fetched once. */
export const stops = signal<KeptOrders | null>(null)
export const recent = signal<readonly string[]>([])
export const clinics = signal<readonly Clinic[]>([])
export const tree = signal<readonly TreeNode[]>([])
export const areas = signal<AreaBook | null>(null)
export const recentAreas = signal<readonly string[]>([])
export const homeCounty = signal('')
export const todayItems = signal<readonly PurchaseItem[]>([])
export const todayState = signal<'idle' | 'loading' | 'ready' | 'offline'>('idle')
export const todayProblem = signal('')
/** What the store has to do besides selling: the sum over the sections of the task sheet. */
export const taskCount = signal({ open: 0, overdue: 0 })
export const correction = signal<Correction | null>(null)
export const toast = signal<Toast | null>(null)
/** Device milliseconds, moved every second while something counts down. */
export const clock = signal(Date.now())

export const waitingCount = computed(
  () => entries.value.filter((entry) => entry.state === 'waiting' && entry.body !== 'unreadable').length,
)
export const refusedCount = computed(
  () =>
    entries.value.filter(
      (entry) => entry.state === 'refused' || (entry.body === 'unreadable' && entry.state === 'waiting'),
    ).length,
)
export const doneEntry = computed(() => entries.value.find((entry) => entry.id === doneId.value))

/** Message at a place of the form; '' when there is none. */
export const problemAt = (field: Field): string => problems.value.find((one) => one.field === field)?.message ?? ''

/** Shows a short message; it is read out by screen readers. */
export function say(text: string, tone: Toast['tone'] = 'ok'): void {
  toast.value = { text, tone }
}

let ticks = 0
/** Asks the form to scroll to a place and focus it. */
export function focusOn(field: Field): void {
  ticks += 1
  focus.value = { field, tick: ticks }
}
