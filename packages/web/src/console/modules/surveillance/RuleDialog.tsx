import { useMutation } from '@tanstack/react-query'
import type { Rule } from '@vigil/contract'
import { Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { grades } from '../../ui/GradeMark.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { fieldOf, settingsOf, type Values, valuesOf } from './form.ts'
import { ParameterFields } from './ParameterFields.tsx'
import { classNames, detectorNames, detectorNotes, levelNames } from './words.ts'

const options = <T extends string>(names: Readonly<Record<T, string>>) =>
  (Object.entries(names) as [T, string][]).map(([value, label]) => ({ value, label }))

/** Sets up a rule, or changes one by a new version. */
export function RuleDialog({
  rule,
  onClose,
  onSaved,
}: {
  readonly rule: Rule | 'new' | undefined
  readonly onClose: () => void
  readonly onSaved: (saved: Rule) => void
}) {
  const areas = useAreas()
  const [form] = Form.useForm<Values>()
  const known = rule === 'new' ? undefined : rule
  const detector = Form.useWatch('detector', form) ?? known?.current.settings.detector ?? 'daily'
  const run = useMutation({
    mutationFn: (values: Values) => {
      const body = { name: values.name, note: values.note ?? '', settings: settingsOf(values) }
      return known
        ? call('surveillance.revise', { params: { id: known.id }, body: { ...body, revision: known.revision } })
        : call('surveillance.create', { body: { ...body, areaCode: values.areaCode ?? '' } })
    },
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: keys.rules })
      onSaved(saved)
    },
    onError: (error) => form.setFields(fieldMessages(error, fieldOf) as never),
  })
  return (
    <Modal
      open={rule !== undefined}
      title={known ? t('修改规则（生成第 {version} 版）', { version: known.latestVersion + 1 }) : t('新建规则')}
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
        onFinish={(values) => run.mutate({ ...valuesOf(known, undefined), ...values } as Values)}
      >
        <div className="form-row">
          <Form.Item
            name="name"
            label={t('名称')}
            rules={[{ required: true, whitespace: true, message: t('请输入名称') }]}
          >
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
          {known ? null : (
            <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
              <AreaPicker areas={areas} className="wide" />
            </Form.Item>
          )}
        </div>
        <Form.Item name="detector" label={t('监测方法')} extra={detectorNotes[detector]}>
          <Select options={options(detectorNames)} />
        </Form.Item>
        <ParameterFields detector={detector} />
        <Form.Item name="levels" label={t('监测层级')}>
          <Checkbox.Group options={options(levelNames)} />
        </Form.Item>
        <Form.Item name="classes" label={t('药品类别')}>
          <Checkbox.Group options={options(classNames)} />
        </Form.Item>
        <fieldset className="plain">
          <legend>{t('预警等级：高出预期几个标准差起')}</legend>
          <div className="form-row four">
            {(['blue', 'yellow', 'orange', 'red'] as const).map((grade) => (
              <Form.Item key={grade} name={['grades', grade]} label={grades[grade].name}>
                <InputNumber className="wide" step={0.5} />
              </Form.Item>
            ))}
          </div>
        </fieldset>
        <div className="form-row">
          <Form.Item
            name="budget"
            label={t('误报预算（每区县每周次数）')}
            extra={t('按各单位自身历史抬高门槛，使平均误报不超过此数')}
          >
            <InputNumber className="wide" step={0.1} />
          </Form.Item>
          <Form.Item name="minExcess" label={t('最少超出笔数')} extra={t('销量很小的单位，多出一两笔不算异常')}>
            <InputNumber className="wide" />
          </Form.Item>
        </div>
        <div className="form-row">
          <Form.Item
            name="minCompleteness"
            label={t('最低报告比例（%）')}
            extra={t('缺报药店平日销量占比过高时，当天不判断')}
          >
            <InputNumber className="wide" />
          </Form.Item>
          <Form.Item name="historyDays" label={t('学习天数')} extra={t('从多少天以前的数据开始学习')}>
            <InputNumber className="wide" />
          </Form.Item>
          <Form.Item
            name="maxAgeDays"
            label={t('适用历史天数（可不填）')}
            extra={t('只判断开始登记不满这些天的单位，供历史还短时用')}
          >
            <InputNumber className="wide" />
          </Form.Item>
        </div>
        <Form.Item name="note" label={t('修改说明')}>
          <Input maxLength={200} placeholder={t('为什么这样设，供以后查阅')} autoComplete="off" />
        </Form.Item>
      </Form>
      <ProblemAlert error={run.error} fields />
    </Modal>
  )
}
