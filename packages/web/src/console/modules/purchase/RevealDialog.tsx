import { useMutation } from '@tanstack/react-query'
import type { PurchaseClear } from '@vigil/contract'
import { documentTypeNames, relationNames, revealPurposeNames, revealPurposes } from '@vigil/contract/terms'
import { Button, Descriptions, Form, Input, Modal, Radio } from 'antd'
import { useEffect, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { useCountry } from '../../ui/HomePicker.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

/** Seconds for which the clear text stays on the screen. */
const shownFor = 60

interface Values {
  purpose: (typeof revealPurposes)[number]
  reason: string
}

function Clear({ person }: { person: PurchaseClear }) {
  const country = useCountry()
  const areas = useAreas()
  const home =
    country.data?.areaName(person.residenceAreaCode) ?? areas.byCode.get(person.residenceAreaCode)?.name ?? ''
  const { boughtFor } = person
  return (
    <Descriptions
      column={1}
      bordered
      size="small"
      items={[
        { key: 'name', label: t('姓名'), children: person.name },
        { key: 'document', label: documentTypeNames[person.documentType], children: person.documentNumber },
        { key: 'mobile', label: t('手机'), children: person.mobile },
        { key: 'home', label: t('住址'), children: `${home} ${person.residenceAddress}` },
        {
          key: 'emergency',
          label: t('紧急联系人'),
          children: [person.emergencyName, person.emergencyMobile].filter(Boolean).join(' ') || '—',
        },
        {
          key: 'for',
          label: t('代购'),
          children: boughtFor
            ? [boughtFor.name, boughtFor.documentNumber, relationNames[boughtFor.relation]].filter(Boolean).join(' ')
            : t('否'),
        },
        { key: 'history', label: t('旅居与接触史'), children: person.history || '—' },
      ]}
    />
  )
}

/** Clear text of one registration, or of what `ask` asks for: for a purpose and reason, shown for a minute, kept nowhere. */
export function RevealDialog({
  id,
  open,
  onClose,
  ask = (body) => call('purchase.reveal', { params: { id }, body }),
}: {
  id: string
  open: boolean
  onClose: () => void
  ask?: (body: Values) => Promise<PurchaseClear>
}) {
  const [form] = Form.useForm<Values>()
  const [left, setLeft] = useState(0)
  const { data, error, isPending, mutate, reset } = useMutation({
    gcTime: 0,
    mutationFn: ask,
    onSuccess: () => setLeft(shownFor),
    onError: (problem) => form.setFields(fieldMessages(problem) as never),
  })
  useEffect(() => {
    if (!data) return
    const until = Date.now() + shownFor * 1000
    const timer = setInterval(() => {
      const seconds = Math.ceil((until - Date.now()) / 1000)
      setLeft(seconds)
      if (seconds <= 0) {
        reset()
        onClose()
      }
    }, 500)
    return () => clearInterval(timer)
  }, [data, reset, onClose])
  return (
    <Modal
      open={open}
      title={t('查看个人信息明文')}
      footer={null}
      onCancel={onClose}
      afterClose={reset}
      destroyOnHidden
    >
      {data ? (
        <div className="stack">
          <Clear person={data} />
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
