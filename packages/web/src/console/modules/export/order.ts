import { useMutation } from '@tanstack/react-query'
import type { ExportFilter, ExportList } from '@vigil/contract'
import { App } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { problemOf } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { fetchExport } from './files.tsx'

export interface Order {
  readonly list: ExportList
  readonly format: 'csv' | 'xlsx'
  readonly filter: ExportFilter
  readonly templateId?: string
  readonly clear?: boolean
  readonly reason?: string
}

/** Orders an export: a small file is saved at once, a large one comes through the message tray. */
export function useOrder(onMade?: () => void) {
  const { message } = App.useApp()
  return useMutation({
    mutationFn: async (order: Order) => {
      const made = await call('export.create', { body: { ...order, wait: true } })
      if (made.status === 'ready') await fetchExport(made)
      return made
    },
    onSuccess: (made) => {
      onMade?.()
      void queryClient.invalidateQueries({ queryKey: keys.exports })
      void message.success(
        made.status === 'ready'
          ? t('已导出 {number}', { number: made.number })
          : t('已开始导出 {number}，完成后在右上角“消息”中下载', { number: made.number }),
      )
    },
    onError: (error, { clear }) => {
      const problem = problemOf(error)
      // Clear text is asked for in a dialog, which shows the problem itself.
      if (!clear) void message.error(problem.errors?.[0]?.detail ?? problem.detail ?? problem.title, 8)
    },
  })
}
