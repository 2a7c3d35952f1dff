import { useQuery } from '@tanstack/react-query'
import type { FollowupSheet } from '@vigil/contract'
import { App, AutoComplete, Form, Input, Radio } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { FormDialog } from './FormDialog.tsx'
import { refresh } from './refresh.ts'
import { recipientNames, recipients } from './words.ts'

interface Values {
  recipient: FollowupSheet['recipient']
  recipientName: string
}

/** Name of who is given the persons; those who get them by themselves are offered. */
function RecipientName() {
  const recipient = Form.useWatch('recipient') as Values['recipient'] | undefined
  const name = (Form.useWatch('recipientName') as string | undefined)?.trim()
  const query = useQuery({ queryKey: [...keys.followups, 'recipients'], queryFn: () => call('followup.recipients') })
  const known = (query.data?.items ?? []).filter((one) => one.recipient === recipient)
  const direct = known.some((one) => one.name === name)
  return (
    <Form.Item
      name="recipientName"
      label={t('接收单位')}
      rules={[{ required: true, whitespace: true, message: t('请填写接收单位') }]}
      extra={
        direct
          ? t('已接入：生成后自动送达，回执自动登记')
          : known.length > 0
            ? t('可自动送达：{list}', { list: known.map((one) => one.name).join(t('、')) })
            : undefined
      }
    >
      <AutoComplete
        options={known.map(({ name: value, areaName }) => ({ value, label: `${value}（${areaName}）` }))}
        showSearch={{ filterOption: (typed, option) => option?.value?.includes(typed.trim()) ?? false }}
      >
        <Input maxLength={60} placeholder={t('如 青阳街道象山社区')} />
      </AutoComplete>
    </Form.Item>
  )
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
      onDone={({ number, delivery }) => {
        refresh()
        onDone?.()
        const text = delivery
          ? t('已生成 {number}，正在送达', { number })
          : t('已生成 {number}，可在“转交单”中下载并登记回执', { number })
        void message.success(text, 6)
      }}
    >
      <p className="hint">
        {t('生成有编号的转交单。收到回执后在转交单上登记，已接入的单位自动送达并登记；结果由接收单位反馈后办结。')}
      </p>
      <Form.Item name="recipient" label={t('转交给')}>
        <Radio.Group options={recipients.map((value) => ({ value, label: recipientNames[value] }))} />
      </Form.Item>
      <RecipientName />
    </FormDialog>
  )
}
