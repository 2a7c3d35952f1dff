import type { Destination } from '@vigil/contract'
import type { Input } from '../../kernel/api.ts'

export type CreateBody = Input<'sharing.create'>['body']
export type ChangeBody = Input<'sharing.change'>['body']

/** What the form holds: every field of every kind of schedule and receipt, so that changing to and fro loses nothing. */
export interface Values {
  name: string
  kind: Destination['kind']
  url: string
  areaCode: string
  algorithm: 'ed25519' | 'sm2'
  list: Destination['list']
  format: Destination['format']
  /** Empty for the list's own columns. */
  templateId?: string
  clear: boolean
  reason?: string
  schedule: { every: 'day' | 'hours' | 'week'; at: string; hours: number; weekday: number }
  cover: Destination['cover']
  receipt: { kind: 'status' | 'json'; field: string; value: string; number?: string; digest?: string; rows?: string }
  timeoutSeconds: number
  retrySeconds: number
  maxAttempts: number
  maxAgeHours: number
  secretHeader?: string
  secret?: string
  ca?: string
}

const blank = {
  schedule: { every: 'day' as const, at: '06:30', hours: 4, weekday: 1 },
  receipt: { kind: 'json' as const, field: 'code', value: '0' },
}

/** The form of a destination, or of a new one in an area. */
export function valuesOf(destination: Destination | undefined, areaCode: string | undefined): Partial<Values> {
  if (!destination)
    return {
      ...blank,
      kind: 'province',
      ...(areaCode ? { areaCode } : {}),
      algorithm: 'sm2',
      list: 'purchases',
      format: 'csv',
      clear: false,
      cover: 'since-acknowledged',
      timeoutSeconds: 60,
      retrySeconds: 30,
      maxAttempts: 12,
      maxAgeHours: 72,
    }
  const { schedule, receipt, secretHeader, ca, clearReason } = destination
  return {
    name: destination.name,
    kind: destination.kind,
    list: destination.list,
    url: destination.url,
    format: destination.format,
    clear: destination.clear,
    ...(destination.templateId ? { templateId: destination.templateId } : {}),
    cover: destination.cover,
    timeoutSeconds: destination.timeoutSeconds,
    retrySeconds: destination.retrySeconds,
    maxAttempts: destination.maxAttempts,
    maxAgeHours: destination.maxAgeHours,
    schedule: { ...blank.schedule, ...schedule },
    receipt: { ...blank.receipt, ...receipt },
    ...(secretHeader ? { secretHeader } : {}),
    ...(ca ? { ca } : {}),
    ...(clearReason ? { reason: clearReason } : {}),
  }
}

const filled = (text: string | undefined): string | undefined => text?.trim() || undefined

function scheduleOf({ every, at, hours, weekday }: Values['schedule']): ChangeBody['schedule'] {
  if (every === 'hours') return { every, hours }
  return every === 'day' ? { every, at } : { every, at, weekday }
}

function receiptOf(receipt: Values['receipt']): ChangeBody['receipt'] {
  if (receipt.kind === 'status') return { kind: 'status' }
  const [number, digest, rows] = [receipt.number, receipt.digest, receipt.rows].map(filled)
  return {
    kind: 'json',
    field: receipt.field.trim(),
    value: receipt.value.trim(),
    ...(number ? { number } : {}),
    ...(digest ? { digest } : {}),
    ...(rows ? { rows } : {}),
  }
}

/** What is sent of the form. */
export function bodyOf(values: Values): Omit<ChangeBody, 'revision'> {
  const [reason, secret] = [filled(values.reason), filled(values.secret)]
  return {
    name: values.name.trim(),
    kind: values.kind,
    url: values.url.trim(),
    format: values.format,
    templateId: values.format === 'xlsx' ? (values.templateId ?? null) : null,
    clear: values.clear,
    ...(values.clear && reason ? { reason } : {}),
    schedule: scheduleOf(values.schedule),
    cover: values.cover,
    receipt: receiptOf(values.receipt),
    timeoutSeconds: values.timeoutSeconds,
    retrySeconds: values.retrySeconds,
    maxAttempts: values.maxAttempts,
    maxAgeHours: values.maxAgeHours,
    secretHeader: filled(values.secretHeader) ?? null,
    ...(secret ? { secret } : {}),
    ca: filled(values.ca) ?? null,
  }
}
