import { useMutation } from '@tanstack/react-query'
import type { Destination, SharingKey } from '@vigil/contract'
import { App, Button } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { algorithmNames, keyStateNames } from './words.ts'

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.sharing })

function CopyKey({ item }: { item: SharingKey }) {
  const { message } = App.useApp()
  const copy = () =>
    navigator.clipboard
      .writeText(item.publicKey)
      .then(() => message.success(t('已复制公钥')))
      .catch(() => message.warning(t('浏览器不允许复制')))
  return (
    <Button size="small" aria-label={t('复制公钥 {id}', { id: item.id })} onClick={() => void copy()}>
      {t('复制公钥')}
    </Button>
  )
}

/** Signing keys: the public ones to be handed to the recipient, and their change in two steps. */
export function KeyPanel({ destination }: { destination: Destination }) {
  const can = useCan()
  const { id } = destination
  const shown = destination.keys.filter(({ state }) => state !== 'retired')
  const active = shown.find(({ state }) => state === 'active')
  const prepare = useMutation({
    mutationFn: () => call('sharing.prepare-key', { params: { id }, body: { algorithm: active?.algorithm ?? 'sm2' } }),
    onSuccess: refresh,
  })
  return (
    <section>
      <h2 className="sub">{t('签名密钥')}</h2>
      <p className="hint">{t('请把公钥交给接收方，用来核对推送确由本系统发出。')}</p>
      <ul className="device-list">
        {shown.map((item) => (
          <li key={item.id}>
            <div>
              <span className="number">{item.id}</span>{' '}
              <Mark tone={item.state === 'active' ? 'good' : 'info'}>{keyStateNames[item.state]}</Mark>
              <div className="muted">
                {algorithmNames[item.algorithm]} · {formatTime(item.createdAt)}
              </div>
            </div>
            <div className="drawer-actions">
              <CopyKey item={item} />
              {item.state === 'next' && can('sharing.manage') ? (
                <ConfirmButton
                  label={t('启用')}
                  title={t('启用新密钥')}
                  button={{ size: 'small', type: 'primary' }}
                  onConfirm={() => call('sharing.activate-key', { params: { id, keyId: item.id } })}
                  onDone={refresh}
                >
                  <p>{t('请确认接收方已登记新公钥。启用后旧私钥立即销毁，不能退回。')}</p>
                </ConfirmButton>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      {can('sharing.manage') && !shown.some(({ state }) => state === 'next') ? (
        <Button size="small" loading={prepare.isPending} onClick={() => prepare.mutate()}>
          {t('生成新密钥')}
        </Button>
      ) : null}
      <ProblemAlert error={prepare.error} />
    </section>
  )
}
