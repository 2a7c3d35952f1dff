import { useMutation } from '@tanstack/react-query'
import { revealPurposes } from '@vigil/contract/terms'
import { Button, type ButtonProps, Form, Input, Modal, Radio } from 'antd'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { revealPurposeNames } from '../../terms.ts'
import { t } from '../../text.ts'
import { fieldMessages } from '../kernel/problem.ts'
import { Icon } from './icons.tsx'
import { ProblemAlert } from './states.tsx'

/** Seconds for which the clear text stays on the screen. */
const shownFor = 60

/** Why clear text is looked at; both go to the log before it is shown. */
export interface RevealReason {
  purpose: (typeof revealPurposes)[number]
  reason: string
}

interface Asked<T> {
  /** Asks the server for the clear text. */
  readonly ask: (why: RevealReason) => Promise<T>
  /** The clear text as it is shown. */
  readonly children: (clear: T) => ReactNode
  readonly title?: string
}

/** Clear text of persons: for a purpose and a reason, shown for a minute, kept nowhere. */
export function RevealDialog<T>({
  ask,
  children,
  title = t('查看个人信息明文'),
  open,
  onClose,
}: Asked<T> & { readonly open: boolean; readonly onClose: () => void }) {
  const [form] = Form.useForm<RevealReason>()
  const [until, setUntil] = useState(0)
  const [left, setLeft] = useState(shownFor)
  const { data, error, isPending, mutate, reset } = useMutation({
    gcTime: 0,
    mutationFn: ask,
    onSuccess: () => {
      setLeft(shownFor)
      setUntil(Date.now() + shownFor * 1000)
    },
    onError: (problem) => form.setFields(fieldMessages(problem) as never),
  })
  useEffect(() => {
    if (data === undefined) return
    const timer = setInterval(() => {
      const seconds = Math.ceil((until - Date.now()) / 1000)
      setLeft(seconds)
      if (seconds <= 0) {
        reset()
        onClose()
      }
    }, 500)
    return () => clearInterval(timer)
  }, [data, until, reset, onClose])
  return (
    <Modal open={open} title={title} footer={null} onCancel={onClose} afterClose={reset} destroyOnHidden>
      {data !== undefined ? (
        <div className="stack">
          {children(data)}
          <div className="drawer-actions">
            <span className="hint">
              <span className="number">{left}</span>
              {t(' 秒后自动隐藏')}
            </span>
            <Button onClick={onClose}>{t('立即隐藏')}</Button>
          </div>
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
  )
}

/** Button that opens a dialog of clear text. */
export function RevealButton<T>({ button, ...asked }: Asked<T> & { readonly button?: ButtonProps }) {
  const [open, setOpen] = useState(false)
  const close = useCallback(() => setOpen(false), [])
  return (
    <>
      <Button {...button} icon={<Icon name="reveal" />} onClick={() => setOpen(true)}>
        {t('查看明文')}
      </Button>
      <RevealDialog<T> {...asked} open={open} onClose={close} />
    </>
  )
}
