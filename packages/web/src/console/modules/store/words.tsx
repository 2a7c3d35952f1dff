import type { StoreItem } from '@vigil/contract'
import { Mark } from '../../ui/Mark.tsx'

export const statusNames: Record<StoreItem['status'], string> = { active: '营业', suspended: '暂停', closed: '注销' }
export const accountNames = { none: '未生成', invited: '待激活', active: '已启用', disabled: '已停用' } as const

const tones = { active: 'good', suspended: 'warn', closed: 'idle' } as const

export function StoreStatus({ status }: { status: StoreItem['status'] }) {
  return <Mark tone={tones[status]}>{statusNames[status]}</Mark>
}
