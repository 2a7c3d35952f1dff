import { useMutation, useQuery } from '@tanstack/react-query'
import type { ExportListInfo, TemplateColumn, TemplateDetail } from '@vigil/contract'
import { Alert, App, Button, Form, Input, InputNumber, Radio, Select, Table, Upload } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { saveFile } from '../../kernel/download.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading, ProblemAlert } from '../../ui/states.tsx'
import { ColumnMap } from './ColumnMap.tsx'
import { type Draft, draftOf } from './mapping.ts'
import { refreshTemplates } from './refresh.ts'

const keyOf = (id: string) => [...keys.exports, 'template', id] as const

/** What no longer fits, in words. */
function Problems({ detail }: { readonly detail: TemplateDetail }) {
  if (detail.problems.length === 0) return null
  return (
    <Alert
      type="error"
      showIcon
      title={t('模板与对应关系不符，改好前不能用它导出')}
      description={
        <ul className="plain">
          {detail.problems.map((problem) => (
            <li key={`${problem.code}/${problem.column}`}>{problem.detail}</li>
          ))}
        </ul>
      }
    />
  )
}

function Versions({ detail }: { readonly detail: TemplateDetail }) {
  return (
    <Panel title={t('版本')} flush>
      <Table
        size="small"
        rowKey="version"
        pagination={{ pageSize: 8, hideOnSinglePage: true, size: 'small' }}
        dataSource={detail.versions}
        scroll={{ x: 560 }}
        columns={[
          { title: t('版本'), dataIndex: 'version', width: 70, align: 'right' },
          { title: t('改动'), dataIndex: 'note', width: 120 },
          { title: t('文件'), dataIndex: 'workbookName' },
          { title: t('时间'), dataIndex: 'at', width: 150, render: formatTime },
          { title: t('操作人'), dataIndex: 'by', width: 110 },
        ]}
      />
    </Panel>
  )
}

interface Props {
  readonly detail: TemplateDetail
  readonly info: ExportListInfo
  readonly onClose: () => void
}

