import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { TraceDrawer } from '../export/TraceDrawer.tsx'

/** What has changed since a file was sent, row by row; sending the period again brings it to the recipient. */
export function TraceButton({ exportId }: { exportId: string }) {
  const open = useMutation({ mutationFn: () => call('export.read', { params: { id: exportId } }) })
  return (
    <>
      <Button size="small" loading={open.isPending} onClick={() => open.mutate()}>
        {t('核对差异')}
      </Button>
      <ProblemAlert error={open.error} />
      <TraceDrawer item={open.data} onClose={open.reset} />
    </>
  )
}
