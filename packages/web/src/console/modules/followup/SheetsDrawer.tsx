import { useMutation } from '@tanstack/react-query'
import type { FollowupSheet } from '@vigil/contract'
import { revealPurposeNames, revealPurposes } from '@vigil/contract/terms'
import { Button, Drawer, Form, Input, Radio } from 'antd'
import { useEffect } from 'react'
import { t } from '../../../text.ts'
import { call, type Input as Sent } from '../../kernel/api.ts'
import { saveFile } from '../../kernel/download.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { FormDialog } from './FormDialog.tsx'
import { ReceiptMark } from './parts.tsx'
import { refresh } from './refresh.ts'
import { failureText, recipientNames } from './words.ts'

type File = Sent<'followup.sheet-file'>['body']
type Receipt = Sent<'followup.receipt'>['body']
type SheetRef = Pick<FollowupSheet, 'id' | 'number'>

/** Downloads a sheet: masked, or in clear for a purpose by who may. */
export function SheetFileButton({ sheet: { id, number } }: { readonly sheet: SheetRef }) {
  const can = useCan()
  return (
    <FormDialog<File, void>
      label={t('下载')}
      title={t('下载转交单 {number}', { number })}
      okText={t('下载 XLSX')}
      button={{ size: 'small' }}
      initial={{ clear: false, purpose: 'follow-up' }}
      submit={({ clear, purpose, reason }) =>
        saveFile(
          'followup.sheet-file',
          `${number}.xlsx`,
          { id },
          undefined,
          clear ? { clear, purpose, reason: reason?.trim() } : { clear },
        )
      }
    >
      <Form.Item name="clear" label={t('个人信息')}>
        <Radio.Group
          options={[
            { value: false, label: t('脱敏') },
            { value: true, label: t('明文'), disabled: !can('purchase.reveal') },
          ]}
        />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {({ getFieldValue }) =>
          getFieldValue('clear') ? (
            <>
              <p className="hint">{t('谁、何时、为何下载明文，都会记入审计日志和每个人的随访记录。')}</p>
              <Form.Item name="purpose" label={t('目的')}>
                <Radio.Group options={revealPurposes.map((value) => ({ value, label: revealPurposeNames[value] }))} />
              </Form.Item>
              <Form.Item
                name="reason"
                label={t('理由')}
                rules={[{ required: true, whitespace: true, message: t('请写明理由') }]}
              >
                <Input.TextArea rows={2} maxLength={300} />
              </Form.Item>
            </>
          ) : null
        }
      </Form.Item>
    </FormDialog>
  )
}

/** Types in the receipt of a sheet. */
export function ReceiptButton({ sheet: { id, number } }: { readonly sheet: SheetRef }) {
  return (
    <FormDialog<Receipt, FollowupSheet>
      label={t('登记回执')}
      title={t('转交单 {number} 的回执', { number })}
      okText={t('保存')}
      button={{ size: 'small' }}
      initial={{ note: '' }}
      submit={(body) =>
        call('followup.receipt', {
          params: { id },
          body: { number: body.number.trim(), note: body.note?.trim() ?? '' },
        })
      }
      onDone={refresh}
    >
      <Form.Item
        name="number"
        label={t('回执编号')}
        rules={[{ required: true, whitespace: true, message: t('请填写回执编号') }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="note" label={t('说明（可不填，勿写个人信息）')}>
        <Input.TextArea rows={2} maxLength={300} />
      </Form.Item>
    </FormDialog>
  )
}

/** Sends a sheet again that has not arrived. */
export function SendButton({ sheet: { id, delivery } }: { readonly sheet: Pick<FollowupSheet, 'id' | 'delivery'> }) {
  const run = useMutation({ mutationFn: () => call('followup.send', { params: { id } }), onSuccess: refresh })
  if (failureText(delivery) === undefined) return null
  return (
    <>
      <Button size="small" loading={run.isPending} onClick={() => run.mutate()}>
        {t('重新送达')}
      </Button>
      <ProblemAlert error={run.error} />
    </>
  )
}

/** Hand-over sheets of the own area with their receipts. */
export function SheetsDrawer({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const can = useCan()
  const list = usePaged(
    keys.followups,
    'sheets',
    (cursor, signal) => call('followup.sheets', { query: { limit: 20, ...(cursor ? { cursor } : {}) }, signal }),
    open,
  )
  const sending = open && (list.rows ?? []).some(({ delivery }) => delivery?.state === 'waiting')
  const { refetch } = list
  useEffect(() => {
    if (!sending) return
    const timer = setInterval(() => void refetch(), 4000)
    return () => clearInterval(timer)
  }, [sending, refetch])
  return (
    <Drawer open={open} onClose={onClose} size={820} title={t('转交单')}>
      <DataTable<FollowupSheet>
        label={t('转交单')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        paged={list}
        minWidth={720}
        empty={t('还没有转交过')}
        columns={[
          {
            title: t('转交单'),
            key: 'number',
            width: 170,
            render: (_, row) => (
              <>
                <div className="number">{row.number}</div>
                <div className="muted">
                  {t('{time} · {by}', { time: formatTime(row.createdAt), by: row.createdBy })}
                </div>
              </>
            ),
          },
          {
            title: t('接收单位'),
            key: 'to',
            render: (_, row) => (
              <>
                {row.recipientName}
                <div className="muted">
                  {recipientNames[row.recipient]} · {row.areaName}
                </div>
              </>
            ),
          },
          { title: t('人数'), key: 'persons', width: 60, render: (_, row) => formatCount(row.persons) },
          {
            title: t('回执'),
            key: 'receipt',
            width: 150,
            render: (_, row) =>
              row.receiptAt ? (
                <>
                  <Mark tone="good">{row.receiptNumber}</Mark>
                  <div className="muted">{formatTime(row.receiptAt)}</div>
                </>
              ) : (
                <>
                  <ReceiptMark receipt={false} delivery={row.delivery} />
                  <div className="follow-failed">{failureText(row.delivery)}</div>
                </>
              ),
          },
          {
            key: 'act',
            title: <span className="visually-hidden">{t('操作')}</span>,
            width: 160,
            render: (_, row) =>
              can('followup.handle') ? (
                <span className="in-line">
                  <SheetFileButton sheet={row} />
                  {row.receiptAt ? null : <ReceiptButton sheet={row} />}
                  <SendButton sheet={row} />
                </span>
              ) : null,
          },
        ]}
      />
    </Drawer>
  )
}
