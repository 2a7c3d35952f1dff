import { useMutation } from '@tanstack/react-query'
import { App, Button, Dropdown } from 'antd'
import { t } from '../../../text.ts'
import { saveFile } from '../../kernel/download.ts'
import { problemOf } from '../../kernel/problem.ts'
import { Icon } from '../../ui/icons.tsx'

type Size = 'A4' | 'A6'

/** QR posters as PDF, of one store, of those chosen (at most 200) or of all in an area. */
export function PostersButton({ area, store, stores }: { area?: string; store?: string; stores?: readonly string[] }) {
  const { message } = App.useApp()
  const run = useMutation({
    mutationFn: (size: Size) =>
      saveFile(
        'store.posters',
        t('海报-{size}.pdf', { size }),
        {},
        { size, ...(stores ? { stores: stores.join(',') } : store ? { store } : { area }) },
      ),
    onError: (error) => {
      const problem = problemOf(error)
      void message.error(problem.detail ?? problem.title)
    },
  })
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'A4', label: t('A4（张贴）') },
          { key: 'A6', label: t('A6（台卡）') },
        ],
        onClick: ({ key }) => run.mutate(key as Size),
      }}
    >
      <Button icon={<Icon name="print" />} loading={run.isPending}>
        {stores || store ? t('二维码海报') : t('辖区海报')}
      </Button>
    </Dropdown>
  )
}
