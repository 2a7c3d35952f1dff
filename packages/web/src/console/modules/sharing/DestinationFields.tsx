import { useQuery } from '@tanstack/react-query'
import type { Destination } from '@vigil/contract'
import { Collapse, Form, Input, InputNumber, Radio, Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { coverNames, weekdayNames } from './words.ts'

const options = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }))

/** By which template an XLSX is filled. */
export function TemplateField() {
  const format = Form.useWatch('format') as string | undefined
  const list = (Form.useWatch('list') as Destination['list'] | undefined) ?? 'purchases'
  const query = useQuery({
    queryKey: [...keys.exports, 'templates', list],
    queryFn: () => call('template.list', { query: { list } }),
    enabled: format === 'xlsx',
  })
  if (format !== 'xlsx') return null
  return (
    <Form.Item
      name="templateId"
      label={t('导出模板')}
      {...(query.isError ? { validateStatus: 'error', help: t('模板没有取到，请稍后再试') } : {})}
    >
      <Select
        allowClear
        loading={query.isPending}
        placeholder={t('不用模板：系统自己的列')}
        options={(query.data?.items ?? []).map(({ id, name, areaName, problems }) => ({
          value: id,
          label: t('{name}（{area}）', { name, area: areaName }),
          disabled: problems.length > 0,
        }))}
      />
    </Form.Item>
  )
}

/** When to send, and which days; hidden for what is sent as it happens. */
export function ScheduleFields({ hidden }: { readonly hidden: boolean }) {
  const every = Form.useWatch(['schedule', 'every']) as string | undefined
  return (
    <div hidden={hidden}>
      <div className="form-row">
        <Form.Item name={['schedule', 'every']} label={t('推送时间')}>
          <Select
            options={[
              { value: 'day', label: t('每天') },
              { value: 'week', label: t('每周') },
              { value: 'hours', label: t('每隔几小时') },
            ]}
          />
        </Form.Item>
        <div className="form-row">
          <Form.Item name={['schedule', 'weekday']} label={t('星期')} hidden={every !== 'week'}>
            <Select options={weekdayNames.map((label, at) => ({ value: at + 1, label }))} />
          </Form.Item>
          <Form.Item
            name={['schedule', 'at']}
            label={t('时刻')}
            hidden={every === 'hours'}
            rules={[{ required: true, pattern: /^([01]\d|2[0-3]):[0-5]\d$/, message: t('24 小时制，如 06:30') }]}
          >
            <Input placeholder="06:30" maxLength={5} autoComplete="off" />
          </Form.Item>
          <Form.Item name={['schedule', 'hours']} label={t('小时数')} hidden={every !== 'hours'}>
            <InputNumber min={1} max={24} precision={0} className="wide" />
          </Form.Item>
        </div>
      </div>
      <Form.Item
        name="cover"
        label={t('推送哪些天')}
        dependencies={[['schedule', 'every']]}
        rules={[
          ({ getFieldValue }) => ({
            validator: async (_, cover) => {
              if (getFieldValue(['schedule', 'every']) === 'hours' && cover === 'yesterday')
                throw new Error(t('每隔几小时推送时，请选“自上次签收以来”'))
            },
          }),
        ]}
      >
        <Radio.Group options={options(coverNames)} />
      </Form.Item>
    </div>
  )
}

/** What counts as a receipt. */
export function ReceiptFields() {
  const kind = Form.useWatch(['receipt', 'kind']) as string | undefined
  return (
    <>
      <Form.Item name={['receipt', 'kind']} label={t('怎样算签收')}>
        <Radio.Group
          options={[
            { value: 'json', label: t('2xx 且 JSON 回执表示成功') },
            { value: 'status', label: t('答复 2xx 即可') },
          ]}
        />
      </Form.Item>
      {kind === 'json' ? (
        <>
          <div className="form-row">
            <Form.Item
              name={['receipt', 'field']}
              label={t('表示成功的字段')}
              rules={[{ required: true, whitespace: true, message: t('请填写字段名') }]}
            >
              <Input placeholder="code" autoComplete="off" />
            </Form.Item>
            <Form.Item
              name={['receipt', 'value']}
              label={t('成功时的值')}
              rules={[{ required: true, whitespace: true, message: t('请填写成功时的值') }]}
            >
              <Input placeholder="0" autoComplete="off" />
            </Form.Item>
          </div>
          <Form.Item name={['receipt', 'number']} label={t('回执编号字段（可不填）')}>
            <Input placeholder="data.receiptNo" autoComplete="off" />
          </Form.Item>
          <div className="form-row">
            <Form.Item name={['receipt', 'digest']} label={t('校验值字段（可不填）')}>
              <Input placeholder="data.sha256" autoComplete="off" />
            </Form.Item>
            <Form.Item name={['receipt', 'rows']} label={t('行数字段（可不填）')}>
              <Input placeholder="data.rows" autoComplete="off" />
            </Form.Item>
          </div>
        </>
      ) : null}
    </>
  )
}

/** What rarely changes: secret header, certificate, time limits. */
export function MoreFields({ hasSecret }: { hasSecret: boolean }) {
  const number = (name: string, label: string, max: number) => (
    <Form.Item name={name} label={label} rules={[{ required: true, message: t('请填写 1–{max}', { max }) }]}>
      <InputNumber min={1} max={max} precision={0} className="wide" />
    </Form.Item>
  )
  return (
    <Collapse
      ghost
      items={[
        {
          key: 'more',
          label: t('请求头口令、证书与重试'),
          forceRender: true,
          children: (
            <>
              <div className="form-row">
                <Form.Item name="secretHeader" label={t('请求头名称')}>
                  <Input placeholder="Authorization" autoComplete="off" maxLength={60} />
                </Form.Item>
                <Form.Item name="secret" label={t('请求头口令')}>
                  <Input.Password
                    placeholder={hasSecret ? t('已保存，不改则不填') : 'Bearer …'}
                    autoComplete="new-password"
                    maxLength={2000}
                  />
                </Form.Item>
              </div>
              <Form.Item name="ca" label={t('接收方 CA 证书（PEM，自签名时填写）')}>
                <Input.TextArea rows={3} placeholder="-----BEGIN CERTIFICATE-----" maxLength={20000} />
              </Form.Item>
              <div className="form-row">
                {number('timeoutSeconds', t('超时（秒）'), 600)}
                {number('retrySeconds', t('首次重试间隔（秒），其后加倍'), 3600)}
                {number('maxAttempts', t('最多尝试次数'), 50)}
                {number('maxAgeHours', t('最长重试时间（小时）'), 720)}
              </div>
            </>
          ),
        },
      ]}
    />
  )
}
