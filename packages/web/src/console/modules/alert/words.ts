import type { Alert, AlertStep } from '@vigil/contract'
import {
  alertClassNames,
  alertExplanationNames,
  alertFindingNames,
  alertStateNames,
  alertStepNames,
} from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import type { Tone } from '../../ui/Mark.tsx'

const tones: Readonly<Record<Alert['state'], Tone>> = {
  new: 'bad',
  taken: 'warn',
  checking: 'warn',
  found: 'info',
  closed: 'good',
  faded: 'idle',
  merged: 'idle',
}

/** State of an alert in a word. */
export const stateOf = ({ state }: Pick<Alert, 'state'>): { name: string; tone: Tone } => ({
  name: alertStateNames[state],
  tone: tones[state],
})

export const isOpen = ({ state }: Pick<Alert, 'state'>): boolean =>
  state === 'new' || state === 'taken' || state === 'checking' || state === 'found'

/** Finding with its explanation, in a word. */
export function findingText({ finding, explanation }: Pick<Alert, 'finding' | 'explanation'>): string {
  if (!finding) return '—'
  const name = alertFindingNames[finding]
  return explanation ? `${name} · ${alertExplanationNames[explanation]}` : name
}

/** Where and what: 晋江市、南安市 退热类. */
export function placeText({ places, beyond }: Pick<Alert, 'places' | 'beyond'>): string {
  const names = places.slice(0, 3).map(({ name }) => name)
  const shown =
    places.length > 3 ? t('{names} 等 {count} 处', { names: names.join('、'), count: places.length }) : names.join('、')
  return beyond > 0 ? t('{shown}（另有辖区外 {beyond} 个县）', { shown, beyond }) : shown
}

export const classText = ({ class: name }: Pick<Alert, 'class'>): string => alertClassNames[name]

export const headline = (alert: Alert): string =>
  t('{place}{class}需求异常', { place: placeText(alert), class: classText(alert) })

export const stepName = ({ kind }: Pick<AlertStep, 'kind'>): string => alertStepNames[kind]

/** A length of time for a person. @param minutes 0 or more */
export function spanText(minutes: number): string {
  if (minutes < 60) return t('{count} 分钟', { count: Math.floor(minutes) })
  const hours = Math.floor(minutes / 60)
  const rest = Math.floor(minutes % 60)
  if (minutes < 2880) return rest === 0 ? t('{hours} 小时', { hours }) : t('{hours} 小时 {rest} 分', { hours, rest })
  return t('{days} 天', { days: Math.floor(minutes / 1440) })
}

const minuteMs = 60_000

/** The response clock of an alert at `now` (ms): answered after, due in, overdue by. */
export function clockOf(
  alert: Pick<Alert, 'openedAt' | 'dueAt' | 'answeredAt' | 'state'>,
  now: number,
): { text: string; tone: Tone } {
  const opened = Date.parse(alert.openedAt)
  const due = Date.parse(alert.dueAt)
  if (alert.answeredAt) {
    const answered = Date.parse(alert.answeredAt)
    const text = t('{span}后响应', { span: spanText(Math.max(0, answered - opened) / minuteMs) })
    return answered <= due ? { text, tone: 'good' } : { text: t('{text}，超时', { text }), tone: 'warn' }
  }
  if (alert.state !== 'new') return { text: t('无人响应'), tone: 'idle' }
  const left = due - now
  if (left < 0) return { text: t('已超时 {span}', { span: spanText(-left / minuteMs) }), tone: 'bad' }
  return { text: t('剩余 {span}', { span: spanText(left / minuteMs) }), tone: left < 15 * minuteMs ? 'warn' : 'info' }
}
