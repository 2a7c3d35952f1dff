import type { Attempt, Delivery, Destination, SharingSchedule } from '@vigil/contract'
import { t } from '../../../text.ts'
import type { Tone } from '../../ui/Mark.tsx'

export const kindNames: Record<Destination['kind'], string> = {
  province: t('省级直报'),
  'digital-office': t('数字办'),
  'medical-insurance': t('医保'),
  community: t('社区'),
  cdc: t('疾控中心'),
  other: t('其他'),
}
export const listNames: Record<Destination['list'], string> = {
  purchases: t('购药登记'),
  reimbursements: t('医保结算比对（停售期间）'),
  'joint-inspections': t('联合检查名单'),
  followups: t('随访转交'),
}
export const formatNames: Record<Destination['format'], string> = { csv: 'CSV', xlsx: 'XLSX', jsonl: t('JSON 行') }
export const algorithmNames = { ed25519: 'Ed25519', sm2: t('国密 SM2') } as const
export const keyStateNames = { next: t('待启用'), active: t('使用中'), retired: t('已停用') } as const
export const coverNames: Record<Destination['cover'], string> = {
  yesterday: t('昨天一天'),
  'since-acknowledged': t('自上次签收以来'),
}
export const deliveryKindNames: Record<Delivery['kind'], string> = {
  scheduled: t('定时'),
  manual: t('手工'),
  handover: t('转交'),
  test: t('试推送'),
}
export const weekdayNames = [t('周一'), t('周二'), t('周三'), t('周四'), t('周五'), t('周六'), t('周日')]

/** When a destination is sent to, in words. */
export const whenText = ({ list, schedule }: Pick<Destination, 'list' | 'schedule'>): string =>
  list === 'followups' ? t('转交时即送') : scheduleText(schedule)

/** A schedule in words. */
export function scheduleText(schedule: SharingSchedule): string {
  if (schedule.every === 'hours') return t('每 {hours} 小时', { hours: schedule.hours })
  if (schedule.every === 'day') return t('每天 {at}', { at: schedule.at })
  return t('每{day} {at}', { day: weekdayNames[schedule.weekday - 1] ?? '', at: schedule.at })
}

interface State {
  readonly name: string
  readonly tone: Tone
}

/** State of a delivery in a word. One that failed and will be tried again is told from one that has not been tried. */
export function deliveryState(delivery: Pick<Delivery, 'status' | 'error'>): State {
  switch (delivery.status) {
    case 'acknowledged':
      return { name: t('已签收'), tone: 'good' }
    case 'dead':
      return { name: t('未送达'), tone: 'bad' }
    case 'held':
      return { name: t('已暂缓'), tone: 'bad' }
    case 'closed':
      return { name: t('不再推送'), tone: 'idle' }
    default:
      return delivery.error ? { name: t('失败待重试'), tone: 'warn' } : { name: t('推送中'), tone: 'info' }
  }
}

const attemptStates: Record<Attempt['outcome'], State> = {
  running: { name: t('推送中'), tone: 'info' },
  acknowledged: { name: t('已签收'), tone: 'good' },
  failed: { name: t('失败'), tone: 'bad' },
  unknown: { name: t('结果不明'), tone: 'warn' },
}
export const attemptState = ({ outcome }: Pick<Attempt, 'outcome'>): State => attemptStates[outcome]

/** What a destination needs most to be known for. */
export function destinationState(destination: Pick<Destination, 'state' | 'dead' | 'failing'>): State {
  if (destination.dead > 0) return { name: t('{count} 次未送达', { count: destination.dead }), tone: 'bad' }
  if (destination.failing > 0) return { name: t('{count} 次待重试', { count: destination.failing }), tone: 'warn' }
  return destination.state === 'paused' ? { name: t('已暂停'), tone: 'idle' } : { name: t('正常'), tone: 'good' }
}
