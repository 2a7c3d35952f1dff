import { Checkbox, type TableColumnsType } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../../text.ts'
import { EmptyState } from './states.tsx'

type Column<T> = TableColumnsType<T>[number]

export interface Choice {
  readonly chosen: readonly string[]
  readonly onChoose: (keys: string[]) => void
}

function cell<T extends object>(column: Column<T>, row: T, index: number): ReactNode {
  const name = 'dataIndex' in column ? (column.dataIndex as keyof T & string) : undefined
  const value = name === undefined ? undefined : row[name]
  // A table of antd may answer an object with cell properties; none of the console's columns does.
  return column.render ? (column.render(value, row, index) as ReactNode) : (value as ReactNode)
}

const keyOf = <T,>(column: Column<T>, index: number) =>
  String(column.key ?? ('dataIndex' in column ? column.dataIndex : index))

/**
 * A table as a list of cards for narrow screens: the first named column is the heading of a card, the others stand below
 * with their names, and the column without a name (actions) ends it.
 */
export function Cards<T extends object>({
  label,
  columns,
  rows,
  rowKey,
  empty,
  heading,
  onOpen,
  choice,
}: {
  readonly label: string
  readonly columns: TableColumnsType<T>
  readonly rows: readonly T[]
  readonly rowKey: keyof T & string
  readonly empty: string
  /** Key of the column that heads a card; the first one unless given. */
  readonly heading?: string
  readonly onOpen?: (row: T) => void
  readonly choice?: Choice
}) {
  if (rows.length === 0) return <EmptyState text={empty} />
  const named = columns.filter(({ title }) => typeof title === 'string')
  const actions = columns.filter(({ title }) => typeof title !== 'string')
  const head = named.find((column, index) => keyOf(column, index) === heading) ?? named[0]
  return (
    <ul className="cards" aria-label={label}>
      {rows.map((row, index) => {
        const key = String(row[rowKey])
        return (
          <li key={key} {...(onOpen ? { onClick: () => onOpen(row), className: 'clickable' } : {})}>
            <div className="card-head">
              {choice ? (
                // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: keeps the tap from opening the card
                <span onClick={(event) => event.stopPropagation()}>
                  <Checkbox
                    aria-label={t('选择 {key}', { key })}
                    checked={choice.chosen.includes(key)}
                    onChange={({ target }) =>
                      choice.onChoose(
                        target.checked ? [...choice.chosen, key] : choice.chosen.filter((each) => each !== key),
                      )
                    }
                  />
                </span>
              ) : null}
              <div className="card-title">{head ? cell(head, row, index) : null}</div>
              {actions.map((column, at) => (
                <div key={keyOf(column, at)}>{cell(column, row, index)}</div>
              ))}
            </div>
            <dl>
              {named
                .filter((column) => column !== head)
                .map((column, at) => (
                  <div key={keyOf(column, at)}>
                    <dt>{column.title as string}</dt>
                    <dd>{cell(column, row, index)}</dd>
                  </div>
                ))}
            </dl>
          </li>
        )
      })}
    </ul>
  )
}
