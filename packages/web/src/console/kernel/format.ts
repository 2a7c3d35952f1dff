import type { AreaNode } from '@vigil/contract'
import { t } from '../../text.ts'

const number = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 0 })
const percent = new Intl.NumberFormat('zh-CN', { style: 'percent', maximumFractionDigits: 1 })
const moment = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

/** 12345 → 12,345. */
export const formatCount = (value: number): string => number.format(value)

/** Share of a whole as a percentage with one decimal; '—' of nothing. */
export const formatShare = (part: number, whole: number): string => (whole > 0 ? percent.format(part / whole) : '—')

/** Instant → '2022-03-14 14:05' in Asia/Shanghai; '—' for null or what is no instant. */
export function formatTime(value: string | null | undefined): string {
  const date = value ? new Date(value) : undefined
  return date && !Number.isNaN(date.getTime()) ? moment.format(date) : '—'
}

/** '2022-03-14' → '3月14日'. */
export const formatDay = (day: string): string =>
  t('{month}月{date}日', { month: Number(day.slice(5, 7)), date: Number(day.slice(8, 10)) })

/** One day as itself, several as 'from 至 to'. */
export const formatPeriod = (from: string, to: string): string =>
  from === to ? from : t('{from} 至 {to}', { from, to })

/** Bytes as B, KB or MB with at most one decimal. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1_048_576) return `${(bytes / 1024).toFixed(1)} KB`
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}

/** Tenths of a degree → '37.3 ℃'. */
export const formatTemperature = (tenths: number | null): string =>
  tenths === null ? '—' : `${(tenths / 10).toFixed(1)} ℃`

export interface Change {
  readonly direction: 'up' | 'down' | 'same' | 'none'
  readonly text: string
}

/** Change against an earlier figure; nothing to compare with when that was 0. */
export function changeOf(now: number, before: number): Change {
  if (before === 0) return { direction: 'none', text: now === 0 ? t('与上周持平') : t('上周同期为 0') }
  if (now === before) return { direction: 'same', text: t('与上周持平') }
  const share = percent.format(Math.abs(now - before) / before)
  return now > before
    ? { direction: 'up', text: t('升 {share}', { share }) }
    : { direction: 'down', text: t('降 {share}', { share }) }
}

export const levelNames: Record<AreaNode['level'], string> = {
  province: t('省'),
  city: t('市'),
  county: t('县（市、区）'),
  office: t('所'),
  grid: t('网格'),
}
