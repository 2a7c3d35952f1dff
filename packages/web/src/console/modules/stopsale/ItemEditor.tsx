import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { DrugItem, StopSaleItemInput } from '@vigil/contract'
import { drugClasses, drugClassNames } from '@vigil/contract/terms'
import { Alert, Button, Select, Upload } from 'antd'
import { useDeferredValue, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import './stopsale.css'
import { kindNames } from './words.ts'

export type Chosen = StopSaleItemInput & { readonly name: string }

const keyOf = ({ kind, value }: StopSaleItemInput) => `${kind}:${value}`

const nameOf = (drug: DrugItem) =>
  [drug.generic, drug.strength, drug.form, drug.brand && `(${drug.brand})`].filter(Boolean).join(' ')

const ofDrug = (drug: DrugItem): Chosen => ({ kind: 'drug', value: drug.id, name: nameOf(drug) })

/** Drugs that answer what is typed, and the rules that they suggest. */
function useChoices(kind: StopSaleItemInput['kind'], typed: string): Chosen[] {
  const q = useDeferredValue(typed.trim())
  const query = useQuery({
    queryKey: [...keys.drugs, 'stop', q],
    queryFn: ({ signal }) => call('drug.search', { query: { ...(q ? { q } : {}), limit: 50 }, signal }),
    placeholderData: keepPreviousData,
    enabled: kind !== 'class',
  })
  if (kind === 'class')
    return drugClasses.map((value) => ({ kind, value, name: t('{name}类全部药品', { name: drugClassNames[value] }) }))
  const drugs = query.data?.items ?? []
  if (kind === 'drug') return drugs.map(ofDrug)
  const generics = [...new Set([...drugs.map(({ generic }) => generic), ...(q ? [q] : [])])]
  return generics.map((value) => ({ kind, value, name: t('{value}（全部规格）', { value }) }))
}

function FromFile({ onFound }: { readonly onFound: (found: Chosen[]) => void }) {
  const run = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file, file.name)
      return call('stop-sale.match-drugs', { body: body as never })
    },
    onSuccess: ({ matched }) => onFound(matched.flatMap(({ drugs }) => drugs.map(ofDrug))),
  })
  return (
    <>
      <Upload
        accept=".xlsx,.csv"
        maxCount={1}
        showUploadList={false}
        disabled={run.isPending}
        beforeUpload={(file) => {
          run.mutate(file)
          return false
        }}
      >
        <Button icon={<Icon name="upload" />} loading={run.isPending}>
          {t('从名单导入（XLSX、CSV）')}
        </Button>
      </Upload>
      <ProblemAlert error={run.error} fields />
      {run.data ? (
        <Alert
          showIcon
          role="status"
          type={run.data.unmatched.length > 0 ? 'warning' : 'success'}
          title={t('名单中 {matched} 行已找到，{unmatched} 行没有找到', {
            matched: run.data.matched.length,
            unmatched: run.data.unmatched.length,
          })}
          description={
            run.data.unmatched.length > 0
              ? run.data.unmatched
                  .slice(0, 20)
                  .map(({ row, text, reason }) => (
                    <div key={row}>{t('第 {row} 行 {text}：{reason}', { row, text, reason })}</div>
                  ))
              : undefined
          }
        />
      ) : null}
    </>
  )
}

/** The lines of an order: single drugs, generic names and classes, picked or read from a file. */
export function ItemEditor({
  value = [],
  onChange,
}: {
  readonly value?: readonly Chosen[]
  readonly onChange?: (items: Chosen[]) => void
}) {
  const [kind, setKind] = useState<StopSaleItemInput['kind']>('drug')
  const [typed, setTyped] = useState('')
  const choices = useChoices(kind, typed)
  const add = (more: readonly Chosen[]) =>
    onChange?.([...new Map([...value, ...more].map((item) => [keyOf(item), item])).values()])
  return (
    <div className="stack">
      <div className="stop-add">
        <Select
          aria-label={t('按什么选')}
          value={kind}
          onChange={setKind}
          options={(['drug', 'generic', 'class'] as const).map((each) => ({ value: each, label: kindNames[each] }))}
        />
        <Select<string>
          aria-label={t('加入药品')}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          value={null as never}
          placeholder={kind === 'drug' ? t('名称、拼音首字母、批准文号') : t('点击选择，含以后新增的药品')}
          onSelect={(key) => {
            const found = choices.find((choice) => keyOf(choice) === key)
            if (found) add([found])
            setTyped('')
          }}
          options={choices.map((choice) => ({ value: keyOf(choice), label: choice.name }))}
        />
      </div>
      <FromFile onFound={add} />
      {value.length > 0 ? (
        <ul className="stop-items" aria-label={t('已选 {count} 项', { count: value.length })}>
          {value.map((item) => (
            <li key={keyOf(item)}>
              <span>
                {item.name} {item.kind === 'drug' ? null : <Mark tone="info">{kindNames[item.kind]}</Mark>}
              </span>
              <Button
                type="link"
                size="small"
                aria-label={t('移除 {name}', { name: item.name })}
                onClick={() => onChange?.(value.filter((other) => keyOf(other) !== keyOf(item)))}
              >
                {t('移除')}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
