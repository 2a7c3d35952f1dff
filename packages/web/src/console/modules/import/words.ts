import type { ImportKindName, ImportRun } from '@vigil/contract'
import * as terms from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import type { Tone } from '../../ui/Mark.tsx'

export const kindNames = Object.fromEntries(
  Object.entries(terms.importKindNames).map(([kind, name]) => [kind, t(name)]),
) as Record<ImportKindName, string>

export const stateNames: Record<ImportRun['status'], string> = {
  uploaded: t('待导入'),
  checking: t('试导入中'),
  checked: t('已试导入'),
  running: t('导入中'),
  done: t('已完成'),
  failed: t('已中断'),
  cancelled: t('已停止'),
}

export const tones: Record<ImportRun['status'], Tone> = {
  uploaded: 'idle',
  checking: 'info',
  checked: 'info',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn',
}

/** Whether something is under way, so that it is worth asking again soon. */
export const isBusy = ({ status }: Pick<ImportRun, 'status'>): boolean => status === 'checking' || status === 'running'

/** Whole percent of the file that is dealt with. */
export const percentOf = ({ share }: Pick<ImportRun, 'share'>): number => Math.min(99, Math.floor(share * 100))
