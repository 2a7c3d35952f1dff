import { t } from '../../text.ts'
import { go } from '../router.ts'
import type { TradeBody } from '../scan/movement.ts'
import { messageOf, say } from '../session.ts'
import { refused, submit, waiting } from './work.ts'

/**
 * Keeps movements on the device and sends them; says whether they are through, wait for the network, or were refused.
 * @returns whether they are kept: the session may be cleared
 */
export async function finish(title: string, bodies: readonly TradeBody[], next: string): Promise<boolean> {
  const before = refused.value.length
  try {
    await submit(bodies.map((body) => ({ title, work: { kind: 'trade', body } })))
  } catch (error) {
    say(t('没有保存：{message}', { message: messageOf(error) }), 'warn')
    return false
  }
  if (refused.value.length > before) {
    say(t('被退回，请看原因'), 'warn')
    go('/outbox')
  } else {
    say(waiting.value.length > 0 ? t('已存在本机，联网后自动上传') : t('{title}：已登记', { title }))
    go(next)
  }
  return true
}