/** Rows of the head, how the file is cut into rows, and what fills each column. */
function Editor({ detail, info, onClose }: Props) {
  const { message } = App.useApp()
  const [draft, setDraft] = useState<Draft>(() => draftOf(detail))
  const { sheet, headFrom, headTo } = draft
  const heads = useQuery({
    queryKey: [...keyOf(detail.id), detail.version, sheet, headFrom, headTo],
    queryFn: () => call('template.read', { params: { id: detail.id }, query: { sheet, headFrom, headTo } }),
    initialData:
      detail.sheet === sheet && detail.headFrom === headFrom && detail.headTo === headTo ? detail : undefined,
  })
  const columns: TemplateColumn[] = (heads.data?.heads ?? []).map(
    ({ column }) => draft.columns.get(column) ?? { column, source: 'empty' },
  )
  const mapping = { grain: draft.grain, sheet, headFrom, headTo, columns }
  const preview = useMutation({
    mutationFn: () => call('template.preview', { params: { id: detail.id }, body: mapping }),
  })
  const save = useMutation({
    mutationFn: () =>
      call('template.save', {
        params: { id: detail.id },
        body: { name: draft.name, version: detail.version, ...mapping },
      }),
    onSuccess: (saved) => {
      void message.success(t('已保存为第 {version} 版', { version: saved.version }))
      void refreshTemplates()
    },
  })
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const chosen = detail.sheets.find(({ name }) => name === sheet)
  return (
    <>
      <Panel title={t('表头与分行')}>
        <Form layout="vertical" className="template-head">
          <Form.Item label={t('模板名称')} htmlFor="template-name">
            <Input
              id="template-name"
              maxLength={60}
              value={draft.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          </Form.Item>
          <Form.Item label={t('工作表')} htmlFor="template-sheet">
            <Select
              id="template-sheet"
              value={sheet}
              onChange={(name) => {
                const next = detail.sheets.find((each) => each.name === name)
                change({ sheet: name, headFrom: next?.headFrom ?? 1, headTo: next?.headTo ?? 1, columns: new Map() })
              }}
              options={detail.sheets.map(({ name }) => ({ value: name, label: name }))}
            />
          </Form.Item>
          <Form.Item label={t('表头起始行')} htmlFor="template-from">
            <InputNumber
              id="template-from"
              min={1}
              max={headTo}
              value={headFrom}
              onChange={(value) => value && change({ headFrom: value })}
            />
          </Form.Item>
          <Form.Item label={t('表头结束行')} htmlFor="template-to">
            <InputNumber
              id="template-to"
              min={headFrom}
              max={30}
              value={headTo}
              onChange={(value) => value && change({ headTo: value })}
            />
          </Form.Item>
          {info.grains.includes('item') ? (
            <Form.Item label={t('分行')}>
              <Radio.Group
                value={draft.grain}
                onChange={({ target }) => change({ grain: target.value })}
                options={[
                  { value: 'record', label: t('每条登记一行') },
                  { value: 'item', label: t('每种药品一行') },
                ]}
              />
            </Form.Item>
          ) : null}
        </Form>
        {chosen && chosen.rows.length > 0 ? null : <p className="hint">{t('该工作表是空的。')}</p>}
      </Panel>
      <Panel
        title={t('各列填什么')}
        flush
        extra={
          <Button size="small" loading={preview.isPending} onClick={() => preview.mutate()}>
            {t('预览三行')}
          </Button>
        }
      >
        {heads.isFetching && !heads.data ? <Loading /> : null}
        <ColumnMap
          heads={heads.data?.heads ?? []}
          columns={columns}
          info={info}
          preview={preview.data?.rows}
          onChange={(column) => change({ columns: new Map([...draft.columns, [column.column, column]]) })}
        />
      </Panel>
      <ProblemAlert error={preview.error ?? save.error} fields />
      <div className="template-actions">
        <Button type="primary" loading={save.isPending} disabled={columns.length === 0} onClick={() => save.mutate()}>
          {t('保存对应关系')}
        </Button>
        <Button onClick={onClose}>{t('返回')}</Button>
      </div>
    </>
  )
}

/** One template: its check, its mapping, its versions. */
export function TemplateEditor({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const detail = useQuery({
    queryKey: keyOf(id),
    queryFn: () => call('template.read', { params: { id }, query: {} }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const lists = useQuery({ queryKey: [...keys.exports, 'lists'], queryFn: () => call('export.lists') })
  const replace = useMutation({
    mutationFn: (chosen: File) => {
      const body = new FormData()
      body.set('file', chosen, chosen.name)
      return call('template.replace', { params: { id }, body })
    },
    onSuccess: () => refreshTemplates(),
  })
  const download = useMutation({ mutationFn: () => saveFile('template.download', t('模板.xlsx'), { id }) })
  const info = lists.data?.items.find(({ key }) => key === detail.data?.list)
  const error = detail.error ?? lists.error
  return (
    <Page
      title={detail.data?.name ?? t('导出模板')}
      note={
        detail.data
          ? t('第 {version} 版 · {file}', { version: detail.data.version, file: detail.data.workbookName })
          : null
      }
      actions={
        <>
          <Button onClick={onClose}>{t('全部模板')}</Button>
          <Button loading={download.isPending} onClick={() => download.mutate()}>
            {t('下载表样')}
          </Button>
          <Upload
            accept=".xlsx"
            maxCount={1}
            showUploadList={false}
            beforeUpload={(chosen) => {
              replace.mutate(chosen)
              return false
            }}
          >
            <Button loading={replace.isPending}>{t('更换表样')}</Button>
          </Upload>
          <ConfirmButton
            label={t('停用')}
            title={t('停用这个模板？')}
            button={{ danger: true }}
            onConfirm={() => call('template.archive', { params: { id } })}
            onDone={() => {
              void refreshTemplates()
              onClose()
            }}
          >
            <p>{t('以后不能再用它导出；已导出的文件和各版本仍可查。')}</p>
          </ConfirmButton>
        </>
      }
    >
      <ProblemAlert error={replace.error ?? download.error} fields />
      {error ? <ErrorState error={error} /> : null}
      {!error && !(detail.data && info) ? <Loading /> : null}
      {detail.data && info ? (
        <div className="stack">
          <Problems detail={detail.data} />
          <Editor key={detail.data.version} detail={detail.data} info={info} onClose={onClose} />
          <Versions detail={detail.data} />
        </div>
      ) : null}
    </Page>
  )
}
