import { useQuery } from '@tanstack/react-query'
import type { ColdViolationDetail } from '@vigil/contract'
import { urlOf } from '@vigil/contract/client'
import { Button, Descriptions, Drawer, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { openFile } from '../../kernel/download.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { routes } from '../../kernel/routes.ts'
import { useCan } from '../../kernel/session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'
import { FormButton } from './FormButton.tsx'
import { violationNames, violationStateNames, violationStepNames, violationTones, weight } from './words.ts'

/** Photos, fetched only when asked for: each look at one is recorded. */
function Photos({ violation: { id, pictures } }: { readonly violation: ColdViolationDetail }) {
  const can = useCan()
  const [shown, setShown] = useState(false)
  if (pictures.length === 0) return <EmptyState text={t('没有照片')} />
  if (!can('coldchain.inspect'))
    return <p className="hint">{t('有 {n} 张照片，处置人员可以查看。', { n: pictures.length })}</p>
  if (!shown)
    return (
      <Button onClick={() => setShown(true)}>{t('查看 {n} 张照片（记入审计日志）', { n: pictures.length })}</Button>
    )
  return (
    <ul className="cold-photos">
      {pictures.map((picture, at) => (
        <li key={picture.id}>
          <img
            src={urlOf(routes['cold-violation.photo'], { id, photoId: picture.id })}
            alt={t('第 {n} 张，{by} {at}', { n: at + 1, by: picture.by, at: formatTime(picture.at) })}
          />
          <div className="in-line">
            <span className="muted">
              {picture.by} · {formatTime(picture.at)}
            </span>
            <Button
              size="small"
              aria-label={t('下载第 {n} 张照片', { n: at + 1 })}
              onClick={() => openFile('cold-violation.photo', { id, photoId: picture.id }, picture.filename)}
            >
              {t('下载')}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Steps({ violation: { steps } }: { readonly violation: ColdViolationDetail }) {
  if (steps.length === 0) return <EmptyState text={t('还没有人接手')} />
  return (
    <ol className="cold-steps">
      {steps.map((step) => (
        <li key={`${step.at} ${step.note}`}>
          <strong>{violationStepNames[step.kind]}</strong> {step.note}
          <div className="muted">
            {step.by} · {formatTime(step.at)}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Actions({ violation: { id, state, grams } }: { readonly violation: ColdViolationDetail }) {
  const can = useCan()
  if (state === 'closed' || !can('coldchain.inspect')) return null
  return (
    <div className="in-line">
      <FormButton<{ note: string }>
        label={state === 'open' ? t('接手处置') : t('登记跟进')}
        title={state === 'open' ? t('接手处置') : t('登记跟进')}
        okText={t('保存')}
        submit={({ note }) => call('cold-violation.follow', { params: { id }, body: { note: note.trim() } })}
      >
        <Form.Item
          name="note"
          label={t('做了什么')}
          rules={[{ required: true, whitespace: true, message: t('请填写') }]}
        >
          <Input.TextArea rows={3} maxLength={300} showCount />
        </Form.Item>
      </FormButton>
      <FormButton<{ outcome: string; kilograms: number }>
        label={t('办结')}
        title={t('办结违规')}
        okText={t('办结')}
        button={{ type: 'primary' }}
        initial={{ kilograms: (grams ?? 0) / 1000 }}
        submit={({ outcome, kilograms }) => {
          const withdrawnGrams = Math.round(kilograms * 1000)
          return call('cold-violation.close', { params: { id }, body: { outcome: outcome.trim(), withdrawnGrams } })
        }}
      >
        <Form.Item
          name="outcome"
          label={t('处置结果')}
          rules={[{ required: true, whitespace: true, message: t('请填写处置结果') }]}
        >
          <Input.TextArea rows={3} maxLength={300} showCount />
        </Form.Item>
        <Form.Item
          name="kilograms"
          label={t('下架重量（千克）')}
          rules={[{ required: true, message: t('没有下架的填 0') }]}
        >
          <InputNumber min={0} max={1e9} precision={3} style={{ width: 180 }} />
        </Form.Item>
      </FormButton>
    </div>
  )
}

function Detail({ violation }: { readonly violation: ColdViolationDetail }) {
  const { lon, lat, grams, lotId, goodsName, lotNo } = violation
  const item = (key: string, label: string, children: React.ReactNode) => ({ key, label, children: children || '—' })
  return (
    <div className="stack">
      <Descriptions
        column={1}
        size="small"
        items={[
          item(
            'state',
            t('状态'),
            <Mark tone={violationTones[violation.state]}>{violationStateNames[violation.state]}</Mark>,
          ),
          item('kind', t('问题'), violationNames[violation.kind]),
          item('code', t('编码'), <span className="mono">{violation.code}</span>),
          item(
            'lot',
            t('批次'),
            lotId ? (
              <ScopeLink to={`/coldchain/${lotId}`} className="link">
                {goodsName} {lotNo}
              </ScopeLink>
            ) : null,
          ),
          item('holder', t('经营者'), violation.holderName),
          item('place', t('地点'), violation.place),
          item('where', t('坐标'), lon === null || lat === null ? null : `${lon.toFixed(5)}, ${lat.toFixed(5)}`),
          item('grams', t('重量'), grams === null ? null : weight(grams)),
          item('note', t('说明'), violation.note),
          item('by', t('发现'), `${violation.by} · ${formatTime(violation.at)}`),
          ...(violation.state === 'closed'
            ? [item('outcome', t('结果'), violation.outcome), item('off', t('下架'), weight(violation.withdrawnGrams))]
            : []),
        ]}
      />
      <Actions violation={violation} />
      <h3>{t('照片')}</h3>
      <Photos violation={violation} />
      <h3>{t('处置过程')}</h3>
      <Steps violation={violation} />
    </div>
  )
}

/** One violation: what was found, its photos, what is being done, and its end. */
export function ViolationDrawer({ id, onClose }: { readonly id: string | undefined; readonly onClose: () => void }) {
  const query = useQuery({
    queryKey: [...keys.coldchain, 'violation', id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => call('cold-violation.read', { params: { id: id! }, signal }),
  })
  return (
    <Drawer open={id !== undefined} onClose={onClose} title={t('违规')} size="large" destroyOnHidden>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? <Detail violation={query.data} /> : null}
      {!query.data && !query.isError ? <Loading /> : null}
    </Drawer>
  )
}
