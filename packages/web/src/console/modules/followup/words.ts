import type {
  EvidencePurchase,
  FollowupCause,
  FollowupDetail,
  FollowupGrade,
  FollowupItem,
  FollowupOutcome,
  FollowupSheet,
  FollowupState,
} from '@vigil/contract'
import { drugClassNames, symptomNames } from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import { formatTemperature } from '../../kernel/format.ts'
import type { Tone } from '../../ui/Mark.tsx'

export const causes: readonly FollowupCause[] = ['fever', 'repeat', 'classes', 'mobile', 'address', 'proxy']
export const causeNames: Record<FollowupCause, string> = {
  fever: t('发热或症状购药'),
  repeat: t('短期多次购药'),
  classes: t('短期购买多类药品'),
  mobile: t('一个手机号多人购药'),
  address: t('同一住址多人异常购药'),
  proxy: t('多次代他人购药'),
}
export const grades: readonly FollowupGrade[] = ['red', 'orange', 'yellow', 'blue']
export const gradeNames: Record<FollowupGrade, string> = {
  red: t('红色'),
  orange: t('橙色'),
  yellow: t('黄色'),
  blue: t('蓝色'),
}
export const states: readonly FollowupState[] = ['new', 'in-hand', 'handed', 'closed']
export const stateNames: Record<FollowupState, string> = {
  new: t('待随访'),
  'in-hand': t('随访中'),
  handed: t('已转交'),
  closed: t('已办结'),
}
export const stateTones: Record<FollowupState, Tone> = {
  new: 'warn',
  'in-hand': 'info',
  handed: 'info',
  closed: 'good',
}
export const outcomes: readonly FollowupOutcome[] = ['well', 'sent', 'tested', 'positive', 'unreachable', 'other']
export const outcomeNames: Record<NonNullable<FollowupItem['outcome']>, string> = {
  well: t('无恙'),
  sent: t('已引导发热门诊'),
  tested: t('已检测'),
  positive: t('阳性'),
  unreachable: t('失联'),
  other: t('其他'),
  withdrawn: t('登记已更正，不再随访'),
}
export const recipients: readonly FollowupSheet['recipient'][] = ['community', 'cdc', 'other']
export const recipientNames: Record<FollowupSheet['recipient'], string> = {
  community: t('社区'),
  cdc: t('疾控中心'),
  other: t('其他单位'),
}

/** Why a sheet that is sent by itself has not arrived; nothing while nothing failed. */
export function failureText(delivery: FollowupItem['delivery']): string | undefined {
  if (!delivery || delivery.state === 'received') return undefined
  if (delivery.state === 'refused') return t('未送达：{error}', { error: delivery.error ?? '' })
  return delivery.error ? t('尚未送达，将再试：{error}', { error: delivery.error }) : undefined
}

type Event = FollowupDetail['timeline'][number]
const eventNames: Record<Event['kind'], string> = {
  opened: t('列入随访'),
  joined: t('新增原因'),
  reopened: t('重新随访'),
  withdrawn: t('登记更正，撤回原因'),
  taken: t('承办'),
  assigned: t('指派给 {about}'),
  noted: t('随访情况'),
  handed: t('转交 {about}'),
  receipt: t('收到回执 {about}'),
  closed: t('办结'),
  revealed: t('查看个人信息明文 {about}'),
}

/** What happened, in a line. */
export function eventText({ kind, about, causes: list, outcome }: Event): string {
  const what = eventNames[kind].replace('{about}', about ?? '').trim()
  const more = [...list.map((cause) => causeNames[cause]), ...(outcome ? [outcomeNames[outcome]] : [])]
  return more.length > 0 ? t('{what}：{more}', { what, more: more.join(t('、')) }) : what
}

/** The figures behind a cause, in a sentence. */
export function causeText({ kind, detail }: FollowupDetail['causes'][number]): string {
  const { purchases = 0, days = 0, stores = 0, persons = 0 } = detail
  switch (kind) {
    case 'fever':
      return [
        detail.temperatureTenths ? t('最高体温 {value}', { value: formatTemperature(detail.temperatureTenths) }) : '',
        detail.symptoms?.length ? t('症状：{list}', { list: symptomText(detail.symptoms) }) : '',
      ]
        .filter(Boolean)
        .join(t('；'))
    case 'repeat':
      return t('{days} 天内在 {stores} 家药店购药 {purchases} 次', { days, stores, purchases })
    case 'classes':
      return t('{days} 天内购买 {list}', {
        days,
        list: (detail.classes ?? []).map((one) => drugClassNames[one]).join(t('、')),
      })
    case 'mobile':
      return t('{days} 天内有 {persons} 人用同一手机号购药', { days, persons })
    case 'address':
      return t('{days} 天内同一住址有 {persons} 人异常购药', { days, persons })
    case 'proxy':
      return t('{days} 天内代他人购药 {purchases} 次', { days, purchases })
  }
}

export const symptomText = (list: EvidencePurchase['symptoms']): string =>
  list.map((one) => symptomNames[one]).join(t('、'))

const minuteMs = 60_000
const dayMinutes = 1440

/** Time left until due, or time passed since, in days, hours or minutes; nothing for what is not due. */
export function dueText(dueAt: string | null, now: number): string {
  if (dueAt === null) return ''
  const minutes = Math.round((Date.parse(dueAt) - now) / minuteMs)
  const size = Math.abs(minutes)
  const value =
    size >= 2 * dayMinutes
      ? t('{count} 天', { count: Math.floor(size / dayMinutes) })
      : size >= 60
        ? t('{count} 小时', { count: Math.floor(size / 60) })
        : t('{count} 分钟', { count: size })
  return minutes < 0 ? t('已超期 {value}', { value }) : t('剩 {value}', { value })
}
