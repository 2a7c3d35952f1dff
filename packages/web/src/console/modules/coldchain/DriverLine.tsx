import { useMutation } from '@tanstack/react-query'
import type { ColdDeclarationDetail } from '@vigil/contract'
import { revealPurposes } from '@vigil/contract/terms'
import { Button, Descriptions, Form, Input, Modal, Radio } from 'antd'
import { useEffect, useState } from 'react'
import { revealPurposeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { useCan } from '../../kernel/session.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

/** For how long the clear text stays on the screen, in ms. */
const shownMs = 60_000

interface Values {
  purpose: (typeof revealPurposes)[number]
  reason: string
}

function RevealButton({ id }: { readonly id: string }) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const { data, error, isPending, mutate, reset } = useMutation({
    gcTime: 0,
    mutationFn: (body: Values) => call('cold-declaration.reveal-driver', { params: { id }, body }),
    onError: (problem) => form.setFields(fieldMessages(problem) as never),
  })
  useEffect(() => {
    if (!data) return
    const timer = setTimeout(() => setOpen(false), shownMs)
    return () => clearTimeout(timer)
  }, [data])
  return (
    <>
      <Button size="small" icon={<Icon name="reveal" />} onClick={() => setOpen(true)}>
        {t('查看明文')}
      </Button>
      <Modal
        open={open}
        title={t('查看司机明文')}
        footer={null}
        onCancel={() => setOpen(false)}
        afterClose={reset}
        destroyOnHidden
      >
        {data ? (
          <div className="stack">
            <Descriptions
              column={1}
              bordered
              size="small"
              items={[
                { key: 'name', label: t('姓名'), children: data.name },
                { key: 'mobile', label: t('手机'), children: data.mobile },
                { key: 'vehicle', label: t('车牌号'), children: data.vehicle },
              ]}
            />
            <p className="hint">{t('一分钟后自动隐藏')}</p>
          </div>
        ) : (
          <Form
            form={form}
            layout="vertical"
            requiredMark={false}
            clearOnDestroy
            onFinish={({ purpose, reason }) => mutate({ purpose, reason: reason.trim() })}
          >
            <p className="hint">{t('谁、何时、为何查看，都会记入审计日志。')}</p>
            <Form.Item name="purpose" label={t('目的')} rules={[{ required: true, message: t('请选择目的') }]}>
              <Radio.Group options={revealPurposes.map((value) => ({ value, label: revealPurposeNames[value] }))} />
            </Form.Item>
            <Form.Item
              name="reason"
              label={t('理由')}
              rules={[{ required: true, whitespace: true, message: t('请写明理由') }]}
            >
              <Input.TextArea rows={3} maxLength={300} showCount />
            </Form.Item>
            <ProblemAlert error={error} />
            <Button type="primary" htmlType="submit" loading={isPending}>
              {t('查看明文')}
            </Button>
          </Form>
        )}
      </Modal>
    </>
  )
}

/** Who drove, masked; in clear for whoever may inspect and says why. */
export function DriverLine({
  declaration: { id, driverName, driverMobile, vehicle },
}: {
  readonly declaration: ColdDeclarationDetail
}) {
  const can = useCan()
  const words = driverName === null ? t('司机信息已按期限销毁') : [driverName, driverMobile].filter(Boolean).join(' ')
  return (
    <div className="in-line">
      <span>{t('司机 {driver}，车牌 {vehicle}', { driver: words, vehicle })}</span>
      {driverName !== null && can('coldchain.inspect') ? <RevealButton id={id} /> : null}
    </div>
  )
}
