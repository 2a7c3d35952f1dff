import type { Problem } from '@vigil/contract'
import { ApiError } from '@vigil/contract/client'
import { t } from '../../text.ts'

const unexpected: Problem = { type: 'about:blank', title: t('页面出错'), status: 0, code: 'client' }

/** What went wrong as a problem, whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return { ...unexpected, detail: t('请刷新页面后重试') }
}

/** JSON pointer (RFC 6901), with or without the leading part of the request it is in → path of form fields. */
export function pathOf(pointer: string): (string | number)[] {
  const parts = pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const inner = parts[0] === 'body' ? parts.slice(1) : parts
  return inner.map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

export interface FieldMessage {
  readonly name: (string | number)[]
  readonly errors: string[]
}

/**
 * Field messages of a problem in the form that Ant Design's `setFields` takes.
 * @param rename turns the path in the request into the path in the form; undefined when the form has no such field
 */
export function fieldMessages(
  error: unknown,
  rename: (path: (string | number)[]) => (string | number)[] | undefined = (path) => path,
): FieldMessage[] {
  const found = new Map<string, FieldMessage>()
  for (const { pointer, detail } of problemOf(error).errors ?? []) {
    const name = rename(pathOf(pointer))
    if (!name || name.length === 0) continue
    const key = JSON.stringify(name)
    const before = found.get(key)
    if (before) before.errors.push(detail)
    else found.set(key, { name, errors: [detail] })
  }
  return [...found.values()]
}
