import { useMutation } from '@tanstack/react-query'
import type { ChannelTarget } from '@vigil/contract'
import {
  type AlertGrade,
  type AreaChannelKind,
  alertGrades,
  areaChannelKinds,
  type ChannelKind,
  channelKindNames,
} from '@vigil/contract/terms'
import { Checkbox, Form, Input, Modal, Radio, Switch, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { grades } from '../../ui/GradeMark.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

interface Values {
  readonly name: string
  readonly kind: AreaChannelKind
  readonly areaCode: string
  readonly address?: string
  readonly secret?: string
  readonly grades: AlertGrade[]
  readonly silent: boolean
  readonly hours?: [Dayjs, Dayjs]
  readonly active: boolean
}

const time = (text: string) => dayjs(`2000-01-01T${text}:00`)

function valuesOf(known: ChannelTarget | undefined, own: boolean, area: string | undefined): Partial<Values> {
  const quiet = known?.quiet ?? null
  return {
    name: known?.name ?? (own ? t('我的邮箱') : ''),
    kind: areaChannelKinds.find((kind) => kind === known?.kind) ?? (own ? 'email' : 'wecom'),
    ...(area ? { areaCode: area } : {}),
    grades: known?.grades ?? (own ? [...alertGrades] : ['orange', 'red']),
    silent: quiet !== null,
    hours: [time(quiet?.from ?? '22:00'), time(quiet?.to ?? '07:00')],
    active: known?.active ?? true,
  }
}

/** A changed form as the server takes it; an address or secret that was not typed stays as it is. */
function bodyOf({ name, grades: chosen, silent, hours, active, address, secret }: Values) {
  const [from, to] = hours ?? []
  const quiet = silent && from && to ? { from: from.format('HH:mm'), to: to.format('HH:mm') } : null
  return {
    name,
    grades: chosen,
    quiet,
    active,
    ...(address?.trim() ? { address: address.trim() } : {}),
    ...(secret?.trim() ? { secret: secret.trim() } : {}),
  }
}

async function save(values: Values, known: ChannelTarget | undefined, own: boolean): Promise<ChannelTarget> {
  const body = bodyOf(values)
  if (known) {
    const changed = { params: { id: known.id }, body: { ...body, revision: known.revision } }
    return own ? call('channel.change-own', changed) : call('channel.change', changed)
  }
  const made = { ...body, kind: values.kind }
  return own
    ? call('channel.create-own', { body: made })
    : call('channel.create', { body: { ...made, areaCode: values.areaCode } })
}

function AddressFields({ kind, known }: { readonly kind: ChannelKind; readonly known: ChannelTarget | undefined }) {
  const kept = known ? t('不填则沿用 {hint}', { hint: known.hint }) : undefined
  const rules = known ? [] : [{ required: true, whitespace: true, message: t('请填写地址') }]
  return (
    <>
      <Form.Item name="address" label={kind === 'email' ? t('邮箱地址') : t('机器人 Webhook 地址')} rules={rules}>
        <Input
          maxLength={500}
          autoComplete="off"
          placeholder={kept ?? (kind === 'email' ? 'name@example.cn' : 'https://')}
          inputMode={kind === 'email' ? 'email' : 'url'}
        />
      </Form.Item>
      {kind === 'dingtalk' ? (
        <Form.Item name="secret" label={t('加签密钥')} extra={t('机器人安全设置选“加签”时得到，以 SEC 开头。')}>
          <Input.Password
            maxLength={200}
            autoComplete="off"
            {...(known?.signed ? { placeholder: t('不填则沿用') } : {})}
          />
        </Form.Item>
      ) : null}
    </>
  )
}

/** Sets up how an area, or oneself, is told of alerts. */
export function TargetDialog({
  target,
  own = false,
  onClose,
}: {
  readonly target: ChannelTarget | 'new' | undefined
  readonly own?: boolean
  readonly onClose: () => void
}) {
  const areas = useAreas()
  const [form] = Form.useForm<Values>()
  const known = target === 'new' ? undefined : target
  const kind = Form.useWatch('kind', form) ?? known?.kind ?? (own ? 'email' : 'wecom')
  const silent = Form.useWatch('silent', form)
  const run = useMutation({
    mutationFn: (values: Values) => save(values, known, own),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.channels })
      onClose()
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Modal
      open={target !== undefined}
      title={known ? t('修改推送') : t('新增推送')}
      okText={t('保存')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      <Form<Values>
        form={form}
        key={known?.id ?? 'new'}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={valuesOf(known, own, areas.roots[0]?.code)}
        onFinish={(values) => run.mutate({ ...values, kind })}
      >
        {known ? null : (
          <Form.Item name="kind" label={t('方式')}>
            <Radio.Group options={areaChannelKinds.map((value) => ({ value, label: channelKindNames[value] }))} />
          </Form.Item>
        )}
        <Form.Item
          name="name"
          label={t('名称')}
          rules={[{ required: true, whitespace: true, message: t('请输入名称') }]}
        >
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        {known || own ? null : (
          <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
            <AreaPicker areas={areas} className="wide" />
          </Form.Item>
        )}
        <AddressFields kind={kind} known={known} />
        <Form.Item
          name="grades"
          label={t('推送等级')}
          rules={[{ type: 'array', min: 1, message: t('请至少选择一个等级') }]}
        >
          <Checkbox.Group options={[...alertGrades].reverse().map((value) => ({ value, label: grades[value].name }))} />
        </Form.Item>
        <Form.Item name="silent" valuePropName="checked">
          <Checkbox>{t('设定免打扰时段（红色预警和逾期上报仍会推送）')}</Checkbox>
        </Form.Item>
        {silent ? (
          <Form.Item name="hours" label={t('免打扰时段')} rules={[{ required: true, message: t('请选择时段') }]}>
            <TimePicker.RangePicker format="HH:mm" order={false} />
          </Form.Item>
        ) : null}
        <Form.Item name="active" label={t('启用')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
      <ProblemAlert error={run.error} fields />
    </Modal>
  )
}
