import type { StoreItem } from '@vigil/contract'
import { t } from '../../../text.ts'
import { Mark } from '../../ui/Mark.tsx'

export const statusNames: Record<StoreItem['status'], string> = {
  active: t('营业'),
  suspended: t('暂停'),
  closed: t('注销'),
}
export const accountNames = {
  none: t('未生成'),
  invited: t('待激活'),
  active: t('已启用'),
  disabled: t('已停用'),
} as const

const tones = { active: 'good', suspended: 'warn', closed: 'idle' } as const

export function StoreStatus({ status }: { status: StoreItem['status'] }) {
  return <Mark tone={tones[status]}>{statusNames[status]}</Mark>
}
