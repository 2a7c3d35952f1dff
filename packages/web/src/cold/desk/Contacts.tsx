/** @jsxImportSource preact */
import type { ColdContact } from '@vigil/contract'
import { useCallback, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { Choose } from '../ui/Choose.tsx'
import { Fetching } from '../ui/Fetching.tsx'
import { Line } from '../ui/Line.tsx'
import { useCall } from './useCall.ts'

type Kind = ColdContact['kind']
const kindName = (kind: Kind) => (kind === 'sms' ? t('短信') : t('系统接口'))

function AddForm({ holderId, sms, onDone }: { holderId: string; sms: boolean; onDone: () => void }) {
  const [kind, setKind] = useState<Kind>('sms')
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const [secret, setSecret] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const onAdd = async () => {
    setBusy(true)
    setProblem('')
    try {
      const body = { kind, name: name.trim(), address: address.trim(), secret: kind === 'webhook' ? secret : '' }
      await call('cold-contact.add', { params: { id: holderId }, body })
      setName('')
      setAddress('')
      setSecret('')
      say(t('已添加'))
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section class="card">
      <h2>{t('添加通知方式')}</h2>
      <Choose
        id="contact-kind"
        label={t('方式')}
        options={(['sms', 'webhook'] as const).map((value) => ({ value, label: kindName(value) }))}
        value={kind}
        onPick={(value) => setKind(value === 'webhook' ? 'webhook' : 'sms')}
      />
      {kind === 'sms' && !sms && <p class="note">{t('短信网关还没有配置，先登记，配置后自动发送。')}</p>}
      <Line id="contact-name" label={t('名称')} hint={t('如 库管值班')} value={name} onInput={setName} maxLength={60} />
      <Line
        id="contact-address"
        label={kind === 'sms' ? t('手机号') : t('Webhook 地址')}
        {...(kind === 'sms' ? { mode: 'numeric' as const } : {})}
        value={address}
        onInput={setAddress}
        maxLength={kind === 'sms' ? 11 : 500}
      />
      {kind === 'webhook' && (
        <Line
          id="contact-secret"
          label={t('签名密钥')}
          hint={t('选填')}
          value={secret}
          onInput={setSecret}
          maxLength={200}
        />
      )}
      <p class="problem" role="alert">
        {problem}
      </p>
      <button
        type="button"
        class="primary submit-button"
        disabled={busy || name.trim() === '' || address.trim() === ''}
        onClick={() => void onAdd()}
      >
        {t('添加')}
      </button>
    </section>
  )
}

/** How this business is told of recalls besides this page: set by itself, masked once it is set. */
export default function Contacts({ holder }: PageProps) {
  const { id } = holder
  const fetched = useCall(useCallback(() => call('cold-contact.list', { params: { id } }), [id]))
  const [asked, setAsked] = useState('')
  const onRemove = async (contactId: string) => {
    if (asked !== contactId) return setAsked(contactId)
    try {
      await call('cold-contact.remove', { params: { id, contactId } })
      fetched.again()
    } catch (error) {
      say(messageOf(error), 'warn')
    }
  }
  return (
    <Fetching of={fetched}>
      {({ items, sms }) => (
        <>
          <section class="card">
            <h2>{t('召回通知方式')}</h2>
            <p class="muted">{t('召回通知总会出现在首页；在这里添加的方式会同时收到。')}</p>
            <ul class="papers">
              {items.map((contact) => (
                <li key={contact.id}>
                  <div class="row-head">
                    <div>
                      <strong>{contact.name}</strong>
                      <p class="muted">
                        {kindName(contact.kind)} · {contact.hint}
                      </p>
                    </div>
                    <button type="button" class="small-button" onClick={() => void onRemove(contact.id)}>
                      {asked === contact.id ? t('确认移除') : t('移除')}
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          </section>
          <AddForm holderId={id} sms={sms} onDone={fetched.again} />
        </>
      )}
    </Fetching>
  )
}
