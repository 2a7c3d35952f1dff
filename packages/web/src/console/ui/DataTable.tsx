import { Button, Checkbox, Popover, Table, type TableColumnsType } from 'antd'
import type React from 'react'
import { useState } from 'react'
import { t } from '../../text.ts'
import { formatCount } from '../kernel/format.ts'
import type { Paged, Total } from '../kernel/paged.ts'
import { Cards, type Choice } from './Cards.tsx'
import { Icon } from './icons.tsx'
import { EmptyState, ErrorState, Loading } from './states.tsx'
import { useNarrow } from './useNarrow.ts'

interface Props<T> {
  /** Says what the table holds, to a screen reader. */
  readonly label: string
  readonly columns: TableColumnsType<T>
  readonly rowKey: keyof T & string
  readonly rows: readonly T[] | undefined
  readonly error?: unknown
  readonly loading?: boolean
  readonly retry?: () => void
  readonly empty?: string
  /** Turning pages; left out when the list comes in one piece. */
  readonly paged?: Pick<Paged<T>, 'page' | 'goBack' | 'goOn' | 'total'>
  readonly onOpen?: (row: T) => void
  /** Width below which the table scrolls sideways, or becomes cards, in px. */
  readonly minWidth?: number
  /** Key of the column that heads a card; the first one unless given. */
  readonly heading?: string
  /** Choosing many rows by `rowKey`. */
  readonly choice?: Choice
}

/**
 * A list with loading, empty and error state and keyset paging: a table, or cards where the screen is too narrow for it.
 * Rows open by click, or by the button of the row.
 */
export function DataTable<T extends object>(props: Props<T>) {
  const { rows, error, loading, retry, paged, onOpen, choice } = props
  const minWidth = props.minWidth ?? 640
  const { place, narrow } = useNarrow(minWidth)
  const empty = props.empty ?? t('没有符合条件的记录')
  const again = retry ? { retry } : {}
  return (
    <div ref={place}>
      {error ? <ErrorState error={error} {...again} /> : null}
      {!rows && !error ? <Loading /> : null}
      {rows && narrow ? (
        <Cards<T>
          label={props.label}
          columns={props.columns}
          rows={rows}
          rowKey={props.rowKey}
          empty={empty}
          {...(props.heading ? { heading: props.heading } : {})}
          {...(onOpen ? { onOpen } : {})}
          {...(choice ? { choice } : {})}
        />
      ) : null}
      {rows && !narrow ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="table-scroll" aria-label={props.label} tabIndex={0}>
          <Table<T>
            size="middle"
            style={{ minWidth }}
            columns={props.columns}
            dataSource={rows as T[]}
            rowKey={props.rowKey}
            loading={loading ?? false}
            pagination={false}
            locale={{ emptyText: <EmptyState text={empty} /> }}
            {...(onOpen ? { onRow: (row: T) => ({ onClick: () => onOpen(row), className: 'clickable' }) } : {})}
            {...(choice
              ? {
                  rowSelection: {
                    columnWidth: 44,
                    selectedRowKeys: [...choice.chosen],
                    // What was ticked on another page or under another filter stays.
                    preserveSelectedRowKeys: true,
                    onChange: (keys: React.Key[]) => choice.onChoose(keys.map(String)),
                    getCheckboxProps: (row: T) => ({
                      'aria-label': t('选择 {row}', { row: String(row[props.rowKey]) }),
                    }),
                    // The click on the box chooses; it does not open the row.
                    onCell: () => ({ onClick: (event: React.MouseEvent) => event.stopPropagation() }),
                  },
                }
              : {})}
          />
        </section>
      ) : null}
      {rows && paged && (paged.goBack || paged.goOn || paged.total?.count) ? (
        <nav className="pager" aria-label={t('翻页')}>
          {paged.total ? <TotalText total={paged.total} /> : null}
          <Button onClick={paged.goBack} disabled={!paged.goBack}>
            {t('上一页')}
          </Button>
          <span>{t('第 {page} 页', { page: paged.page })}</span>
          <Button onClick={paged.goOn} disabled={!paged.goOn}>
            {t('下一页')}
          </Button>
        </nav>
      ) : null}
    </div>
  )
}

function TotalText({ total: { count, estimated } }: { readonly total: Total }) {
  const shown = { count: formatCount(count) }
  return <span className="total">{estimated ? t('约 {count} 条（估计）', shown) : t('共 {count} 条', shown)}</span>
}

export interface Choosable {
  readonly key: string
  readonly title: string
}

/** Which columns are shown, kept on this device under `name`. */
export function useColumns(name: string, all: readonly Choosable[], first: readonly string[]) {
  const [shown, setShown] = useState<readonly string[]>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(`columns.${name}`) ?? 'null')
      return Array.isArray(kept) ? all.map(({ key }) => key).filter((key) => kept.includes(key)) : first
    } catch {
      return first
    }
  })
  const choose = (next: readonly string[]) => {
    setShown(next)
    localStorage.setItem(`columns.${name}`, JSON.stringify(next))
  }
  return { shown, choose }
}

/** Button that lets one choose columns. */
export function ColumnChoice({
  all,
  shown,
  choose,
}: {
  readonly all: readonly Choosable[]
  readonly shown: readonly string[]
  readonly choose: (keys: readonly string[]) => void
}) {
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('显示的列')}
      content={
        <Checkbox.Group
          className="column-choice"
          value={[...shown]}
          onChange={(keys) => choose(all.map(({ key }) => key).filter((key) => keys.includes(key)))}
          options={all.map(({ key, title }) => ({ value: key, label: title }))}
        />
      }
    >
      <Button icon={<Icon name="columns" />}>{t('列')}</Button>
    </Popover>
  )
}
