/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../../text.ts'
import type { Pack } from '../scan/movement.ts'
import * as state from '../state.ts'
import { shortTime } from '../words.ts'
import { durable, openWork, pack, packProblem, refreshPack } from './work.ts'

/** A page that needs to know stock and arriving goods: from the server, or as they were last known. */
export function WithPack({ children }: { readonly children: (pack: Pack) => ComponentChildren }) {
  useEffect(() => {
    openWork()
    void refreshPack()
  }, [])
  const known = pack.value
  if (!known)
    return packProblem.value === '' ? (
      <p class="loading">{t('正在读取库存…')}</p>
    ) : (
      <div class="empty-state" role="alert">
        <p>{packProblem.value}</p>
        <button type="button" class="secondary" onClick={() => void refreshPack()}>
          {t('重试')}
        </button>
      </div>
    )
  return (
    <div class="work">
      {packProblem.value !== '' && <p class="muted as-of">{t('按 {time} 的库存', { time: shortTime(known.at) })}</p>}
      {!durable.value && <p class="note warn">{t('这台设备不能保存数据：关闭网页前请先等全部上传。')}</p>}
      {packProblem.value !== '' && state.online.value && <p class="note warn">{packProblem.value}</p>}
      {known.cut && <p class="note warn">{t('库存太多，本机只存了一部分；没有存到的箱会显示为不在清单里。')}</p>}
      {children(known)}
    </div>
  )
}
