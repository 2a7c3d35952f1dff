import { useMutation } from '@tanstack/react-query'
import type { ColdLotDetail } from '@vigil/contract'
import { Button, Select, Upload } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

/** Takes the file of a logger that was with the lot at one of those who have some of it. */
export function TemperatureUpload({ lot: { id, balances } }: { readonly lot: ColdLotDetail }) {
  const [chosen, setChosen] = useState<string>()
  const holderId = chosen ?? balances[0]?.holderId
  const add = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file, file.name)
      return call('cold-temperature.add', { params: { id }, query: { holderId: holderId! }, body: body as never })
    },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: keys.coldchain }),
  })
  if (holderId === undefined) return null
  return (
    <div className="recall-upload">
      <Select
        aria-label={t('记录仪所在')}
        value={holderId}
        onChange={setChosen}
        popupMatchSelectWidth={false}
        options={balances.map((row) => ({ value: row.holderId, label: row.holderName }))}
      />
      <Upload
        accept=".csv,.txt"
        maxCount={1}
        showUploadList={false}
        disabled={add.isPending}
        beforeUpload={(file) => {
          add.mutate(file)
          return false
        }}
      >
        <Button icon={<Icon name="upload" />} loading={add.isPending}>
          {t('上传记录仪文件')}
        </Button>
      </Upload>
      <ProblemAlert error={add.error} fields />
    </div>
  )
}
