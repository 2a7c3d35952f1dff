import { useMutation, useQuery } from '@tanstack/react-query'
import type { AlertDetail } from '@vigil/contract'
import {
  type AlertFinding,
  alertExplanationNames,
  alertExplanations,
  alertFindingNames,
  alertFindings,
} from '@vigil/contract/terms'
import { App, Button, Form, Input, InputNumber, Radio, Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { problemOf } from '../../kernel/problem.ts'
import { keys } from '../../kernel/query.ts'
import { FormButton, refresh, TextButton, TextField } from './TextButton.tsx'
import { headline } from './words.ts'

function Assign({ id }: { readonly id: string }) {
  const people = useQuery({
    queryKey: [...keys.alerts, 'handlers', id],
    queryFn: () => call('alert.handlers', { params: { id } }),
  })
  return (
    <FormButton<{ accountId: string }>
      label={t('指派')}
      title={t('指派承办人')}
      initial={{ accountId: '' }}
      send={({ accountId }) => call('alert.assign', { params: { id }, body: { accountId } }).then(refresh)}
    >
      <Form.Item name="accountId" label={t('承办人')} rules={[{ required: true, message: t('请选择承办人') }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={people.isPending}
          options={(people.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
        />
      </Form.Item>
    </FormButton>
  )
}

function Ask({ detail }: { readonly detail: AlertDetail }) {
  const { alert, stores } = detail
  const asked = new Set(detail.questions.map(({ storeCode }) => storeCode))
  // Early in the day no store stands out yet: any of the area may be asked.
  const area = alert.places[0]?.code ?? ''
  const others = useQuery({
    queryKey: [...keys.stores, 'of-alert', area],
    queryFn: () => call('store.list', { query: { area, status: 'active', limit: 100 } }),
    enabled: stores.length === 0 && area !== '',
  })
  const first = stores.filter(({ code, excess }) => !asked.has(code) && excess > 0).slice(0, 3)
  const text = t('贵店近日登记量高于往常，请说明原因（促销、团购、节日备药、附近有聚集性发热等）。')
  return (
    <FormButton<{ stores: string[]; text: string; hours: number }>
      label={t('询问药店')}
      title={t('询问药店')}
      initial={{ stores: first.map(({ code }) => code), text, hours: 4 }}
      send={(body) => call('alert.ask', { params: { id: alert.id }, body }).then(refresh)}
    >
      <Form.Item name="stores" label={t('药店')} rules={[{ required: true, message: t('请选择药店') }]}>
        <Select
          mode="multiple"
          loading={others.isLoading}
          options={
            stores.length > 0
              ? stores.map(({ code, name, excess }) => ({
                  value: code,
                  label: t('{name}（多出 {excess}）', { name, excess: Math.round(excess) }),
                }))
              : (others.data?.items ?? []).map(({ code, name }) => ({ value: code, label: name }))
          }
          showSearch={{ optionFilterProp: 'label' }}
        />
      </Form.Item>
      <TextField label={t('核实内容')} max={500} />
      <Form.Item name="hours" label={t('答复时限（小时）')}>
        <InputNumber min={1} max={168} />
      </Form.Item>
    </FormButton>
  )
}

function Refer({ detail }: { readonly detail: AlertDetail }) {
  const { alert } = detail
  const place = alert.places[0]?.name ?? ''
  return (
    <FormButton<{ recipient: string; text: string }>
      label={t('转疾控')}
      title={t('转疾控核查')}
      initial={{
        recipient: t('{place}疾病预防控制中心', { place }),
        text: t('{title}。{reason} 请核查是否有聚集性疫情，并回复核查结果。', {
          title: headline(alert),
          reason: alert.reason,
        }),
      }}
      send={(body) => call('alert.refer', { params: { id: alert.id }, body }).then(refresh)}
    >
      <Form.Item
        name="recipient"
        label={t('接收单位')}
        rules={[{ required: true, whitespace: true, message: t('请填写接收单位') }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <TextField label={t('转交内容')} />
    </FormButton>
  )
}

function FindFields() {
  const finding = Form.useWatch<AlertFinding>('finding')
  return (
    <>
      <Form.Item name="finding" label={t('结论')} rules={[{ required: true, message: t('请选择结论') }]}>
        <Radio.Group options={alertFindings.map((value) => ({ value, label: alertFindingNames[value] }))} />
      </Form.Item>
      {finding === 'explained' ? (
        <Form.Item name="explanation" label={t('原因')} rules={[{ required: true, message: t('请选择原因') }]}>
          <Select options={alertExplanations.map((value) => ({ value, label: alertExplanationNames[value] }))} />
        </Form.Item>
      ) : null}
      <TextField label={t('依据')} />
    </>
  )
}

interface Finding {
  readonly finding: AlertFinding
  readonly explanation?: (typeof alertExplanations)[number]
  readonly text: string
}

/** What one may do with an alert in its present state. */
export function Actions({ detail }: { readonly detail: AlertDetail }) {
  const { alert, mayJudge } = detail
  const { id, state } = alert
  const { message } = App.useApp()
  const take = useMutation({
    mutationFn: () => call('alert.take', { params: { id } }),
    onSuccess: () => message.success(t('已受理')),
    onError: (error) => message.error(problemOf(error).detail ?? problemOf(error).title),
    onSettled: refresh,
  })
  return (
    <div className="alert-actions">
      {state === 'new' ? (
        <Button type="primary" loading={take.isPending} onClick={() => take.mutate()}>
          {t('受理')}
        </Button>
      ) : null}
      <Assign id={id} />
      <Ask detail={detail} />
      <Refer detail={detail} />
      <TextButton
        label={t('记录')}
        title={t('记录处置情况')}
        field={t('内容')}
        send={(text) => call('alert.note', { params: { id }, body: { text } }).then(refresh)}
      />
      {mayJudge ? (
        <FormButton<Finding>
          label={t('给出结论')}
          title={t('给出结论')}
          primary={state === 'taken' || state === 'checking'}
          initial={{ text: '' } as Finding}
          send={({ finding, explanation, text }) =>
            call('alert.find', {
              params: { id },
              body: { finding, text, ...(finding === 'explained' && explanation ? { explanation } : {}) },
            }).then(refresh)
          }
        >
          <FindFields />
        </FormButton>
      ) : null}
      {mayJudge && state === 'found' ? (
        <TextButton
          label={t('办结')}
          title={t('办结预警')}
          field={t('办结说明（可不填）')}
          required={false}
          primary
          send={(text) => call('alert.close', { params: { id }, body: text.trim() ? { text } : {} }).then(refresh)}
        />
      ) : null}
    </div>
  )
}
