/** A question as the rules see it. */
export interface Question {
  readonly code: string
  readonly text: string
  readonly kind: 'text' | 'choice' | 'number'
  readonly required: boolean
  readonly options?: readonly string[]
}

export interface Reply {
  readonly code: string
  readonly value: string
}

export interface ReplyProblem {
  readonly pointer: string
  readonly code: string
  readonly detail: string
}

/** What is wrong with the answers to a notice's questions; empty when they may be taken. */
export function checkReplies(questions: readonly Question[], replies: readonly Reply[]): ReplyProblem[] {
  const known = new Map(questions.map((question) => [question.code, question]))
  const problems: ReplyProblem[] = []
  const seen = new Set<string>()
  for (const [index, { code, value }] of replies.entries()) {
    const question = known.get(code)
    const at = (problem: string, detail: string) =>
      problems.push({ pointer: `/replies/${index}`, code: problem, detail })
    if (!question) at('unknown', '通知中没有这个问题')
    else if (seen.has(code)) at('repeated', `“${question.text}”重复作答`)
    else if (value.trim() === '') at('required', `请回答“${question.text}”`)
    else if (question.kind === 'choice' && !question.options?.includes(value))
      at('choice', `“${question.text}”请从选项中选择`)
    else if (question.kind === 'number' && !/^\d{1,9}(\.\d{1,2})?$/.test(value.trim()))
      at('number', `“${question.text}”请填写数字`)
    seen.add(code)
  }
  for (const question of questions)
    if (question.required && !seen.has(question.code))
      problems.push({ pointer: '/replies', code: 'required', detail: `请回答“${question.text}”` })
  return problems
}

/** True when a notice was not done by its due time. A withdrawn one is never late. */
export function isOverdue(notice: { state: string; dueAt: Date | null; doneAt: Date | null }, now: Date): boolean {
  if (notice.dueAt === null || notice.state === 'withdrawn') return false
  return (notice.doneAt ?? now) > notice.dueAt
}
