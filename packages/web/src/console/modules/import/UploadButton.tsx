import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ImportKindName } from '@vigil/contract'
import { importKinds, importPermissions } from '@vigil/contract/terms'
import { Button, Modal, Radio, Upload } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { kindNames } from './words.ts'

/** Chooses what a file holds and uploads it; then its page opens. */
export function UploadButton() {
  const can = useCan()
  const kinds = importKinds.filter((kind) => can(importPermissions[kind]))
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<ImportKindName>()
  const kind = chosen ?? kinds[0]
  const navigate = useNavigate()
  const upload = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file, file.name)
      return call('import.create', { query: { kind: kind! }, body: body as never })
    },
    onSuccess: ({ id }) => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.imports })
      void navigate({ to: '/imports/$id', params: { id } } as never)
    },
  })
  if (!kind) return null
  return (
    <>
      <Button type="primary" icon={<Icon name="upload" />} onClick={() => setOpen(true)}>
        {t('上传文件')}
      </Button>
      <Modal
        open={open}
        title={t('上传要导入的文件')}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        afterClose={() => upload.reset()}
        destroyOnHidden
      >
        <p className="hint">{t('文件里是什么？')}</p>
        <Radio.Group
          className="import-kinds"
          aria-label={t('文件里是什么？')}
          optionType="button"
          value={kind}
          onChange={({ target }) => setChosen(target.value as ImportKindName)}
          options={kinds.map((value) => ({ value, label: kindNames[value] }))}
        />
        <Upload.Dragger
          accept=".xlsx,.csv"
          maxCount={1}
          showUploadList={false}
          disabled={upload.isPending}
          beforeUpload={(file) => {
            upload.mutate(file)
            return false
          }}
        >
          <p className="upload-lead">{upload.isPending ? t('正在上传，请稍候…') : t('点击选择文件，或拖到这里')}</p>
          <p className="hint">
            {t('XLSX 或 CSV（UTF-8、GB18030），不超过 200 MB。上传后先核对列、试导入，确认后才写入。')}
          </p>
        </Upload.Dragger>
        <ProblemAlert error={upload.error} fields />
      </Modal>
    </>
  )
}
