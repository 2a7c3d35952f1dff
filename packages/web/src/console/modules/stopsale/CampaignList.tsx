import { useMutation, useQuery } from '@tanstack/react-query'
import { addDays } from '@vigil/codes'
import type { StopCampaign, StopSale } from '@vigil/contract'
import { Button, DatePicker, Form, Input, Modal, Progress } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { formatCount } from '../../kernel/format.ts'
import { today } from '../../kernel/period.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

interface Values {
  name: string
  areaCode: string
  dueOn: Dayjs
}

function NewCampaign({ order }: { readonly order?: StopSale }) {
  const areas = useAreas()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ name, areaCode, dueOn }: Values) =>
      call('stop-check.create', {
        body: { name: name.trim(), areaCode, orderId: order?.id ?? null, dueOn: dueOn.format('YYYY-MM-DD') },
      }),
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.stopChecks })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <>
      <Button icon={<Icon name="plus" />} disabled={areas.roots.length === 0} onClick={() => setOpen(true)}>
        {t('发起检查')}
      </Button>
      <Modal
        open={open}
        title={t('发起停售检查')}
        okText={t('发起')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => run.reset()}
        destroyOnHidden
      >
        <p className="hint">{t('辖区内每家在营药店一项任务，检查人用手机逐店登记。')}</p>
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          clearOnDestroy
          initialValues={{
            name: t('停售检查'),
            areaCode: order && areas.byCode.has(order.areaCode) ? order.areaCode : areas.roots[0]?.code,
            dueOn: dayjs(addDays(today(), 7)),
          }}
          onFinish={(values) => run.mutate(values)}
        >
          <Form.Item
            name="name"
            label={t('名称')}
            rules={[{ required: true, whitespace: true, message: t('请填写名称') }]}
          >
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
            <AreaPicker areas={areas} className="wide" />
          </Form.Item>
          <Form.Item name="dueOn" label={t('完成期限')} rules={[{ required: true, message: t('请选择日期') }]}>
            <DatePicker className="wide" minDate={dayjs(today())} />
          </Form.Item>
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}

/** Campaigns of the own area, or those for one order, with their progress. */
export function CampaignList({
  order,
  onOpen,
}: {
  readonly order?: StopSale
  readonly onOpen?: (campaign: StopCampaign) => void
}) {
  const can = useCan()
  const setSearch = useSetSearch()
  const query = useQuery({ queryKey: [...keys.stopChecks, 'list'], queryFn: () => call('stop-check.list') })
  const rows = query.data?.items.filter(({ orderId }) => !order || orderId === order.id)
  const open = onOpen ?? (() => undefined)
  return (
    <Panel
      title={order ? t('停售检查') : undefined}
      extra={can('stopsale.manage') ? <NewCampaign {...(order ? { order } : {})} /> : undefined}
      flush
    >
      <DataTable<StopCampaign>
        label={t('停售检查')}
        rowKey="id"
        rows={rows}
        error={query.error}
        retry={() => void query.refetch()}
        minWidth={760}
        empty={t('还没有发起检查')}
        {...(onOpen ? { onOpen: open } : {})}
        columns={[
          {
            title: t('检查'),
            key: 'name',
            render: (_, row) => (
              <>
                {onOpen ? (
                  <Button type="link" className="link" onClick={() => setSearch({ campaign: row.id })}>
                    {row.name}
                  </Button>
                ) : (
                  <ScopeLink to="/stop-sale-tasks" change={{ campaign: row.id }} className="link">
                    {row.name}
                  </ScopeLink>
                )}
                <div className="muted">{row.areaName}</div>
              </>
            ),
          },
          {
            title: t('状态'),
            key: 'state',
            width: 90,
            render: (_, row) =>
              row.state === 'open' ? <Mark tone="info">{t('进行中')}</Mark> : <Mark>{t('已结束')}</Mark>,
          },
          { title: t('期限'), dataIndex: 'dueOn', width: 112 },
          {
            title: t('进度'),
            key: 'progress',
            width: 190,
            render: (_, row) => (
              <div>
                <Progress
                  percent={row.total > 0 ? Math.floor((row.done / row.total) * 100) : 0}
                  size="small"
                  aria-label={t('{name} 进度', { name: row.name })}
                />
                <span className="muted">
                  {t('{done} / {total} 家', { done: formatCount(row.done), total: formatCount(row.total) })}
                </span>
              </div>
            ),
          },
          { title: t('有问题'), dataIndex: 'failed', width: 90, align: 'right', render: formatCount },
        ]}
      />
    </Panel>
  )
}
