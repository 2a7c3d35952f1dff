import { useQuery } from '@tanstack/react-query'
import type { AreaNode } from '@vigil/contract'
import { Input, Table } from 'antd'
import { useMemo, useState } from 'react'
import { t } from '../../../text.ts'
import { type AreaIndex, areasQuery, lineage } from '../../kernel/areas.ts'
import { formatCount, levelNames } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ImportButton } from '../../ui/ImportDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'
import { ListExport } from '../export/ListExport.tsx'

interface Row extends AreaNode {
  children?: Row[]
}

function rowsOf(index: AreaIndex, wanted: ReadonlySet<string> | undefined): Row[] {
  const build = (node: AreaNode): Row[] => {
    if (wanted && !wanted.has(node.code)) return []
    const children = (index.childrenOf.get(node.code) ?? []).flatMap(build)
    return [children.length ? { ...node, children } : { ...node }]
  }
  return index.roots.flatMap(build)
}

/** Codes that match, with everything above them, so that a hit is seen in its place. */
function matches(index: AreaIndex, typed: string): ReadonlySet<string> | undefined {
  const text = typed.trim().toUpperCase()
  if (!text) return undefined
  const hits = index.nodes.filter(({ code, name }) => code.includes(text) || name.toUpperCase().includes(text))
  return new Set(hits.flatMap(({ code }) => lineage(index, code).map((above) => above.code)))
}

/** Tree of the own areas, and the import of offices and grids. */
export function AreaPage() {
  const can = useCan()
  const [typed, setTyped] = useState('')
  const query = useQuery(areasQuery)
  const { wanted, rows } = useMemo(() => {
    if (!query.data) return { wanted: undefined, rows: [] }
    const found = matches(query.data, typed)
    return { wanted: found, rows: rowsOf(query.data, found) }
  }, [query.data, typed])
  return (
    <Page
      title={t('区划')}
      note={t('市、县按 GB/T 2260；开发区、所和网格由本地导入。')}
      actions={
        <>
          <ListExport list="areas" filter={typed ? { q: typed } : {}} />
          {can('area.manage') ? (
            <ImportButton
              route="area.import"
              title={t('导入所和网格')}
              columns={t('列：名称、上级、级别（所或网格，必填），区划代码、经度、纬度。')}
              refresh={[keys.areas]}
            />
          ) : null}
        </>
      }
    >
      <search className="filters" aria-label={t('筛选')}>
        <Input
          className="exact"
          aria-label={t('查找区划')}
          placeholder={t('名称或代码')}
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {query.data ? (
          <span className="hint">{t('共 {length} 个', { length: formatCount(query.data.nodes.length) })}</span>
        ) : null}
      </search>
      <Panel flush>
        {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
        {query.isPending ? <Loading /> : null}
        {query.data ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          <section className="table-scroll" aria-label={t('区划')} tabIndex={0}>
            <Table<Row>
              key={wanted ? typed : query.data.nodes.length}
              size="middle"
              style={{ minWidth: 560 }}
              rowKey="code"
              dataSource={rows}
              pagination={false}
              expandable={{
                defaultExpandedRowKeys: wanted ? [...wanted] : query.data.roots.map(({ code }) => code),
                indentSize: 22,
              }}
              locale={{ emptyText: <EmptyState text={t('没有符合条件的区划')} /> }}
              columns={[
                { title: t('名称'), dataIndex: 'name' },
                {
                  title: t('代码'),
                  dataIndex: 'code',
                  width: 180,
                  render: (v: string) => <span className="number">{v}</span>,
                },
                { title: t('级别'), dataIndex: 'level', width: 130, render: (v: AreaNode['level']) => levelNames[v] },
                {
                  title: t('来源'),
                  dataIndex: 'standard',
                  width: 120,
                  render: (standard: boolean) =>
                    standard ? <Mark>{t('国家标准')}</Mark> : <Mark tone="info">{t('本地')}</Mark>,
                },
              ]}
            />
          </section>
        ) : null}
      </Panel>
    </Page>
  )
}
