import type { ImportCounts, ImportState } from '@vigil/contract'

/** Where a person says that the columns are: number of the head's row, zero-based column of each field. */
export interface Assigned {
  readonly sheet: string
  readonly headRow: number
  readonly columnOf: Readonly<Record<string, number>>
}

/** A row that was not taken: its number in the file, and why. */
export interface Refused {
  readonly row: number
  readonly problems: readonly { readonly column?: string | undefined; readonly message: string }[]
}

export interface ShownProblem {
  readonly row: number
  readonly column: string
  readonly detail: string
}

export type Step = 'map' | 'check' | 'run' | 'cancel'

/** Whether something is under way. */
export const isBusy = ({ status }: { readonly status: ImportState }): boolean =>
  status === 'checking' || status === 'running'

/** From which state each step is possible. A stopped or failed run goes on where it was. */
const from: Readonly<Record<Step, readonly ImportState[]>> = {
  map: ['uploaded', 'checked'],
  check: ['uploaded', 'checked'],
  run: ['uploaded', 'checked', 'failed', 'cancelled'],
  cancel: ['checking', 'running'],
}

const busy: Readonly<Record<ImportState, string>> = {
  uploaded: '导入还没有开始',
  checking: '正在试导入，请等其完成或先停止',
  checked: '导入还没有开始',
  running: '正在导入，请等其完成或先停止',
  done: '导入已完成；需要再次导入时请重新上传文件',
  failed: '导入已中断，只能继续导入',
  cancelled: '导入已停止，只能继续导入',
}

/**
 * Why a step is not possible now, in Chinese; undefined when it is. A run that has failed before its first row is in can
 * begin anew with other columns.
 */
export function refusalOf(
  step: Step,
  { status, position }: { status: ImportState; position: number },
): string | undefined {
  const anew = status === 'failed' && position === 0 && (step === 'map' || step === 'check')
  return anew || from[step].includes(status) ? undefined : busy[status]
}

/** Problems shown on the page; all of them stand in the error file. */
export const maxShown = 50

/** The first problems of rows, as the page shows them, behind those that are shown already. */
export function shown(before: readonly ShownProblem[], refused: readonly Refused[]): ShownProblem[] {
  const list = [...before]
  for (const { row, problems } of refused) {
    if (list.length >= maxShown) break
    for (const { column, message } of problems)
      list.push({ row, column: (column ?? '').slice(0, 100), detail: message.slice(0, 500) })
  }
  return list.slice(0, maxShown)
}

/** A cell as the look shows it, when it may tell of a person: its first character and how long it is. */
export const veiled = (cell: string): string => {
  const [first = ''] = cell
  return cell.length <= 1 ? cell : first + '*'.repeat(Math.min(cell.length - first.length, 7))
}

/** A day or an instant, which tells of nobody by itself. */
export const isTime = (cell: string): boolean => /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}/.test(cell)

export const noCounts: ImportCounts = { total: 0, fresh: 0, changed: 0, unchanged: 0, refused: 0 }

export const add = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  total: a.total + b.total,
  fresh: a.fresh + b.fresh,
  changed: a.changed + b.changed,
  unchanged: a.unchanged + b.unchanged,
  refused: a.refused + b.refused,
})
