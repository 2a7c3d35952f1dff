import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { writeErrorFile } from './error-file.ts'
import { textRow, workbook } from './fixture.ts'
import { type ImportOptions, importTable } from './import.ts'
import type { ColumnSpec, RowProblem } from './types.ts'

const columns: ColumnSpec[] = [
  { key: 'name', heads: ['药店名称'], required: true },
  { key: 'code', heads: ['信用代码', 'Credit code'], required: true },
]

type Store = { name: string; code: string }

/** A store keeper that refuses a code it has, as a database would. */
function keeper(): { kept: Store[]; chunks: number[]; options: Pick<ImportOptions<Store>, 'parseRow' | 'write'> } {
  const kept: Store[] = []
  const chunks: number[] = []
  return {
    kept,
    chunks,
    options: {
      parseRow: ({ name = '', code = '' }) =>
        /^\d{3}$/.test(code) ? { ok: { name, code } } : { errors: [{ column: 'code', message: '应为 3 位数字' }] },
      write: async (chunk) => {
        chunks.push(chunk.length)
        const problems: RowProblem[] = []
        for (const { rowNumber, value } of chunk) {
          if (kept.some(({ code }) => code === value.code)) problems.push({ rowNumber, message: '代码已存在' })
          else kept.push(value)
        }
        return problems
      },
    },
  }
}

const csv = (lines: string[]): Buffer => Buffer.from(`药店名称,Credit code,电话\n${lines.join('\n')}\n`)

describe('importTable', () => {
  it('keeps the good and reports every bad row with its number, column and reason', async () => {
    const { kept, chunks, options } = keeper()
    const shares: (number | undefined)[] = []
    const result = await importTable({
      source: csv(['甲,001,1', '乙,02,2', '丙,003,3', '丁,001,4', '戊,005,5']),
      filename: 'a.csv',
      columns,
      chunkSize: 2,
      onProgress: ({ share }) => void shares.push(share),
      ...options,
    })
    expect(result).toMatchObject({ total: 5, accepted: 3, rejected: 2, truncated: false })
    expect(result.problems).toEqual([
      { rowNumber: 3, column: 'Credit code', message: '应为 3 位数字' },
      { rowNumber: 5, message: '代码已存在' },
    ])
    expect(kept.map(({ name }) => name)).toEqual(['甲', '丙', '戊'])
    expect(chunks).toEqual([2, 2])
    expect(shares.at(-1)).toBe(1)
  })

  it('rejects a row whose cell lost digits without asking the parser', async () => {
    const data =
      '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2"><v>350502199001010123</v></c></row>'
    const { options } = keeper()
    const source = workbook({ sheets: textRow(1, ['药店名称', '信用代码']) + data })
    const result = await importTable({ source, filename: 'a.xlsx', columns, ...options })
    expect(result).toMatchObject({ total: 1, accepted: 0, rejected: 1 })
    expect(result.problems[0]).toMatchObject({ rowNumber: 2, column: '信用代码' })
  })

  it.each(['xlsx', 'csv'] as const)(
    'an error file (%s), mended, is imported; its own columns do not pile up',
    async (format) => {
      const { kept, options } = keeper()
      const filename = `错误.${format}`
      const source = csv(['甲,001,0595', '=乙,2,+86', '丙,x,-3'])
      const first = await importTable({ source, filename: 'a.csv', columns, ...options })
      const file = await buffer(writeErrorFile({ heads: first.heads, rows: first.rejectedRows, format }))
      const second = await importTable({
        source: Readable.from([file]),
        filename,
        columns,
        parseRow: ({ name = '', code = '' }) =>
          code === 'x'
            ? { errors: [{ column: 'code', message: '应为 3 位数字' }] }
            : { ok: { name, code: code.padStart(3, '0') } },
        write: options.write,
      })
      expect(second).toMatchObject({ total: 2, accepted: 1, rejected: 1 })
      expect(kept.map(({ name, code }) => name + code)).toEqual(['甲001', '=乙002'])
      expect(second.heads).toEqual(['药店名称', 'Credit code', '电话'])
      expect(second.rejectedRows[0]?.raw).toEqual(['丙', 'x', '-3'])
    },
  )

  it('writes the original columns, row number and reasons', async () => {
    const problems = [
      { rowNumber: 7, column: '代码', message: '重复' },
      { rowNumber: 7, message: '缺少地址' },
    ]
    const rows = [{ rowNumber: 7, raw: ['甲', '=1'], problems }]
    const file = await buffer(writeErrorFile({ heads: ['名称', '代码'], rows, format: 'csv' }))
    expect(file.toString()).toBe("\ufeff名称,代码,行号,错误原因\r\n甲,'=1,7,代码：重复；缺少地址\r\n")
  })

  it('counts rows beyond those kept and hands them to onRejected', async () => {
    const { options } = keeper()
    const seen: number[] = []
    const result = await importTable({
      source: csv(Array.from({ length: 30 }, (_, at) => `店${at},bad,`)),
      filename: 'a.csv',
      columns,
      maxKept: 10,
      onRejected: ({ rowNumber }) => void seen.push(rowNumber),
      ...options,
    })
    expect(result).toMatchObject({ rejected: 30, truncated: true })
    expect([result.problems.length, seen.length]).toEqual([10, 30])
  })

  it('ends when storing fails or the signal is aborted, and closes the source', async () => {
    const source = (): Readable => Readable.from([csv(Array.from({ length: 50 }, (_, at) => `店,${100 + at},`))])
    const { options } = keeper()
    const failing = source()
    const write = async (): Promise<never> => {
      throw new Error('connection lost')
    }
    await expect(importTable({ filename: 'a.csv', columns, ...options, source: failing, write })).rejects.toThrow(
      'connection lost',
    )
    expect(failing.destroyed).toBe(true)
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(importTable({ filename: 'a.csv', columns, ...options, source: source(), signal })).rejects.toThrow(
      'stopped',
    )
  })
})
