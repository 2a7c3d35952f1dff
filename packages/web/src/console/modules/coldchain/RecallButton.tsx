import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ColdRecall, ColdRecallPreview } from '@vigil/contract'
import { Button, DatePicker, Form, Input, Modal, Radio } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { HolderSelect } from './HolderSelect.tsx'
import { RecallPreview } from './RecallPreview.tsx'

interface Order {
  readonly numbers?: string
  readonly holder?: string
  readonly time?: [Dayjs, Dayjs]
  readonly kind: ColdRecall['kind']
  readonly reason: string
  readonly orderedBy: string
  readonly collectorId?: string
}

/** What is to be recalled, as the server takes it; undefined while nothing is named. */
function setOf({ numbers = '', holder, time }: Partial<Order>, lotId: string | undefined) {
  const codes = [...new Set(numbers.split(/[\n,，;；]+/).map((line) => line.trim()))].filter((code) => code.length > 1)
  const stay = holder && time ? { holderId: holder, from: time[0].toISOString(), to: time[1].toISOString() } : undefined
  if (lotId === undefined && codes.length === 0 && !stay) return undefined
  return { ...(lotId ? { lotIds: [lotId] } : {}), ...(codes.length > 0 ? { codes } : {}), ...(stay ? { stay } : {}) }
}

function SetFields() {
  return (
    <>
      <Form.Item
        name="numbers"
        label={t('编码或单据编号')}
        extra={t('每行一个：批次号、供应商批号、柜号、申报号，或扫描的箱码、托盘码；一箱代表整个批次。')}
      >
        <Input.TextArea rows={3} maxLength={20_000} placeholder={t('如 MSKU7100000')} />
      </Form.Item>
      <div className="form-row">
        <Form.Item name="holder" label={t('或某处存放过的全部批次')}>
          <HolderSelect placeholder={t('监管仓或经营者')} />
        </Form.Item>
        <Form.Item name="time" label={t('存放时段')}>
          <DatePicker.RangePicker
            showTime={{ format: 'HH:mm' }}
            format="YYYY-MM-DD HH:mm"
            style={{ width: '100%' }}
            placeholder={[t('从'), t('到')]}
          />
        </Form.Item>
      </div>
    </>
  )
}

function OrderFields({ kind }: { readonly kind: Order['kind'] | undefined }) {
  const words = (message: string) => [{ required: true, whitespace: true, message }]
  return (
    <>
      <Form.Item
        name="kind"
        label={t('方式')}
        extra={
          kind === 'mock'
            ? t('只清点、不冻结，完成后按用时和查明比例评分。')
            : t('立即冻结这些批次和用它们分装、加工的食品，通知全部持有人清点；在途的可收入封存，并可退回。')
        }
      >
        <Radio.Group
          options={[
            { value: 'real', label: t('召回') },
            { value: 'mock', label: t('模拟召回') },
          ]}
        />
      </Form.Item>
      <Form.Item name="reason" label={t('原因')} rules={words(t('请写明召回原因'))}>
        <Input.TextArea rows={2} maxLength={300} />
      </Form.Item>
      <div className="form-row">
        <Form.Item name="orderedBy" label={t('下达人')} rules={words(t('请填写下达召回的人'))}>
          <Input maxLength={80} />
        </Form.Item>
        {kind === 'mock' ? null : (
          <Form.Item name="collectorId" label={t('退回集中点')}>
            <HolderSelect placeholder={t('不填则只能退回上家')} />
          </Form.Item>
        )}
      </div>
    </>
  )
}

/** Calls out a recall of a lot, or of any set, in earnest or as an exercise, once it is seen what it would affect. */
export function RecallButton({ lot }: { readonly lot?: { readonly id: string; readonly lotNo: string } }) {
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const [preview, setPreview] = useState<ColdRecallPreview>()
  const [form] = Form.useForm<Order>()
  const kind = Form.useWatch('kind', form)
  const named = setOf(Form.useWatch([], form) ?? {}, lot?.id) !== undefined
  const look = useMutation({
    mutationFn: () => call('cold-recall.preview', { body: setOf(form.getFieldsValue(), lot?.id) ?? {} }),
    onSuccess: setPreview,
    onError: () => setPreview(undefined),
  })
  const run = useMutation({
    mutationFn: ({ numbers, holder, time, collectorId, ...order }: Order) =>
      call('cold-recall.open', {
        body: {
          ...setOf(
            { ...(numbers ? { numbers } : {}), ...(holder ? { holder } : {}), ...(time ? { time } : {}) },
            lot?.id,
          ),
          ...order,
          ...(collectorId && order.kind === 'real' ? { collectorId } : {}),
        },
      }),
    onSuccess: ({ id }) => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.coldchain })
      void navigate({ to: '/coldchain/recalls/$id', params: { id }, search: (before: object) => before } as never)
    },
  })
  const ready = preview !== undefined && preview.total > 0 && preview.unknown.length === 0
  return (
    <>
      <Button
        danger
        type={lot ? 'default' : 'primary'}
        onClick={() => {
          setOpen(true)
          if (lot) look.mutate()
        }}
      >
        {lot ? t('召回') : t('发起召回')}
      </Button>
      <Modal
        open={open}
        width={640}
        title={lot ? t('召回 {lot}', { lot: lot.lotNo }) : t('发起召回')}
        okText={kind === 'mock' ? t('开始演练') : t('启动召回')}
        okButtonProps={{ danger: kind !== 'mock', disabled: !ready }}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => {
          run.reset()
          look.reset()
          setPreview(undefined)
          form.resetFields()
        }}
        destroyOnHidden
      >
        <Form<Order>
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ kind: 'real' }}
          onValuesChange={(changed: Partial<Order>) => {
            if ('numbers' in changed || 'holder' in changed || 'time' in changed) setPreview(undefined)
          }}
          onFinish={(order) => run.mutate(order)}
        >
          {lot ? null : (
            <>
              <SetFields />
              <Button className="recall-look" disabled={!named} loading={look.isPending} onClick={() => look.mutate()}>
                {t('预览影响范围')}
              </Button>
            </>
          )}
          <div aria-live="polite">
            <ProblemAlert error={look.error} fields />
            {preview ? <RecallPreview preview={preview} /> : null}
          </div>
          <OrderFields kind={kind} />
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}
