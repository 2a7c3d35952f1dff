import { useMutation, useQuery } from '@tanstack/react-query'
import type { FollowupCause, FollowupRules } from '@vigil/contract'
import { symptomNames, symptoms } from '@vigil/contract/terms'
import { App, Button, Checkbox, Form, Input, InputNumber, Select, Switch } from 'antd'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading, ProblemAlert } from '../../ui/states.tsx'
import './followup.css'
import { refresh } from './refresh.ts'
import { causeNames, causes, gradeNames, grades } from './words.ts'

type Version = Answer<'followup.rules'>['present']
interface Values {
  rules: FollowupRules
  reason: string
}

/** Thresholds of each rule: field, name. */
const thresholds: Record<FollowupCause, readonly (readonly [string, string])[]> = {
  fever: [],
  repeat: [
    ['purchases', t('购药次数')],
    ['days', t('天数')],
    ['stores', t('药店家数')],
  ],
  classes: [
    ['classes', t('药品类别数')],
    ['days', t('天数')],
  ],
  mobile: [
    ['persons', t('人数')],
    ['days', t('天数')],
    ['most', t('人数上限（再多归为药店行为）')],
  ],
  address: [
    ['persons', t('人数')],
    ['days', t('天数')],
    ['most', t('人数上限')],
  ],
  proxy: [
    ['purchases', t('代购次数')],
    ['days', t('天数')],
  ],
}

function NumberField({ path, label }: { readonly path: (string | number)[]; readonly label: string }) {
  return (
    <Form.Item name={path} label={label} rules={[{ required: true, message: t('请填写') }]}>
      <InputNumber precision={0} className="wide" />
    </Form.Item>
  )
}

function RuleFields({ kind }: { readonly kind: FollowupCause }) {
  const at = (name: string) => ['rules', kind, name]
  return (
    <fieldset className="follow-rule">
      <legend>{causeNames[kind]}</legend>
      <Form.Item name={at('on')} label={t('启用')} valuePropName="checked">
        <Switch aria-label={t('启用“{name}”', { name: causeNames[kind] })} />
      </Form.Item>
      {thresholds[kind].map(([name, label]) => (
        <NumberField key={name} path={at(name)} label={label} />
      ))}
      {kind === 'fever' ? (
        <Form.Item
          name={at('temperatureTenths')}
          label={t('体温达到（℃）')}
          rules={[{ required: true, message: t('请填写') }]}
          getValueProps={(tenths: number | null) => ({ value: tenths === null ? null : tenths / 10 })}
          normalize={(degrees: number | null) => (degrees === null ? null : Math.round(degrees * 10))}
        >
          <InputNumber precision={1} step={0.1} className="wide" />
        </Form.Item>
      ) : null}
      {kind === 'fever' ? (
        <Form.Item name={at('symptoms')} label={t('或有症状')} className="follow-wide">
          <Checkbox.Group options={symptoms.map((value) => ({ value, label: symptomNames[value] }))} />
        </Form.Item>
      ) : null}
      <Form.Item name={at('grade')} label={t('等级')}>
        <Select options={grades.map((value) => ({ value, label: gradeNames[value] }))} />
      </Form.Item>
      <NumberField path={at('dueHours')} label={t('办理时限（小时）')} />
    </fieldset>
  )
}

function RuleForm({ area, present }: { readonly area: string; readonly present: Version }) {
  const can = useCan()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const own = present.areaCode === area
  const run = useMutation({
    mutationFn: ({ rules, reason }: Values) =>
      call('followup.save-rules', {
        body: { areaCode: area, version: own ? present.version : 0, rules, reason: reason.trim() },
      }),
    onSuccess: ({ version }) => {
      form.resetFields(['reason'])
      refresh()
      void message.success(t('已保存为第 {version} 版，此后发现的按新规则', { version }))
    },
    onError: (problem) => form.setFields(fieldMessages(problem) as never),
  })
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!can('rule.manage')}
      initialValues={{ rules: present.rules }}
      onFinish={(values) => run.mutate(values)}
    >
      <div className="follow-rules">
        {causes.map((kind) => (
          <RuleFields key={kind} kind={kind} />
        ))}
        <fieldset className="follow-rule">
          <legend>{t('通用')}</legend>
          <NumberField path={['rules', 'freshDays']} label={t('登记多少天内可引起随访')} />
          <NumberField path={['rules', 'reopenDays']} label={t('办结后多少天内重新随访')} />
          <NumberField path={['rules', 'handedHours']} label={t('转交后的办理时限（小时）')} />
        </fieldset>
      </div>
      {can('rule.manage') ? (
        <>
          <Form.Item
            name="reason"
            label={t('修改原因')}
            rules={[{ required: true, whitespace: true, message: t('请写明修改原因') }]}
          >
            <Input maxLength={300} />
          </Form.Item>
          <ProblemAlert error={run.error} fields />
          <Button type="primary" htmlType="submit" loading={run.isPending}>
            {own ? t('保存为新版本') : t('为本区划另设规则')}
          </Button>
        </>
      ) : null}
    </Form>
  )
}

/** The rules by which persons are found in the chosen area, and their versions. */
export function RulesPage() {
  const { area, areas } = useScope()
  const query = useQuery({
    queryKey: [...keys.followups, 'rules', area],
    queryFn: () => call('followup.rules', { query: area ? { area } : {} }),
    enabled: area !== undefined,
  })
  const present = query.data?.present
  return (
    <Page title={t('随访规则')} note={<ScopeLink to="/followups">{t('返回随访')}</ScopeLink>}>
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Loading /> : null}
      {present && area ? (
        <>
          <Panel
            title={t('{name}的规则', { name: areas.byCode.get(area)?.name ?? area })}
            extra={
              <span className="muted">
                {present.areaCode === null
                  ? t('平台默认')
                  : t('{name} 第 {version} 版', { name: present.areaName, version: present.version })}
              </span>
            }
          >
            <RuleForm key={`${area} ${present.areaCode} ${present.version}`} area={area} present={present} />
          </Panel>
          <Panel title={t('历次版本')}>
            <ul className="plain follow-timeline">
              {query.data?.versions.map((one) => (
                <li key={`${one.areaCode} ${one.version}`}>
                  <span className="muted">{formatTime(one.createdAt)}</span>
                  <div>
                    {one.version === 0
                      ? one.areaName
                      : t('{name} 第 {version} 版', { name: one.areaName, version: one.version })}
                    <span className="muted"> {one.createdBy}</span>
                    <div className="break">{one.reason}</div>
                  </div>
                </li>
              ))}
            </ul>
          </Panel>
        </>
      ) : null}
    </Page>
  )
}
