import { useQuery } from '@tanstack/react-query'
import type { ColdContact } from '@vigil/contract'
import { Button, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { FormButton } from './FormButton.tsx'

/** Ways in which a business is told. */
export const wayNames: Readonly<Record<ColdContact['kind'], string>> = { webhook: t('系统接口'), sms: t('短信') }

interface Address {
  readonly kind: ColdContact['kind']
  readonly name: string
  readonly address: string
  readonly secret?: string
}

function AddContact({ holderId, sms }: { readonly holderId: string; readonly sms: boolean }) {
  const required = (message: string) => [{ required: true, whitespace: true, message }]
  return (
    <FormButton<Address>
      label={t('添加通知方式')}
      title={t('添加通知方式')}
      okText={t('添加')}
      initial={{ kind: 'sms' }}
      submit={({ secret, ...body }) =>
        call('cold-contact.add', { params: { id: holderId }, body: { ...body, secret: secret ?? '' } })
      }
    >
      <Form.Item
        name="kind"
        label={t('方式')}
        extra={sms ? undefined : t('短信网关未配置，短信暂不发送；配置后自动启用。')}
      >
        <Radio.Group
          optionType="button"
          options={[
            { value: 'sms', label: wayNames.sms },
            { value: 'webhook', label: wayNames.webhook },
          ]}
        />
      </Form.Item>
      <Form.Item name="name" label={t('名称')} rules={required(t('请填写名称'))}>
        <Input maxLength={60} placeholder={t('如 库管值班手机')} />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {({ getFieldValue }) => {
          const hook = getFieldValue('kind') === 'webhook'
          return (
            <>
              <Form.Item
                name="address"
                label={hook ? t('Webhook 地址') : t('手机号')}
                rules={required(hook ? t('请填写地址') : t('请填写手机号'))}
              >
                <Input
                  maxLength={500}
                  autoComplete="off"
                  inputMode={hook ? 'url' : 'numeric'}
                  {...(hook ? { placeholder: 'https://' } : {})}
                />
              </Form.Item>
              {hook ? (
                <Form.Item
                  name="secret"
                  label={t('签名密钥')}
                  extra={t('对方用它核对 Vigil-Signature（HMAC-SHA256）。')}
                >
                  <Input.Password maxLength={200} autoComplete="off" />
                </Form.Item>
              ) : null}
            </>
          )
        }}
      </Form.Item>
    </FormButton>
  )
}

/** How a business is told of recalls, and to change it. */
export function Contacts({ holderId, holderName }: { readonly holderId: string; readonly holderName: string }) {
  const can = useCan()
  const [open, setOpen] = useState(false)
  const list = useQuery({
    queryKey: [...keys.coldchain, 'contacts', holderId],
    queryFn: ({ signal }) => call('cold-contact.list', { params: { id: holderId }, signal }),
    enabled: open,
  })
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('通知方式')}
      </Button>
      <Modal
        open={open}
        title={t('{holder} 的通知方式', { holder: holderName })}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <div className="stack">
          <DataTable<ColdContact>
            label={t('通知方式')}
            rowKey="id"
            rows={list.data?.items}
            error={list.error}
            retry={() => void list.refetch()}
            minWidth={380}
            empty={t('只在平台内通知；可添加短信或系统接口')}
            columns={[
              {
                title: t('名称'),
                key: 'name',
                render: (_, row) => (
                  <>
                    <div>{row.name}</div>
                    <div className="muted">
                      {wayNames[row.kind]} · {row.hint}
                    </div>
                  </>
                ),
              },
              {
                title: t('办理'),
                key: 'act',
                width: 90,
                render: (_, row) =>
                  can('coldchain.operate') ? (
                    <ConfirmButton
                      label={t('移除')}
                      title={t('移除 {name}', { name: row.name })}
                      button={{ size: 'small', danger: true }}
                      onConfirm={() => call('cold-contact.remove', { params: { id: holderId, contactId: row.id } })}
                      onDone={() => void queryClient.invalidateQueries({ queryKey: keys.coldchain })}
                    />
                  ) : null,
              },
            ]}
          />
          {can('coldchain.operate') && list.data ? <AddContact holderId={holderId} sms={list.data.sms} /> : null}
        </div>
      </Modal>
    </>
  )
}
