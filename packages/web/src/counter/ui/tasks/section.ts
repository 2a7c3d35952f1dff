import type { Permission } from '@vigil/contract'
import type { FunctionComponent } from 'preact'
import type { TaskActions } from '../../app/tasks.ts'

/** How much a section has to do; `overdue` of it is late. */
export interface TaskCount {
  readonly open: number
  readonly overdue: number
}

/** One part of the task sheet. The sheet asks it how much there is to do, and shows it when the account may do it. */
export interface TaskSection {
  readonly key: string
  readonly title: string
  /** Shown only to accounts that have it. */
  readonly permission: Permission
  /**
   * Fetches the section's tasks: when the counter opens, comes to the front, the sheet opens, and every 90 s.
   * A failed call is thrown on; the sheet then leaves the last count. Keep what was fetched in a signal of your own.
   */
  load(tasks: TaskActions): Promise<TaskCount>
  readonly View: FunctionComponent
}
