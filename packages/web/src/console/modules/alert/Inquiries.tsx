import type { AlertQuestion, AlertReferral } from '@vigil/contract'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { Mark } from '../../ui/Mark.tsx'
import { refresh, TextButton } from './TextButton.tsx'

/** What stores were asked, and what they answered. */
export function Questions({ questions, now }: { readonly questions: readonly AlertQuestion[]; readonly now: number }) {
  return (
    <ul className="plain stack">
      {questions.map((question) => (
        <li key={question.id}>
          <div className="in-line">
            <strong>{question.storeName}</strong>
            {question.answeredAt ? (
              <Mark tone="good">{t('已答复')}</Mark>
            ) : (
              <Mark tone={Date.parse(question.dueAt) < now ? 'bad' : 'info'}>
                {t('待答复，至 {time}', { time: formatTime(question.dueAt) })}
              </Mark>
            )}
          </div>
          <div className="muted">{t('问：{text}', { text: question.text })}</div>
          {question.answer ? <p className="answer">{question.answer}</p> : null}
        </li>
      ))}
    </ul>
  )
}

/** To whom the alert was referred, and the receipts. */
export function Referrals({
  id,
  referrals,
  open,
}: {
  readonly id: string
  readonly referrals: readonly AlertReferral[]
  readonly open: boolean
}) {
  return (
    <ul className="plain stack">
      {referrals.map((referral) => (
        <li key={referral.id}>
          <div className="in-line">
            <strong>{referral.recipient}</strong>
            <span className="muted">{formatTime(referral.sentAt)}</span>
          </div>
          <div className="break">{referral.text}</div>
          {referral.receipt ? (
            <p className="answer">
              {t('回执：{text}', { text: referral.receipt })}
              <span className="muted"> {formatTime(referral.receivedAt)}</span>
            </p>
          ) : open ? (
            <TextButton
              label={t('登记回执')}
              title={t('登记 {recipient} 的回执', { recipient: referral.recipient })}
              field={t('回执内容')}
              small
              send={(text) =>
                call('alert.receipt', { params: { id, referralId: referral.id }, body: { text } }).then(refresh)
              }
            />
          ) : (
            <Mark tone="idle">{t('没有回执')}</Mark>
          )}
        </li>
      ))}
    </ul>
  )
}
