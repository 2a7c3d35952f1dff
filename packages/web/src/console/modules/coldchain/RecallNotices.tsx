import type { ColdRecallDetail } from '@vigil/contract'
import { tellStatusNames } from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import { formatTime } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Contacts, wayNames } from './Contacts.tsx'

type Notice = ColdRecallDetail['notices'][number]
const mostRows = 200
const tones: Readonly<Record<Notice['told'][number]['status'], Tone>> = {
  waiting: 'info',
  sent: 'good',
  dead: 'bad',
  dropped: 'idle',
}

/** Who was told of a recall, in which ways with what result, who was reminded, and who has counted. */
export function RecallNotices({ recall }: { readonly recall: ColdRecallDetail }) {
  const counted = new Set(recall.counts.map(({ holderName }) => holderName))
  return (
    <DataTable<Notice>
      label={t('已通知的持有人')}
      rowKey="holderId"
      rows={recall.notices.slice(0, mostRows)}
      minWidth={640}
      empty={t('还没有通知')}
      columns={[
        {
          title: t('已通知'),
          key: 'holder',
          render: (_, row) => (
            <>
              <div>{row.holderName}</div>
              <div className="muted">
                {row.remindedAt
                  ? t('{time}，催办 {n} 次', { time: formatTime(row.toldAt), n: row.reminders })
                  : formatTime(row.toldAt)}
              </div>
            </>
          ),
        },
        {
          title: t('送达'),
          key: 'told',
          width: 230,
          render: (_, row) => (
            <>
              <Mark tone="good">{t('平台')}</Mark>{' '}
              {row.told.map(({ kind, status, receipt, error, at }) => (
                <span key={`${kind} ${at}`} title={error ?? receipt ?? ''}>
                  <Mark tone={tones[status]}>
                    {wayNames[kind]} {t(tellStatusNames[status])}
                  </Mark>{' '}
                </span>
              ))}
            </>
          ),
        },
        {
          title: t('清点'),
          key: 'waiting',
          width: 100,
          render: (_, row) =>
            row.waiting ? (
              <Mark tone="warn">{t('待清点')}</Mark>
            ) : (
              <Mark tone="good">{counted.has(row.holderName) ? t('已清点') : t('无库存')}</Mark>
            ),
        },
        {
          title: t('办理'),
          key: 'act',
          width: 110,
          render: (_, { holderId, holderName }) => <Contacts holderId={holderId} holderName={holderName} />,
        },
      ]}
    />
  )
}
