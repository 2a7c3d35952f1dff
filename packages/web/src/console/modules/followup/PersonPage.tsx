import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { FollowupDetail } from '@vigil/contract'
import { documentTypeNames } from '@vigil/contract/terms'
import { Alert, Button, Descriptions } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { RevealDialog } from '../purchase/RevealDialog.tsx'
import { Actions } from './Actions.tsx'
import './followup.css'
import { Purchases, Timeline } from './PersonParts.tsx'
import { Due, GradeMark, personName, ReceiptMark, StateMark } from './parts.tsx'
import { ReceiptButton, SendButton, SheetFileButton } from './SheetsDrawer.tsx'
import { causeNames, causeText, failureText, recipientNames, stateNames } from './words.ts'

function Facts({ detail: { entry, sheet } }: { readonly detail: FollowupDetail }) {
  const can = useCan()
  const gone = t('已销毁')
  return (
    <Descriptions
      column={{ xs: 1, md: 2 }}
      bordered
      size="small"
      className="follow-facts"
      items={[
        { key: 'state', label: t('状态'), children: <StateMark item={entry} /> },
        {
          key: 'due',
          label: entry.state === 'closed' ? t('结果') : t('办理时限'),
          children: <Due item={entry} />,
        },
        { key: 'name', label: t('姓名'), children: entry.name ?? gone },
        { key: 'document', label: documentTypeNames[entry.documentType], children: entry.documentNumber ?? gone },
        { key: 'mobile', label: t('手机'), children: entry.mobile ?? gone },
        { key: 'home', label: t('住址'), children: entry.residence ?? gone },
        { key: 'area', label: t('随访区划'), children: entry.areaName },
        { key: 'assignee', label: t('承办人'), children: entry.assignee ?? '—' },
        ...(sheet
          ? [
              {
                key: 'sheet',
                label: t('转交单'),
                span: 'filled' as const,
                children: (
                  <div className="in-line">
                    <span className="number">{sheet.number}</span>
                    <span>
                      {recipientNames[sheet.recipient]} {sheet.recipientName}
                    </span>
                    {sheet.receiptAt ? (
                      <Mark tone="good">{t('回执 {number}', { number: sheet.receiptNumber ?? '' })}</Mark>
                    ) : (
                      <ReceiptMark receipt={false} delivery={sheet.delivery} />
                    )}
                    {can('followup.handle') ? <SheetFileButton sheet={sheet} /> : null}
                    {can('followup.handle') && !sheet.receiptAt ? <ReceiptButton sheet={sheet} /> : null}
                    {can('followup.handle') ? <SendButton sheet={sheet} /> : null}
                    <span className="follow-failed">{failureText(sheet.delivery)}</span>
                  </div>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}

function Causes({ detail: { causes } }: { readonly detail: FollowupDetail }) {
  return (
    <ul className="plain follow-causes">
      {causes.map((cause) => (
        <li key={cause.kind}>
          <GradeMark grade={cause.grade} />
          <div>
            <strong>{causeNames[cause.kind]}</strong>
            <div>{causeText(cause)}</div>
            <div className="muted">
              {cause.ruleVersion === 0
                ? t('{time} 发现，按平台默认规则', { time: formatTime(cause.foundAt) })
                : t('{time} 发现，规则第 {version} 版', {
                    time: formatTime(cause.foundAt),
                    version: cause.ruleVersion,
                  })}
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Links({ detail: { links } }: { readonly detail: FollowupDetail }) {
  if (links.length === 0) return <p className="hint">{t('近期没有他人用同一手机号或住址购药并符合规则。')}</p>
  return (
    <ul className="plain follow-causes">
      {links.map(({ kind, persons, entries }) => (
        <li key={kind}>
          <div>
            <strong>
              {kind === 'mobile'
                ? t('同一手机号另有 {persons} 人购药', { persons })
                : t('同一住址另有 {persons} 人异常购药', { persons })}
            </strong>
            {entries.map((one) => (
              <div key={one.id}>
                <ScopeLink to={`/followups/${one.id}`}>
                  {personName(one)} {one.number}
                </ScopeLink>{' '}
                <span className="muted">{stateNames[one.state]}</span>
              </div>
            ))}
            {entries.length < persons ? <div className="muted">{t('其余不在随访名单或不在本辖区')}</div> : null}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** How often a page asks while a sheet is on its way, in ms. */
const sendingMs = 4000

/** One person to follow up: why, on what evidence, who is at it, and what was done. */
export function PersonPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const can = useCan()
  const [revealing, setRevealing] = useState(false)
  const query = useQuery({
    queryKey: [...keys.followups, 'one', id],
    queryFn: () => call('followup.read', { params: { id } }),
    refetchInterval: ({ state }) => (state.data?.sheet?.delivery?.state === 'waiting' ? sendingMs : false),
  })
  const detail = query.data
  const gone = detail?.entry.name === null
  return (
    <Page
      title={detail ? t('随访 {number}', { number: detail.entry.number }) : t('随访对象')}
      note={<ScopeLink to="/followups">{t('返回随访')}</ScopeLink>}
      actions={
        detail && can('followup.handle') ? (
          <>
            {can('purchase.reveal') && !gone ? (
              <Button icon={<Icon name="reveal" />} onClick={() => setRevealing(true)}>
                {t('查看明文')}
              </Button>
            ) : null}
            <Actions item={detail.entry} />
          </>
        ) : null
      }
    >
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!detail && !query.error ? <Loading /> : null}
      {detail ? (
        <>
          {gone ? (
            <Alert
              showIcon
              type="info"
              title={t('该月个人信息已按期限销毁：姓名、号码、相关登记与随访文字不再可见，只保留办理经过。')}
            />
          ) : null}
          <Panel title={t('对象')} extra={<GradeMark grade={detail.entry.grade} />}>
            <Facts detail={detail} />
          </Panel>
          <div className="two">
            <Panel title={t('原因')}>
              <Causes detail={detail} />
            </Panel>
            <Panel title={t('关联人员')}>
              <Links detail={detail} />
            </Panel>
          </div>
          <Panel title={t('相关登记')} flush>
            <Purchases detail={detail} />
          </Panel>
          <Panel title={t('办理经过')}>
            <Timeline detail={detail} />
          </Panel>
          <RevealDialog
            id={id}
            open={revealing}
            onClose={() => setRevealing(false)}
            ask={(body) => call('followup.reveal', { params: { id }, body })}
          />
        </>
      ) : null}
    </Page>
  )
}
