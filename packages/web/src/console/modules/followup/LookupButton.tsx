import { useMutation } from '@tanstack/react-query'
import { revealPurposeNames, revealPurposes } from '@vigil/contract/terms'
import { Button, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call, type Input as Sent } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { EmptyState, ProblemAlert } from '../../ui/states.tsx'
import { causeList, personName, StateMark } from './parts.tsx'

type Values = Sent<'followup.lookup'>['body']

/** Looks a person up by a number that is typed, for a purpose; the number stays in this dialog. */
export function LookupButton() {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    gcTime: 0,
    mutationFn: (body: Values) => call('followup.lookup', { body }),
    onError: (problem) => form.setFields(fieldMessages(problem) as never),
  })
  const close = () => setOpen(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('查人')}</Button>
      <Modal
        open={open}
        title={t('按号码查找随访对象')}
        footer={null}
        onCancel={close}
        afterClose={run.reset}
        destroyOnHidden
      >
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          clearOnDestroy
          initialValues={{ purpose: 'follow-up' }}
          onFinish={(values) => run.mutate({ ...values, number: values.number.trim(), reason: values.reason.trim() })}
        >
          <p className="hint">{t('只查本辖区；每次查询都记入审计日志，一小时内次数有限。')}</p>
          <Form.Item
            name="number"
            label={t('完整证件号码或手机号')}
            rules={[{ required: true, whitespace: true, message: t('请输入完整的证件号码或手机号') }]}
          >
            <Input maxLength={30} autoComplete="off" />
          </Form.Item>
          <Form.Item name="purpose" label={t('目的')}>
            <Radio.Group options={revealPurposes.map((value) => ({ value, label: revealPurposeNames[value] }))} />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('理由')}
            rules={[{ required: true, whitespace: true, message: t('请写明理由') }]}
          >
            <Input.TextArea rows={2} maxLength={300} />
          </Form.Item>
          <ProblemAlert error={run.error} />
          <Button type="primary" htmlType="submit" loading={run.isPending}>
            {t('查找')}
          </Button>
        </Form>
        {run.data ? (
          run.data.items.length === 0 ? (
            <EmptyState text={t('本辖区没有此人的随访')} />
          ) : (
            <ul className="plain follow-found" aria-label={t('查到的随访对象')}>
              {run.data.items.map((item) => (
                <li key={item.id}>
                  <ScopeLink to={`/followups/${item.id}`} onClick={close}>
                    {personName(item)} {item.number}
                  </ScopeLink>
                  <StateMark item={item} />
                  <div className="muted">{causeList(item)}</div>
                </li>
              ))}
            </ul>
          )
        ) : null}
      </Modal>
    </>
  )
}
