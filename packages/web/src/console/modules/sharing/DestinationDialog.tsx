import { useMutation } from '@tanstack/react-query'
import type { Destination } from '@vigil/contract'
import { Checkbox, Form, Input, Modal, Radio, Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { MoreFields, ReceiptFields, ScheduleFields, TemplateField } from './DestinationFields.tsx'
import { bodyOf, type Values, valuesOf } from './form.ts'
import { algorithmNames, formatNames, kindNames, listNames } from './words.ts'

const options = <T extends string>(names: Readonly<Record<T, string>>) =>
  (Object.entries(names) as [T, string][]).map(([value, label]) => ({ value, label }))

/** Lists that may leave in clear. */
const clearable: ReadonlySet<string | undefined> = new Set<Destination['list']>(['purchases', 'followups'])

/** Sets up a recipient, or changes one. */
export function DestinationDialog({
  destination,
  onClose,
  onSaved,
}: {
  readonly destination: Destination | 'new' | undefined
  readonly onClose: () => void
  readonly onSaved: (saved: Destination) => void
}) {
  const areas = useAreas()
  const can = useCan()
  const [form] = Form.useForm<Values>()
  const known = destination === 'new' ? undefined : destination
  const clear = Form.useWatch('clear', form)
  const list = Form.useWatch('list', form)
  const run = useMutation({
    mutationFn: (values: Values) =>
      known
        ? call('sharing.change', {
            params: { id: known.id },
            body: { ...bodyOf(values), revision: known.revision },
          })
        : call('sharing.create', {
            body: { ...bodyOf(values), areaCode: values.areaCode, algorithm: values.algorithm, list: values.list },
          }),
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: keys.sharing })
      onSaved(saved)
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Modal
      open={destination !== undefined}
      title={known ? t('修改接收方') : t('新增接收方')}
      width={720}
      okText={t('保存')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      <Form
        form={form}
        key={known?.id ?? 'new'}
        layout="vertical"
        requiredMark={false}
        initialValues={valuesOf(known, areas.roots[0]?.code)}
        onFinish={(values) => run.mutate(values)}
        preserve={false}
      >
        <div className="form-row">
          <Form.Item
            name="name"
            label={t('名称')}
            rules={[{ required: true, whitespace: true, message: t('请输入名称') }]}
          >
            <Input maxLength={60} placeholder={t('如：省药监局共治平台')} autoComplete="off" />
          </Form.Item>
          <Form.Item name="kind" label={t('类别')}>
            <Select options={options(kindNames)} />
          </Form.Item>
        </div>
        <Form.Item
          name="url"
          label={t('推送地址')}
          rules={[{ required: true, whitespace: true, message: t('请输入推送地址') }]}
        >
          <Input maxLength={500} placeholder="https://" autoComplete="off" inputMode="url" />
        </Form.Item>
        {known ? null : (
          <div className="form-row">
            <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
              <AreaPicker areas={areas} className="wide" />
            </Form.Item>
            <Form.Item name="algorithm" label={t('签名算法')}>
              <Select options={options(algorithmNames)} />
            </Form.Item>
          </div>
        )}
        <Form.Item name="list" label={t('推送内容')}>
          <Select options={options(listNames)} disabled={known !== undefined} />
        </Form.Item>
        <Form.Item name="format" label={t('文件格式')}>
          <Radio.Group options={options(formatNames)} />
        </Form.Item>
        {list === 'followups' ? null : <TemplateField />}
        <Form.Item name="clear" valuePropName="checked">
          <Checkbox disabled={!clearable.has(list) || (!can('purchase.export-clear') && !known?.clear)}>
            {t('含个人信息明文（否则脱敏）')}
          </Checkbox>
        </Form.Item>
        {clear ? (
          <Form.Item
            name="reason"
            label={t('以明文推送的依据')}
            rules={[{ required: true, whitespace: true, message: t('请写明依据，将记入审计日志') }]}
          >
            <Input.TextArea rows={2} maxLength={300} showCount placeholder={t('文号、协议名称等')} />
          </Form.Item>
        ) : null}
        {list === 'followups' ? (
          <p className="hint">
            {t('名称与类别同转交时填写的接收单位一致，即自动送达：转交即送，回执即登记；证件号码始终脱敏。')}
          </p>
        ) : null}
        <ScheduleFields hidden={list === 'followups'} />
        <ReceiptFields />
        <MoreFields hasSecret={known?.hasSecret ?? false} />
      </Form>
      <ProblemAlert error={run.error} fields />
    </Modal>
  )
}
