import { useMutation } from '@tanstack/react-query'
import type { ColdRecallDetail } from '@vigil/contract'
import { Button, Form, Input, InputNumber, Select, Upload } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { openFile } from '../../kernel/download.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { FormButton } from './FormButton.tsx'
import { HolderSelect } from './HolderSelect.tsx'
import { weight } from './words.ts'

type Disposal = ColdRecallDetail['disposals'][number]

interface Destruction {
  readonly lotId: string
  readonly holderId: string
  readonly grams: number
  readonly orderNo: string
  readonly witness: string
  readonly note?: string
}

/** Destroys grams of a recalled lot at a holder under an order, before a witness. */
export function DisposeButton({ recall: { id, lines, lots, collector } }: { readonly recall: ColdRecallDetail }) {
  const named = new Map([
    ...lots.map((lot) => [lot.id, lot.lotNo] as const),
    ...lines.map(({ lotId, lotNo }) => [lotId, lotNo] as const),
  ])
  const required = (message: string) => [{ required: true, message }]
  return (
    <FormButton<Destruction>
      label={t('登记销毁')}
      title={t('监督销毁')}
      okText={t('登记销毁')}
      button={{ danger: true }}
      initial={{
        ...(named.size === 1 ? { lotId: [...named.keys()][0]! } : {}),
        ...(collector ? { holderId: collector.id } : {}),
      }}
      submit={({ note, ...body }) =>
        call('cold-recall.dispose', { params: { id }, body: { ...body, note: note ?? '' } })
      }
    >
      <Form.Item name="lotId" label={t('批次')} rules={required(t('请选择批次'))}>
        <Select options={[...named].map(([value, label]) => ({ value, label }))} />
      </Form.Item>
      <Form.Item name="holderId" label={t('销毁地点')} rules={required(t('请选择食品所在的经营者'))}>
        <HolderSelect />
      </Form.Item>
      <div className="form-row">
        <Form.Item name="grams" label={t('重量（克）')} rules={required(t('请填写重量'))}>
          <InputNumber min={1} max={1_000_000_000_000} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="orderNo" label={t('销毁指令编号')} rules={required(t('请填写指令编号'))}>
          <Input maxLength={60} />
        </Form.Item>
      </div>
      <Form.Item name="witness" label={t('监销人')} rules={required(t('请填写监销人'))}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="note" label={t('说明')} extra={t('登记后可以为这次销毁上传照片和处置文件。')}>
        <Input maxLength={300} />
      </Form.Item>
    </FormButton>
  )
}

function Proofs({ disposal: { id, files } }: { readonly disposal: Disposal }) {
  const can = useCan()
  const add = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file, file.name)
      return call('cold-recall.add-proof', { params: { id: id! }, body: body as never })
    },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: keys.coldchain }),
  })
  return (
    <div>
      {files.map((file) => (
        <div key={file.id}>
          <Button
            type="link"
            className="link"
            onClick={() => openFile('cold-recall.proof', { id, fileId: file.id }, file.filename)}
          >
            {file.filename}
          </Button>
        </div>
      ))}
      {id !== null && can('coldchain.inspect') && files.length < 9 ? (
        <Upload
          accept=".png,.jpg,.jpeg,.pdf"
          maxCount={1}
          showUploadList={false}
          disabled={add.isPending}
          beforeUpload={(file) => {
            add.mutate(file)
            return false
          }}
        >
          <Button size="small" loading={add.isPending}>
            {t('上传照片或文件')}
          </Button>
        </Upload>
      ) : null}
      <ProblemAlert error={add.error} fields />
    </div>
  )
}

/** What was destroyed of the recalled goods, who saw it, and what proves it. */
export function Disposals({ recall: { disposals } }: { readonly recall: ColdRecallDetail }) {
  return (
    <DataTable<Disposal & { key: string }>
      label={t('销毁记录')}
      rowKey="key"
      rows={disposals.map((row, at) => ({ ...row, key: row.id ?? String(at) }))}
      minWidth={640}
      empty={t('还没有销毁记录')}
      columns={[
        {
          title: t('销毁'),
          key: 'what',
          render: (_, row) => (
            <>
              <div>{row.holderName}</div>
              <div className="muted">
                {row.lotNo} · {row.orderNo}
              </div>
            </>
          ),
        },
        { title: t('重量'), key: 'grams', width: 120, align: 'right', render: (_, row) => weight(row.grams) },
        { title: t('监销人'), key: 'witness', width: 130, render: (_, row) => row.witness || '—' },
        { title: t('时间'), dataIndex: 'at', width: 140, render: formatTime },
        { title: t('照片与文件'), key: 'files', width: 180, render: (_, row) => <Proofs disposal={row} /> },
      ]}
    />
  )
}
