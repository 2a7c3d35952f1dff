import { useQuery } from '@tanstack/react-query'
import type { Duty } from '@vigil/contract'
import { drugClassNames } from '@vigil/contract/terms'
import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { today } from '../../kernel/period.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { DutyDialog } from './DutyDialog.tsx'

function state(duty: Duty): { name: string; tone: Tone } {
  const now = today()
  if (duty.from > now) return { name: t('未开始'), tone: 'info' }
  return duty.to !== null && duty.to < now ? { name: t('已结束'), tone: 'idle' } : { name: t('执行中'), tone: 'good' }
}

/** Which classes must be registered where and when. */
export function DutyPage() {
  const can = useCan()
  const [edited, setEdited] = useState<Duty | 'new'>()
  const query = useQuery({ queryKey: keys.duties, queryFn: () => call('duty.list') })
  return (
    <Page
      title={t('登记范围')}
      note={t('哪些区划、哪几类药、从何时到何时必须实名登记。')}
      actions={
        can('duty.manage') ? (
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEdited('new')}>
            {t('新增范围')}
          </Button>
        ) : null
      }
    >
      <Panel flush>
        <DataTable<Duty>
          label={t('登记范围')}
          rowKey="id"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          empty={t('没有登记要求')}
          columns={[
            { title: t('区划'), dataIndex: 'areaName', width: 160 },
            {
              title: t('药品类别'),
              key: 'classes',
              render: (_, row) => row.classes.map((value) => <Mark key={value}>{drugClassNames[value]}</Mark>),
            },
            { title: t('起'), dataIndex: 'from', width: 112 },
            { title: t('止'), key: 'to', width: 112, render: (_, row) => row.to ?? t('长期') },
            {
              title: t('状态'),
              key: 'state',
              width: 90,
              render: (_, row) => <Mark tone={state(row).tone}>{state(row).name}</Mark>,
            },
            { title: t('依据与说明'), dataIndex: 'note', render: (note: string) => note || '—' },
            ...(can('duty.manage')
              ? [
                  {
                    key: 'edit',
                    title: <span className="visually-hidden">{t('操作')}</span>,
                    width: 70,
                    render: (_: unknown, row: Duty) => (
                      <Button
                        type="link"
                        size="small"
                        aria-label={t('修改 {areaName} 的登记范围', { areaName: row.areaName })}
                        onClick={() => setEdited(row)}
                      >
                        {t('修改')}
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Panel>
      <DutyDialog duty={edited} onClose={() => setEdited(undefined)} />
    </Page>
  )
}
