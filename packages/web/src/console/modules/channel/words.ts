import type { ChannelTarget, TellDelivery } from '@vigil/contract'
import { channelKindNames, tellStatusNames } from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import type { Tone } from '../../ui/Mark.tsx'

/** Kind and hint of a target: 企业微信 · qyapi.weixin.qq.com …a1b2c3. */
export const addressText = ({ kind, hint }: Pick<ChannelTarget, 'kind' | 'hint'>): string =>
  t('{kind} · {hint}', { kind: channelKindNames[kind], hint })

/** State of a delivery in a word; one that failed and will be tried again is told from one that was not tried yet. */
export function deliveryState({ status, error }: Pick<TellDelivery, 'status' | 'error'>): { name: string; tone: Tone } {
  if (status === 'waiting' && error) return { name: t('失败待重试'), tone: 'warn' }
  const tones: Record<TellDelivery['status'], Tone> = { waiting: 'info', sent: 'good', dead: 'bad', dropped: 'idle' }
  return { name: tellStatusNames[status], tone: tones[status] }
}

/** What a target needs most to be known for. */
export function targetState({ active, dead, last }: Pick<ChannelTarget, 'active' | 'dead' | 'last'>): {
  name: string
  tone: Tone
} {
  if (!active) return { name: t('已停用'), tone: 'idle' }
  if (dead > 0 && last?.status !== 'sent') return { name: t('{count} 条未送达', { count: dead }), tone: 'bad' }
  if (last?.status === 'waiting' && last.error) return { name: t('失败待重试'), tone: 'warn' }
  return { name: t('正常'), tone: 'good' }
}

export const quietText = ({ quiet }: Pick<ChannelTarget, 'quiet'>): string =>
  quiet ? t('{from} 至 {to} 免打扰', { from: quiet.from, to: quiet.to }) : t('全天')
