import { useMutation } from '@tanstack/react-query'
import type { PurchaseFilter } from '@vigil/contract'
import { App, Button, Dropdown, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { problemOf } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

type Format = 'csv' | 'xlsx'
interface Order {
  readonly format: Format
  readonly clear?: boolean
  readonly reason?: string
}

/** Exports the list as it is filtered: masked at once, in clear text after a reason. */
export function ExportMenu({ filter }: { filter: PurchaseFilter }) {
  const can = useCan()
  const { message } = App.useApp()
  const [clear, setClear] = useState(false)
  const run = useMutation({
    mutationFn: (order: Order) => call('export.create', { body: { ...order, filter } }),
    onSuccess: (made) => {
      setClear(false)
      void queryClient.invalidateQueries({ queryKey: keys.exports })
      void message.success(t('已开始导出 {number}，完成后在右上角“消息”中下载', { number: made.number }))
    },
    onError: (error, { clear: wasClear }) => {
      const problem = problemOf(error)
      if (!wasClear) void message.error(problem.detail ?? problem.title)
    },
  })
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'xlsx', label: t('导出 XLSX（脱敏）') },
            { key: 'csv', label: t('导出 CSV（脱敏）') },
            ...(can('purchase.export-clear')
              ? [{ type: 'divider' as const }, { key: 'clear', label: t('导出明文…'), danger: true }]
              : []),
          ],
          onClick: ({ key }) => (key === 'clear' ? setClear(true) : run.mutate({ format: key as Format })),
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
        <Form<{ format: Format; reason: string }>
          layout="vertical"
          requiredMark={false}
          initialValues={{ format: 'xlsx' }}
          onFinish={({ format, reason }) => run.mutate({ format, reason: reason.trim(), clear: true })}
        >
          <Form.Item name="format" label={t('格式')}>
            <Select
              options={[
                { value: 'xlsx', label: 'XLSX' },
                { value: 'csv', label: 'CSV' },
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
