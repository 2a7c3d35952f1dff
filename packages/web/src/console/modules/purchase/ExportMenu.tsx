import type { PurchaseFilter } from '@vigil/contract'
import { Button, Dropdown, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { useCan } from '../../kernel/session.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { templateItems, useTemplates } from '../export/ListExport.tsx'
import { useOrder } from '../export/order.ts'

type Format = 'csv' | 'xlsx'
/** Exports the list as it is filtered: masked at once, also by template; in clear text after a reason. */
export function ExportMenu({ filter }: { filter: PurchaseFilter }) {
  const can = useCan()
  const [clear, setClear] = useState(false)
  const templates = useTemplates('purchases')
  const run = useOrder(() => setClear(false))
  const order = (key: string) => {
    const [kind = '', templateId] = key.split(':')
    if (kind === 'clear') setClear(true)
    else if (templateId) run.mutate({ list: 'purchases', filter, format: 'xlsx', templateId })
    else run.mutate({ list: 'purchases', filter, format: kind as Format })
  }
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'xlsx', label: t('导出 XLSX（脱敏）') },
            { key: 'csv', label: t('导出 CSV（脱敏）') },
            ...templateItems(templates),
            ...(can('purchase.export-clear')
              ? [{ type: 'divider' as const }, { key: 'clear', label: t('导出明文…'), danger: true }]
              : []),
          ],
          onClick: ({ key }) => order(key),
        }}
      >
        <Button type="primary" icon={<Icon name="export" />} loading={run.isPending && !clear}>
          {t('导出')}
        </Button>
      </Dropdown>
      <Modal
        open={clear}
        title={t('导出个人信息明文')}
        footer={null}
        onCancel={() => setClear(false)}
        afterClose={() => run.reset()}
        destroyOnHidden
      >
        <p className="hint">
          {t('文件含姓名、证件号码、手机号和住址。编号、范围与理由记入审计日志，请按规定保管和销毁。')}
        </p>
        <Form<{ format: Format; reason: string; templateId: string }>
          layout="vertical"
          requiredMark={false}
          initialValues={{ format: 'xlsx', templateId: '' }}
          onFinish={({ format, reason, templateId }) =>
            run.mutate({
              list: 'purchases',
              filter,
              format,
              reason: reason.trim(),
              clear: true,
              ...(templateId ? { templateId } : {}),
            })
          }
        >
          <Form.Item name="format" label={t('格式')}>
            <Select
              options={[
                { value: 'xlsx', label: 'XLSX' },
                { value: 'csv', label: 'CSV' },
              ]}
            />
          </Form.Item>
          <Form.Item name="templateId" label={t('模板')}>
            <Select
              options={[
                { value: '', label: t('不用模板，全部字段') },
                ...templates
                  .filter(({ problems }) => problems.length === 0)
                  .map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('理由')}
            rules={[{ required: true, whitespace: true, message: t('请写明用途与依据') }]}
          >
            <Input.TextArea rows={3} maxLength={300} showCount />
          </Form.Item>
          <ProblemAlert error={run.error} fields />
          <Button type="primary" danger htmlType="submit" loading={run.isPending}>
            {t('导出明文')}
          </Button>
        </Form>
      </Modal>
    </>
  )
}
