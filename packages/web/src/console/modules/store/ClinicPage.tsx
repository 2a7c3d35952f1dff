import { useQuery } from '@tanstack/react-query'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { ImportButton } from '../../ui/ImportDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'

type Clinic = Answer<'clinic.list'>['items'][number]

/** Fever clinics to which the counter refers a buyer with fever. */
export function ClinicPage() {
  const { area } = useScope()
  const can = useCan()
  const query = useQuery({
    queryKey: [...keys.clinics, area],
    queryFn: ({ signal }) => call('clinic.list', { query: area ? { area } : {}, signal }),
    enabled: area !== undefined,
  })
  return (
    <Page
      title={t('发热门诊')}
      note={t(
        '体温 37.3 ℃ 及以上或自述发热的购药人，登记端会显示距药店最近的三家，可跨区县；离线设备在下次联网时更新。',
      )}
      actions={
        <>
          <ListExport list="clinics" filter={area ? { area } : {}} />
          {can('clinic.manage') ? (
            <ImportButton
              route="clinic.import"
              title={t('导入发热门诊')}
              columns={t(
                '列：名称、地址、电话、区县、经度、纬度（必填，WGS 84 十进制度），开诊。名称与地址相同的会被更新。',
              )}
              refresh={[keys.clinics]}
            />
          ) : null}
        </>
      }
    >
      <Panel flush>
        <DataTable<Clinic>
          label={t('发热门诊')}
          rowKey="id"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={760}
          empty={t('这个辖区还没有发热门诊，请导入名单')}
          columns={[
            { title: t('名称'), dataIndex: 'name' },
            { title: t('地址'), dataIndex: 'address' },
            {
              title: t('电话'),
              key: 'phone',
              width: 150,
              render: (_, row) => <span className="number">{row.phone}</span>,
            },
            { title: t('区划'), dataIndex: 'areaName', width: 140 },
            {
              title: t('状态'),
              key: 'active',
              width: 90,
              render: (_, row) => <Mark tone={row.active ? 'good' : 'idle'}>{row.active ? t('开诊') : t('停诊')}</Mark>,
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
