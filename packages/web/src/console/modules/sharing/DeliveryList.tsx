import { useMutation, useQuery } from '@tanstack/react-query'
import type { Attempt, Delivery } from '@vigil/contract'
import { Button, Collapse } from 'antd'
import { useEffect } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { saveFile } from '../../kernel/download.ts'
import { formatBytes, formatCount, formatPeriod, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { EmptyState, ErrorState, Loading, ProblemAlert } from '../../ui/states.tsx'
import { TraceButton } from './TraceButton.tsx'
import { attemptState, deliveryKindNames, deliveryState, formatNames } from './words.ts'

/** While something is under way it is asked after this often, in ms. */
const pollMs = 1500
const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.sharing })
const isOpen = ({ status }: Delivery) => status === 'preparing' || status === 'waiting'
/** Something may happen to it within half a minute. */
const isMoving = (delivery: Delivery) =>
  isOpen(delivery) && (!delivery.nextAt || new Date(delivery.nextAt).getTime() < Date.now() + 30_000)

function AttemptLine({ attempt }: { attempt: Attempt }) {
  const { name, tone } = attemptState(attempt)
  return (
    <li>
      <div className="in-line">
        <span>{t('第 {number} 次', { number: attempt.number })}</span>
        <Mark tone={tone}>{name}</Mark>
        <span className="muted">
          {formatTime(attempt.startedAt)}
          {attempt.durationMs === null
            ? ''
            : ` · ${t('{seconds} 秒', { seconds: (attempt.durationMs / 1000).toFixed(1) })}`}
          {attempt.httpStatus === null ? '' : ` · HTTP ${attempt.httpStatus}`}
        </span>
      </div>
      {attempt.error ? <div className="break">{attempt.error}</div> : null}
      {attempt.answer && attempt.outcome !== 'acknowledged' ? (
        <div className="muted break">{t('答复：{answer}', { answer: attempt.answer })}</div>
      ) : null}
    </li>
  )
}

function Attempts({ delivery }: { delivery: Delivery }) {
  const query = useQuery({
    queryKey: [...keys.sharing, 'delivery', delivery.id, delivery.attempts, delivery.status],
    queryFn: () => call('sharing.delivery', { params: { id: delivery.id } }),
  })
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  if (query.data.attempts.length === 0) return <p className="hint">{t('还没有尝试')}</p>
  return (
    <ol className="revisions">
      {query.data.attempts.map((attempt) => (
        <AttemptLine key={attempt.number} attempt={attempt} />
      ))}
    </ol>
  )
}

function Actions({ delivery }: { delivery: Delivery }) {
  const can = useCan()
  const { id, number, status } = delivery
  const again = useMutation({ mutationFn: () => call('sharing.resend', { params: { id } }), onSuccess: refresh })
  const save = useMutation({ mutationFn: () => saveFile('sharing.receipt', `${number}.json`, { id }) })
  const stuck = status === 'dead' || status === 'held' || (isOpen(delivery) && delivery.error !== null)
  return (
    <>
      <div className="drawer-actions start">
        {can('sharing.send') && (stuck || status === 'closed') ? (
          <Button size="small" type="primary" loading={again.isPending} onClick={() => again.mutate()}>
            {t('重发')}
          </Button>
        ) : null}
        {can('sharing.send') && stuck ? (
          <ConfirmButton
            label={t('不再推送')}
            title={t('不再推送 {number}', { number })}
            reason
            button={{ size: 'small' }}
            onConfirm={(reason) => call('sharing.close', { params: { id }, body: { reason } })}
            onDone={refresh}
          />
        ) : null}
        {status === 'acknowledged' ? (
          <Button size="small" loading={save.isPending} onClick={() => save.mutate()}>
            {t('下载回执')}
          </Button>
        ) : null}
        {can('purchase.export') && delivery.exportId && delivery.kept && status === 'acknowledged' ? (
          <TraceButton exportId={delivery.exportId} />
        ) : null}
      </div>
      <ProblemAlert error={again.error ?? save.error} />
    </>
  )
}

function Label({ delivery }: { delivery: Delivery }) {
  const { name, tone } = deliveryState(delivery)
  return (
    <div>
      <div className="in-line">
        <Mark tone={tone}>{name}</Mark>
        <span>{formatPeriod(delivery.from, delivery.to)}</span>
        {delivery.version > 1 ? (
          <span className="muted">{t('第 {version} 版', { version: delivery.version })}</span>
        ) : null}
        <span className="muted">{deliveryKindNames[delivery.kind]}</span>
      </div>
      {delivery.error && delivery.status !== 'closed' ? <div className="break">{delivery.error}</div> : null}
    </div>
  )
}

function Facts({ delivery }: { delivery: Delivery }) {
  const parts = [
    delivery.number,
    formatNames[delivery.format],
    delivery.clear ? t('明文') : t('脱敏'),
    delivery.sha256
      ? t('{rows} 行，{size}', { rows: formatCount(delivery.rows), size: formatBytes(delivery.bytes) })
      : '',
    delivery.receiptNumber ? t('回执编号 {number}', { number: delivery.receiptNumber }) : '',
    delivery.acknowledgedAt ? t('签收于 {time}', { time: formatTime(delivery.acknowledgedAt) }) : '',
    delivery.nextAt && delivery.error ? t('下次重试 {time}', { time: formatTime(delivery.nextAt) }) : '',
  ]
  return <p className="muted break">{parts.filter(Boolean).join(' · ')}</p>
}

/** Deliveries to a recipient, newest first, each with what was tried. */
export function DeliveryList({ destinationId }: { destinationId: string }) {
  const list = usePaged([...keys.sharing, 'deliveries'], destinationId, (cursor) =>
    call('sharing.deliveries', { params: { id: destinationId }, query: { limit: 10, ...(cursor ? { cursor } : {}) } }),
  )
  const states = list.rows?.map(({ id, status, attempts }) => `${id} ${status} ${attempts}`).join()
  // What stands beside the list, recipients and the count in the menu, may have been asked just before a delivery ended.
  useEffect(() => {
    if (states === undefined) return
    for (const beside of ['list', 'stuck']) void queryClient.invalidateQueries({ queryKey: [...keys.sharing, beside] })
  }, [states])
  const moving = list.rows?.some(isMoving) ?? false
  useEffect(() => {
    if (!moving) return
    const timer = setInterval(refresh, pollMs)
    return () => clearInterval(timer)
  }, [moving])
  if (list.error) return <ErrorState error={list.error} retry={list.refetch} />
  if (!list.rows) return <Loading />
  if (list.rows.length === 0) return <EmptyState text={t('还没有推送过')} />
  return (
    <>
      <Collapse
        items={list.rows.map((delivery) => ({
          key: delivery.id,
          label: <Label delivery={delivery} />,
          children: (
            <div className="stack">
              <Facts delivery={delivery} />
              <Attempts delivery={delivery} />
              <Actions delivery={delivery} />
            </div>
          ),
        }))}
      />
      {list.goBack || list.goOn ? (
        <nav className="pager" aria-label={t('翻页')}>
          <Button onClick={list.goBack} disabled={!list.goBack}>
            {t('上一页')}
          </Button>
          <span>{t('第 {page} 页', { page: list.page })}</span>
          <Button onClick={list.goOn} disabled={!list.goOn}>
            {t('下一页')}
          </Button>
        </nav>
      ) : null}
    </>
  )
}
