import { useMutation } from '@tanstack/react-query'
import { App, Button, Dropdown } from 'antd'
import { saveFile } from '../../kernel/download.ts'
import { problemOf } from '../../kernel/problem.ts'
import { Icon } from '../../ui/icons.tsx'

type Size = 'A4' | 'A6'

/** QR posters as PDF, of one store or of all in an area. */
export function PostersButton({ area, store }: { area?: string; store?: string }) {
  const { message } = App.useApp()
  const run = useMutation({
    mutationFn: (size: Size) =>
      saveFile('store.posters', `海报-${store ?? area}-${size}.pdf`, {}, store ? { store, size } : { area, size }),
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
          { key: 'A4', label: 'A4（张贴）' },
          { key: 'A6', label: 'A6（台卡）' },
        ],
        onClick: ({ key }) => run.mutate(key as Size),
      }}
    >
      <Button icon={<Icon name="print" />} loading={run.isPending}>
        {store ? '二维码海报' : '辖区海报'}
      </Button>
    </Dropdown>
  )
}
