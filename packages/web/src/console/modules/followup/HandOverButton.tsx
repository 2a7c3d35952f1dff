import type { FollowupSheet } from '@vigil/contract'
import { App, Form, Input, Radio } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { FormDialog } from './FormDialog.tsx'
import { refresh } from './refresh.ts'
import { recipientNames, recipients } from './words.ts'

interface Values {
  recipient: FollowupSheet['recipient']
  recipientName: string
}

/** Hands persons over to a community or a CDC by a numbered sheet. */
export function HandOverButton({ ids, onDone }: { readonly ids: readonly string[]; readonly onDone?: () => void }) {
  const { message } = App.useApp()
  return (
    <FormDialog<Values, FollowupSheet>
      label={t('转交')}
      title={t('转交 {count} 人', { count: formatCount(ids.length) })}
      okText={t('生成转交单')}
      initial={{ recipient: 'community' }}
      submit={({ recipient, recipientName }) =>
        call('followup.hand-over', { body: { ids: [...ids], recipient, recipientName: recipientName.trim() } })
      }
      onDone={({ number }) => {
        refresh()
        onDone?.()
        void message.success(t('已生成 {number}，可在“转交单”中下载并登记回执', { number }), 6)
      }}
    >
      <p className="hint">{t('生成有编号的转交单。收到回执后在转交单上登记；结果由接收单位反馈后办结。')}</p>
      <Form.Item name="recipient" label={t('转交给')}>
        <Radio.Group options={recipients.map((value) => ({ value, label: recipientNames[value] }))} />
      </Form.Item>
      <Form.Item
        name="recipientName"
        label={t('接收单位')}
        rules={[{ required: true, whitespace: true, message: t('请填写接收单位') }]}
      >
        <Input maxLength={60} placeholder={t('如 青阳街道象山社区')} />
      </Form.Item>
    </FormDialog>
  )
}
