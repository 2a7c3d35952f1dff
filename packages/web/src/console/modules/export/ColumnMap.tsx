import type { ExportListInfo, TemplateColumn, TemplateDetail } from '@vigil/contract'
import { Button, Input, InputNumber, Popover, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { codesText, readCodes } from './mapping.ts'

type Field = ExportListInfo['fields'][number]

const empty = 'empty'
const constant = 'constant'
const number = 'number'
const join = 'join'

const patterns = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  t('YYYY年M月D日'),
  'YYYYMMDD',
  'YYYY-MM-DD HH:mm',
  'YYYY/MM/DD HH:mm',
  'YYYYMMDDHHmmss',
]

/** What the column is filled from, as one choice. */
const choiceOf = (column: TemplateColumn): string =>
  column.source === 'field' ? `field:${column.field}` : column.source

function columnFrom(column: number, choice: string): TemplateColumn {
  const [kind = '', key] = choice.split(':')
  if (kind === 'field' && key) return { column, source: 'field', field: key }
  if (kind === join) return { column, source: 'join', fields: [], separator: '' }
  return { column, source: kind as TemplateColumn['source'] }
}

/** Form of dates and numbers, and the codes that the recipient wants. */
function Details({
  column,
  field,
  name,
  onChange,
}: {
  readonly column: TemplateColumn
  readonly field: Field | undefined
  readonly name: string
  readonly onChange: (column: TemplateColumn) => void
}) {
  const [codes, setCodes] = useState(() => codesText(column))
  const { codes: _codes, otherwise: _otherwise, ...bare } = column
  const dated = field?.type === 'datetime' || field?.type === 'day'
  const counted = field?.type === 'integer' || field?.type === 'decimal'
  return (
    <div className="column-details">
      {dated ? (
        <Select
          aria-label={t('{name} 的日期格式', { name })}
          value={column.pattern ?? ''}
          onChange={(pattern) => {
            const { pattern: _pattern, ...rest } = column
            onChange(pattern ? { ...rest, pattern } : rest)
          }}
          options={[{ value: '', label: t('按单元格格式') }, ...patterns.map((value) => ({ value, label: value }))]}
        />
      ) : null}
      {counted ? (
        <InputNumber
          aria-label={t('{name} 的小数位数', { name })}
          placeholder={t('小数位')}
          min={0}
          max={6}
          value={column.decimals ?? null}
          onChange={(decimals) => {
            const { decimals: _decimals, ...rest } = column
            onChange(decimals === null ? rest : { ...rest, decimals })
          }}
        />
      ) : null}
      {dated || counted || column.source === constant || column.source === number ? null : (
        <Popover
          trigger="click"
          title={t('代码对照')}
          onOpenChange={(open) => (open ? setCodes(codesText(column)) : onChange({ ...bare, ...readCodes(codes) }))}
          content={
            <div className="column-codes">
              <Input.TextArea
                aria-label={t('{name} 的代码对照', { name })}
                rows={8}
                value={codes}
                onChange={({ target }) => setCodes(target.value)}
                placeholder={t('每行一个：值=代码')}
              />
              <p className="hint">{t('每行一个“值=代码”，“*=代码”用于其余的值。')}</p>
              {field?.values.length ? (
                <Button size="small" onClick={() => setCodes(field.values.map((value) => `${value}=`).join('\n'))}>
                  {t('列出全部取值')}
                </Button>
              ) : null}
            </div>
          }
        >
          <Button size="small">
            {column.codes?.length ? t('{count} 个代码', { count: column.codes.length }) : t('代码对照')}
          </Button>
        </Popover>
      )}
    </div>
  )
}

interface Props {
  readonly heads: TemplateDetail['heads']
  readonly columns: readonly TemplateColumn[]
  readonly info: ExportListInfo
  readonly preview: readonly (readonly string[])[] | undefined
  readonly onChange: (column: TemplateColumn) => void
}

/** Each column of the sheet with what fills it and the first values. */
export function ColumnMap({ heads, columns, info, preview, onChange }: Props) {
  const fieldOf = (key: string | undefined) => info.fields.find((field) => field.key === key)
  const fields = info.fields.map(({ key, name, personal }) => ({
    value: `field:${key}`,
    label: personal ? t('{name}（个人信息）', { name }) : name,
  }))
  const options = [
    { value: empty, label: t('留空') },
    { value: number, label: t('序号') },
    { value: constant, label: t('固定文字') },
    { value: join, label: t('几个字段连在一起') },
    { label: t('字段'), title: 'fields', options: fields },
  ]
  const rows = heads.map((head, at) => ({ key: head.cell + head.column, head, at, column: columns[at]! }))
  return (
    <DataTable<(typeof rows)[number]>
      label={t('各列填什么')}
      rowKey="key"
      rows={rows}
      minWidth={760}
      heading="head"
      empty={t('这几行里没有表头，请调整表头所在的行')}
      columns={[
        {
          title: t('模板的列'),
          key: 'head',
          width: 220,
          render: (_, { head }) => (
            <>
              <div>{head.text}</div>
              <div className="muted number">{head.cell}</div>
            </>
          ),
        },
        {
          title: t('填入'),
          key: 'fill',
          width: 260,
          render: (_, { head, column }) => (
            <div className="column-fill">
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                aria-label={t('{name} 填入', { name: head.text })}
                value={choiceOf(column)}
                onChange={(choice) => onChange(columnFrom(head.column, choice))}
                options={options}
              />
              {column.source === constant ? (
                <Input
                  aria-label={t('{name} 的固定文字', { name: head.text })}
                  maxLength={200}
                  value={column.constant ?? ''}
                  onChange={({ target }) => onChange({ ...column, constant: target.value })}
                />
              ) : null}
              {column.source === join ? (
                <Select
                  mode="multiple"
                  maxCount={6}
                  aria-label={t('{name} 的字段', { name: head.text })}
                  value={(column.fields ?? []).map((key) => `field:${key}`)}
                  onChange={(chosen) =>
                    onChange({ ...column, fields: chosen.map((key) => key.slice('field:'.length)) })
                  }
                  options={fields}
                />
              ) : null}
            </div>
          ),
        },
        {
          title: t('格式'),
          key: 'details',
          width: 170,
          render: (_, { head, column }) =>
            column.source === empty ? null : (
              <Details column={column} field={fieldOf(column.field)} name={head.text} onChange={onChange} />
            ),
        },
        {
          title: t('前三行'),
          key: 'preview',
          render: (_, { at }) =>
            preview ? (
              preview.map((row, line) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of a preview have no other name
                <div key={line} className="muted preview-line">
                  {row[at] || '—'}
                </div>
              ))
            ) : (
              <span className="muted">—</span>
            ),
        },
      ]}
    />
  )
}
