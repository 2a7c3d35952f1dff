import { useMutation, useQuery } from '@tanstack/react-query'
import type { ExportList, TemplateItem } from '@vigil/contract'
import { exportListNames, exportLists } from '@vigil/contract/terms'
import { Button, Form, Input, Modal, Select, Upload } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useSetSearch } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { refreshTemplates } from './refresh.ts'
import { TemplateEditor } from './TemplateEditor.tsx'

/** Button and dialog that take a workbook as a new template. */
function UploadTemplate({ onMade }: { readonly onMade: (id: string) => void }) {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<File>()
  const save = useMutation({
    mutationFn: ({ name, list }: { name: string; list: ExportList }) => {
      const body = new FormData()
      // The fields stand before the file, which is read as it comes.
      body.set('name', name.trim())
      body.set('list', list)
      if (chosen) body.set('file', chosen, chosen.name)
      return call('template.create', { body })
    },
    onSuccess: (made) => {
      setOpen(false)
      void refreshTemplates()
      onMade(made.id)
    },
  })
  return (
    <>
      <Button type="primary" icon={<Icon name="upload" />} onClick={() => setOpen(true)}>
        {t('上传模板')}
      </Button>
      <Modal
        open={open}
        title={t('上传导出模板')}
        footer={null}
        onCancel={() => setOpen(false)}
        afterClose={() => {
          save.reset()
          setChosen(undefined)
        }}
        destroyOnHidden
      >
        <p className="hint">
          {t('上级下发的 XLSX 表样，保留标题、表头和一行空白数据行的格式。表头认得的列自动对应。')}
        </p>
        <Form<{ name: string; list: ExportList }>
          layout="vertical"
          requiredMark={false}
          initialValues={{ list: 'purchases' }}
          onFinish={(values) => save.mutate(values)}
        >
          <Form.Item
            name="name"
            label={t('模板名称')}
            rules={[{ required: true, whitespace: true, message: t('请填写模板名称') }]}
          >
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="list" label={t('用于')}>
            <Select options={exportLists.map((value) => ({ value, label: t(exportListNames[value]) }))} />
          </Form.Item>
          <Upload.Dragger
            accept=".xlsx"
            maxCount={1}
            fileList={chosen ? [{ uid: '1', name: chosen.name }] : []}
            onRemove={() => setChosen(undefined)}
            beforeUpload={(file) => {
              setChosen(file)
              return false
            }}
          >
            <p className="upload-lead">{t('点击选择 XLSX 文件，或拖到这里')}</p>
          </Upload.Dragger>
          <ProblemAlert error={save.error} fields />
          <Button
            type="primary"
            htmlType="submit"
            disabled={!chosen}
            loading={save.isPending}
            className="dialog-submit"
          >
            {t('上传')}
          </Button>
        </Form>
      </Modal>
    </>
  )
}

/** Templates of exports: list, upload, and the mapping of one. */
export function TemplatePage() {
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const list = useQuery({
    queryKey: [...keys.exports, 'templates'],
    queryFn: () => call('template.list', { query: {} }),
  })
  const open = (id: string | undefined) => setSearch({ template: id })
  if (search.template) return <TemplateEditor id={search.template} onClose={() => open(undefined)} />
  return (
    <Page
      title={t('导出模板')}
      note={t('按上级的表样导出：上传一次 XLSX，各列对应一次，每次改动留一个版本。')}
      actions={<UploadTemplate onMade={open} />}
    >
      <Panel flush>
        <DataTable<TemplateItem>
          label={t('导出模板')}
          rowKey="id"
          rows={list.data?.items}
          error={list.error}
          retry={() => void list.refetch()}
          minWidth={860}
          empty={t('还没有模板')}
          onOpen={(row) => open(row.id)}
          columns={[
            {
              title: t('名称'),
              key: 'name',
              render: (_, row) => (
                <>
                  <div>{row.name}</div>
                  <div className="muted">{row.workbookName}</div>
                </>
              ),
            },
            { title: t('用于'), key: 'list', width: 110, render: (_, row) => t(exportListNames[row.list]) },
            {
              title: t('分行'),
              key: 'grain',
              width: 120,
              render: (_, row) => (row.grain === 'item' ? t('每种药品一行') : t('每条一行')),
            },
            { title: t('适用'), dataIndex: 'areaName', width: 100 },
            { title: t('版本'), dataIndex: 'version', width: 70, align: 'right' },
            {
              title: t('检查'),
              key: 'check',
              width: 130,
              render: (_, row) =>
                row.problems.length > 0 ? (
                  <Mark tone="bad">{t('{count} 处不符', { count: row.problems.length })}</Mark>
                ) : (
                  <Mark tone="good">{t('可用')}</Mark>
                ),
            },
            { title: t('更新'), key: 'updated', width: 150, render: (_, row) => formatTime(row.updatedAt) },
            {
              key: 'open',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 72,
              render: (_, row) => (
                <Button
                  type="link"
                  size="small"
                  aria-label={t('对应 {name}', { name: row.name })}
                  onClick={(event) => {
                    event.stopPropagation()
                    open(row.id)
                  }}
                >
                  {t('对应')}
                </Button>
              ),
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
