import type { TemplateColumn, TemplateDetail } from '@vigil/contract'

/** A mapping as it is being edited. */
export interface Draft {
  readonly name: string
  readonly grain: TemplateDetail['grain']
  readonly sheet: string
  readonly headFrom: number
  readonly headTo: number
  readonly columns: ReadonlyMap<number, TemplateColumn>
}

/** The saved mapping, ready to be edited. */
export function draftOf(detail: TemplateDetail): Draft {
  const { name, grain, sheet, headFrom, headTo } = detail
  const columns = detail.mapped.map(({ head: _head, cell: _cell, merge: _merge, ...column }) => column)
  return { name, grain, sheet, headFrom, headTo, columns: new Map(columns.map((column) => [column.column, column])) }
}

/** Codes as people type them, one a line: `居民身份证=01`; `*=99` names the code of what is not listed. */
export function codesText({ codes = [], otherwise }: Pick<TemplateColumn, 'codes' | 'otherwise'>): string {
  const lines = codes.map(({ value, code }) => `${value}=${code}`)
  return [...lines, ...(otherwise === undefined ? [] : [`*=${otherwise}`])].join('\n')
}

/** What `codesText` wrote, or a person: lines without a sign of equality are left out. */
export function readCodes(text: string): Pick<TemplateColumn, 'codes' | 'otherwise'> {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    return at > 0
      ? [
          {
            value: line.slice(0, at).trim().slice(0, 60),
            code: line
              .slice(at + 1)
              .trim()
              .slice(0, 60),
          },
        ]
      : []
  })
  const codes = pairs.filter(({ value }) => value !== '*')
  const rest = pairs.find(({ value }) => value === '*')
  return { ...(codes.length > 0 && { codes }), ...(rest && { otherwise: rest.code }) }
}
