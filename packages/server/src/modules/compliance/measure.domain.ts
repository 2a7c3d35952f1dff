import type { ScorePart } from './score.domain.ts'

export type MeasureKind = 'warning' | 'letter' | 'interview' | 'task' | 'pledge'

/** What a counter is told of a measure; undefined for what is no business of the counter. */
export interface MeasureNotice {
  readonly kind: 'warning' | 'letter' | 'pledge' | 'inquiry'
  readonly title: string
  readonly body: string
  readonly needs: 'read' | 'sign' | 'answer'
  readonly questions?: readonly {
    readonly code: string
    readonly text: string
    readonly kind: 'text' | 'choice'
    readonly required: boolean
    readonly options?: string[]
  }[]
}

const list = (reasons: readonly string[]) => reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')
const about = (reasons: readonly string[]) =>
  reasons.length === 0 ? '近期登记情况需要核实。' : `近期登记发现以下情况：\n${list(reasons)}`

/** The pledge that a store signs. */
export const pledgeText =
  '本店承诺：\n1. 销售退热、止咳、抗生素、抗病毒药品时逐笔核对证件、当场实名登记，不编造、不冒用、不代登；\n' +
  '2. 对发热购药人登记症状和体温，引导到就近发热门诊；\n3. 执行暂停销售目录，不向他店拒售的购药人转售；\n' +
  '4. 按时签到、及时上传，如实答复监管通知。\n如有违反，愿依法承担责任。'

/** The notice of a measure. @param due day by which it is to be done, Chinese */
export function noticeOf(
  kind: MeasureKind,
  input: { reasons: readonly string[]; note: string; due: string; number: string | null },
): MeasureNotice | undefined {
  const { reasons, due, number } = input
  const note = input.note === '' ? '' : `\n${input.note}`
  switch (kind) {
    case 'warning':
      return {
        kind: 'warning',
        title: '经营规范提醒',
        body: `${about(reasons)}${note}\n请核实并于 ${due} 前答复原因和整改措施。`,
        needs: 'answer',
        questions: [
          { code: 'cause', text: '原因说明', kind: 'text', required: true },
          { code: 'measure', text: '整改措施', kind: 'text', required: true },
          { code: 'when', text: '何时改好', kind: 'choice', required: true, options: ['已改好', '3 天内', '7 天内'] },
        ],
      }
    case 'letter':
      return {
        kind: 'letter',
        title: `提醒告诫书 ${number ?? ''}`.trim(),
        body: `${about(reasons)}${note}\n现予提醒告诫，请立即改正，并于 ${due} 前签收。`,
        needs: 'sign',
      }
    case 'pledge':
      return { kind: 'pledge', title: `经营承诺书 ${number ?? ''}`.trim(), body: `${pledgeText}${note}`, needs: 'sign' }
    case 'interview':
      return {
        kind: 'inquiry',
        title: '约谈通知',
        body: `${about(reasons)}${note}\n请药店负责人于 ${due} 前到辖区市场监管所接受约谈，带好相关销售和登记资料。`,
        needs: 'read',
      }
    case 'task':
      return undefined
  }
}

/** Kinds that carry a number and can be printed. */
export const isNumbered = (kind: MeasureKind): boolean => kind === 'letter' || kind === 'pledge'

/** Number of a letter or pledge, such as 药规告诫〔2026〕0012号. */
export const numberOf = (kind: MeasureKind, year: number, running: number): string =>
  `药规${kind === 'pledge' ? '承诺' : '告诫'}〔${year}〕${String(running).padStart(4, '0')}号`

/** Where a measure stands when the counter has done its part: a signed pledge is all there is to it. */
export const stateAfterReply = (kind: MeasureKind): 'answered' | 'done' => (kind === 'pledge' ? 'done' : 'answered')

export const isOpen = (state: string): boolean => state === 'open' || state === 'answered'

/** Not closed, and nobody has answered, at its due time. */
export const isOverdue = (measure: { state: string; dueAt: Date }, now: Date): boolean =>
  measure.state === 'open' && now > measure.dueAt

/** Rules that take points from a store now, worst first. */
export const pointing = (parts: readonly ScorePart[]): string[] =>
  parts.filter(({ points }) => points > 0).map(({ rule }) => rule)
