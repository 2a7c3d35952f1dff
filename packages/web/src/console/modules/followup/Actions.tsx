import { useMutation, useQuery } from '@tanstack/react-query'
import type { FollowupItem, FollowupOutcome } from '@vigil/contract'
import { Button, Form, Input, Radio, Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { FormDialog } from './FormDialog.tsx'
import { HandOverButton } from './HandOverButton.tsx'
import { refresh } from './refresh.ts'
import { outcomeNames, outcomes } from './words.ts'

interface Given {
  readonly item: FollowupItem
}

function People({ id, ...field }: { readonly id: string; value?: string; onChange?: (value: string) => void }) {
  const query = useQuery({
    queryKey: [...keys.followups, 'people', id],
    queryFn: () => call('followup.people', { params: { id } }),
  })
  return (
    <>
      <ProblemAlert error={query.error} />
      <Select
        {...field}
        aria-label={t('承办人')}
        loading={query.isPending}
        showSearch={{ optionFilterProp: 'label' }}
        options={(query.data?.items ?? []).map(({ id: value, name }) => ({ value, label: name }))}
      />
    </>
  )
}

function AssignButton({ item }: Given) {
  return (
    <FormDialog<{ assigneeId: string }, FollowupItem>
      label={t('指派')}
      title={t('指派承办人')}
      okText={t('指派')}
      submit={({ assigneeId }) =>
        call('followup.take', { params: { id: item.id }, body: { revision: item.revision, assigneeId } })
      }
      onDone={refresh}
    >
      <Form.Item name="assigneeId" label={t('承办人')} rules={[{ required: true, message: t('请选择承办人') }]}>
        <People id={item.id} />
      </Form.Item>
    </FormDialog>
  )
}

function NoteButton({ item }: Given) {
  return (
    <FormDialog<{ text: string }, FollowupItem>
      label={t('登记情况')}
      title={t('登记随访情况')}
      okText={t('保存')}
      submit={({ text }) => call('followup.note', { params: { id: item.id }, body: { text: text.trim() } })}
      onDone={refresh}
    >
      <Form.Item
        name="text"
        label={t('情况（加密保存）')}
        rules={[{ required: true, whitespace: true, message: t('请填写随访情况') }]}
      >
        <Input.TextArea rows={4} maxLength={300} showCount />
      </Form.Item>
    </FormDialog>
  )
}

function CloseButton({ item }: Given) {
  return (
    <FormDialog<{ outcome: FollowupOutcome; note?: string }, FollowupItem>
      label={t('办结')}
      title={t('办结随访')}
      okText={t('办结')}
      button={{ type: 'primary' }}
      submit={({ outcome, note }) =>
        call('followup.close', {
          params: { id: item.id },
          body: { revision: item.revision, outcome, note: note?.trim() ?? '' },
        })
      }
      onDone={refresh}
    >
      <Form.Item name="outcome" label={t('结果')} rules={[{ required: true, message: t('请选择结果') }]}>
        <Radio.Group
          className="follow-outcomes"
          options={outcomes.map((value) => ({ value, label: outcomeNames[value] }))}
        />
      </Form.Item>
      <Form.Item name="note" label={t('说明（加密保存；“其他”必填）')}>
        <Input.TextArea rows={3} maxLength={300} showCount />
      </Form.Item>
    </FormDialog>
  )
}

/** What may be done with a person in its state. */
export function Actions({ item }: Given) {
  const me = useMe()
  const take = useMutation({
    mutationFn: () => call('followup.take', { params: { id: item.id }, body: { revision: item.revision } }),
    onSuccess: refresh,
  })
  if (item.state === 'closed')
    return item.name === null ? null : (
      <ConfirmButton
        label={t('重新随访')}
        title={t('重新随访 {name}', { name: item.name })}
        reason
        onConfirm={(reason) =>
          call('followup.reopen', { params: { id: item.id }, body: { revision: item.revision, reason } })
        }
        onDone={refresh}
      >
        <p>{t('重新列入待随访，办理时限从现在算起。')}</p>
      </ConfirmButton>
    )
  const mine = item.assigneeId === me?.id && item.state === 'in-hand'
  return (
    <>
      {mine ? null : (
        <Button loading={take.isPending} onClick={() => take.mutate()}>
          {item.state === 'handed' ? t('收回承办') : t('我来承办')}
        </Button>
      )}
      <AssignButton item={item} />
      <NoteButton item={item} />
      <HandOverButton ids={[item.id]} />
      <CloseButton item={item} />
      <ProblemAlert error={take.error} />
    </>
  )
}
