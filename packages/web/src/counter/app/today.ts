import { SendError } from '../../device/failure.ts'
import { t } from '../../text.ts'
import { beginCorrection, checkCorrection, correctionBody } from '../core/correction.ts'
import { problemsOf } from '../core/field.ts'
import type { Queue } from '../core/queue.ts'
import type { TodayLine } from '../core/today.ts'
import type { Environment } from './environment.ts'
import * as state from './state.ts'

/** What today's list does: show, undo, correct. */
export class TodayActions {
  private readonly env: Environment
  private readonly queue: () => Queue

  constructor(env: Environment, queue: () => Queue) {
    this.env = env
    this.queue = queue
  }

  async open(): Promise<void> {
    state.page.value = 'today'
    void this.queue().sync(true)
    await this.load()
  }

  async load(): Promise<void> {
    state.todayState.value = 'loading'
    try {
      const { items } = await this.env.server.call('purchase.today')
      state.todayItems.value = items
      state.todayState.value = 'ready'
      state.todayProblem.value = ''
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      state.todayState.value = 'offline'
      state.todayProblem.value = error.failure.kind === 'offline' ? '' : error.failure.message
    }
  }

  /** Takes an entry back within its five minutes, wherever it is now: on this device, on its way, or registered. */
  async undo(id: string): Promise<void> {
    const queue = this.queue()
    if (queue.entries.some((entry) => entry.id === id)) {
      await queue.cancel(id)
      void queue.sync(true).then(() => {
        const entry = queue.entries.find((one) => one.id === id)
        const problem = entry && entry.body !== 'unreadable' ? entry.body.undoProblem : ''
        if (problem !== '') state.say(t('撤销未成功：{problem}', { problem }), 'warn')
        else if (!entry || entry.state === 'undone') state.say(t('已撤销这条登记'))
        else state.say(t('已记下撤销，联网后自动完成'))
        if (state.page.value === 'today') void this.load()
      })
      return
    }
    try {
      await this.env.server.call('purchase.undo', { params: { id } })
      state.say(t('已撤销这条登记'))
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      state.say(t('撤销未成功：{problem}', { problem: error.failure.message }), 'warn')
    }
    await this.load()
  }

  correct(line: TodayLine): void {
    if (!line.item) return
    state.correction.value = beginCorrection(line.item, state.homeCounty.value)
    state.problems.value = []
    state.page.value = 'correct'
  }

  leaveCorrection(): void {
    state.correction.value = null
    state.problems.value = []
    state.page.value = 'today'
  }

  async sendCorrection(): Promise<void> {
    const { value } = state.correction
    if (!value || state.submitting.value) return
    const found = checkCorrection(value)
    state.problems.value = found
    if (found[0]) return state.focusOn(found[0].field)
    state.submitting.value = true
    try {
      await this.env.server.call('purchase.correct', { params: { id: value.id }, body: correctionBody(value) })
      state.say(t('已更正，原记录留存备查'))
      this.leaveCorrection()
      await this.load()
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      await this.correctionFailed(error)
    } finally {
      state.submitting.value = false
    }
  }

  private async correctionFailed({ failure }: SendError): Promise<void> {
    if (failure.kind === 'auth') return
    if (failure.status === 409) {
      state.say(t('这条登记刚被他人更正过，已刷新，请核对后再更正'), 'warn')
      this.leaveCorrection()
      return this.load()
    }
    const found = problemsOf(failure.errors ?? [])
    state.problems.value = found.length > 0 ? found : [{ field: 'form', code: failure.code, message: failure.message }]
    state.focusOn(state.problems.value[0]?.field ?? 'form')
  }
}
