import { useMutation } from '@tanstack/react-query'
import type { StopCheckTask } from '@vigil/contract'
import { urlOf } from '@vigil/contract/client'
import { stopCheckPoints } from '@vigil/contract/terms'
import { Button, Descriptions, Drawer, Input, Radio, Upload } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { routes } from '../../kernel/routes.ts'
import { useCan } from '../../kernel/session.ts'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { answerNames, pointNames, resultNames, resultTones } from './words.ts'

type Answer = StopCheckTask['answers'][number]['answer']

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.stopChecks })

function Photos({ task, editable }: { readonly task: StopCheckTask; readonly editable: boolean }) {
  const { id } = task
  const add = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file, file.name)
      return call('stop-check.add-photo', { params: { id }, body: body as never })
    },
    onSuccess: refresh,
  })
  return (
    <>
      <div className="check-photos">
        {task.photos.map(({ id: photoId, filename, by }) => {
          const url = urlOf(routes['stop-check.photo'], { id, photoId })
          return (
            <a key={photoId} href={url} target="_blank" rel="noreferrer">
              <img src={url} alt={t('{filename}，{by} 拍摄', { filename, by })} loading="lazy" />
            </a>
          )
        })}
      </div>
      {editable && task.photos.length < 9 ? (
        <Upload
          accept="image/jpeg,image/png"
          maxCount={1}
          showUploadList={false}
          disabled={add.isPending}
          beforeUpload={(file) => {
            add.mutate(file)
            return false
          }}
        >
          <Button icon={<Icon name="upload" />} loading={add.isPending}>
            {t('拍照或选照片')}
          </Button>
        </Upload>
      ) : null}
      <ProblemAlert error={add.error} fields />
    </>
  )
}

function CheckForm({ task, onDone }: { readonly task: StopCheckTask; readonly onDone: () => void }) {
  const [answers, setAnswers] = useState<Partial<Record<string, Answer>>>(() =>
    Object.fromEntries(task.answers.map(({ point, answer }) => [point, answer])),
  )
  const [note, setNote] = useState(task.note)
  const missing = stopCheckPoints.filter((point) => !answers[point])
  const failed = Object.values(answers).includes('no')
  const run = useMutation({
    mutationFn: () =>
      call('stop-check.submit', {
        params: { id: task.id },
        body: {
          revision: task.revision,
          answers: stopCheckPoints.map((point) => ({ point, answer: answers[point] ?? 'na' })),
          note: note.trim(),
        },
      }),
    onSuccess: () => {
      refresh()
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        run.mutate()
      }}
    >
      <div className="check-points">
        {stopCheckPoints.map((point) => (
          <fieldset key={point} className="check-point">
            <legend>{pointNames[point]}</legend>
            <Radio.Group
              aria-label={pointNames[point]}
              optionType="button"
              buttonStyle="solid"
              value={answers[point]}
              onChange={({ target }) => setAnswers((old) => ({ ...old, [point]: target.value as Answer }))}
              options={(['yes', 'no', 'na'] as const).map((value) => ({ value, label: answerNames[value] }))}
            />
          </fieldset>
        ))}
        <label htmlFor="stop-check-note">
          {failed ? t('情况（有不符合项，必填）') : t('情况（选填）')}
          <Input.TextArea
            id="stop-check-note"
            rows={2}
            maxLength={500}
            showCount
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
      </div>
      <ProblemAlert error={run.error} fields />
      <Button
        className="check-submit"
        type="primary"
        htmlType="submit"
        loading={run.isPending}
        disabled={missing.length > 0 || (failed && note.trim() === '')}
      >
        {missing.length > 0 ? t('还有 {n} 项未选', { n: missing.length }) : t('提交')}
      </Button>
    </form>
  )
}

/** One store of a campaign: who and where, the checklist, photos; made for one thumb. */
export function TaskDrawer({
  task,
  editable,
  onClose,
}: {
  readonly task: StopCheckTask | undefined
  readonly editable: boolean
  readonly onClose: () => void
}) {
  const can = useCan()
  const writes = editable && can('compliance.handle')
  return (
    <Drawer open={task !== undefined} onClose={onClose} size={520} title={task?.storeName ?? ''} destroyOnHidden>
      {task ? (
        <div className="stack">
          <Descriptions
            column={1}
            size="small"
            items={[
              ...(can('compliance.read')
                ? [
                    {
                      key: 'conduct',
                      label: t('药店规范'),
                      children: <ScopeLink to={`/compliance/${task.storeCode}`}>{t('规范分与处置')}</ScopeLink>,
                    },
                  ]
                : []),
              { key: 'address', label: t('地址'), children: task.address },
              {
                key: 'phone',
                label: t('电话'),
                children: task.phone ? <a href={`tel:${task.phone}`}>{task.phone}</a> : '—',
              },
              {
                key: 'result',
                label: t('结果'),
                children: <Mark tone={resultTones[task.result]}>{resultNames[task.result]}</Mark>,
              },
              ...(task.doneAt
                ? [{ key: 'done', label: t('检查'), children: `${formatTime(task.doneAt)} ${task.officer ?? ''}` }]
                : []),
            ]}
          />
          {writes ? (
            <CheckForm key={`${task.id}/${task.revision}`} task={task} onDone={onClose} />
          ) : (
            <Descriptions
              column={1}
              size="small"
              items={[
                ...task.answers.map(({ point, answer }) => ({
                  key: point,
                  label: pointNames[point],
                  children: answerNames[answer],
                })),
                ...(task.note ? [{ key: 'note', label: t('情况'), children: task.note }] : []),
              ]}
            />
          )}
          <Photos task={task} editable={writes} />
        </div>
      ) : null}
    </Drawer>
  )
}
