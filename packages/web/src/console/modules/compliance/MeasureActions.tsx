import { useMutation } from '@tanstack/react-query'
import type { Measure } from '@vigil/contract'
import { Button } from 'antd'
import { measureKindNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { saveFile } from '../../kernel/download.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { ActButton } from './ActButton.tsx'
import { SettleButton } from './SettleButton.tsx'
import { refresh } from './words.ts'

/** What can be done with a measure: its letter, its result, taking it back. */
export function MeasureActions({ measure }: { readonly measure: Measure }) {
  const can = useCan()
  const letter = useMutation({
    mutationFn: () => saveFile('compliance.letter', `${measure.number}.pdf`, { id: measure.id }),
  })
  const open = measure.state === 'open' || measure.state === 'answered'
  return (
    <>
      <span className="in-line">
        {measure.number ? (
          <Button size="small" loading={letter.isPending} onClick={() => letter.mutate()}>
            {t('下载文书')}
          </Button>
        ) : null}
        {open && can('compliance.handle') ? (
          <>
            {measure.proposal ? (
              <ActButton
                kind={measure.proposal}
                stores={[measure.storeCode]}
                label={t('下一步：{name}', { name: measureKindNames[measure.proposal] })}
                button={{ size: 'small', type: 'primary', ghost: true }}
              />
            ) : null}
            <SettleButton measure={measure} />
            <ConfirmButton
              label={t('撤销')}
              title={t('撤销这项处置')}
              reason
              button={{ size: 'small' }}
              onConfirm={(reason) => call('compliance.cancel', { params: { id: measure.id }, body: { reason } })}
              onDone={refresh}
            />
          </>
        ) : null}
      </span>
      <ProblemAlert error={letter.error} />
    </>
  )
}
