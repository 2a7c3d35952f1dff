import { type ImportKindName, type ImportState, importKindNames, importKinds, importPermissions } from '@vigil/contract'
import { scopeFor } from '../../kernel/access/caller.ts'
import { type List, queryList } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'

const stateNames: Readonly<Record<ImportState, string>> = {
  uploaded: '待导入',
  checking: '试导入中',
  checked: '已试导入',
  running: '导入中',
  done: '已完成',
  failed: '已中断',
  cancelled: '已停止',
}

interface RunRow {
  filename: string
  kind: ImportKindName
  status: ImportState
  bytes: number
  total: number
  fresh: number
  changed: number
  unchanged: number
  refused: number
  error: string | null
  sha256: string
  created_by: string
  created_at: Date
  finished_at: Date | null
}

/** A run's whole scope lies where its owner may still import its kind: `$2` and `$3` name kind and subtree, pair by pair. */
const stillAllowed = `NOT EXISTS (SELECT FROM unnest(scope) AS wanted WHERE NOT EXISTS (
  SELECT FROM unnest($2::text[], $3::text[]) AS own (kind, path) WHERE own.kind = run.kind AND wanted ^@ own.path))`

/** The caller's own import runs, of the kinds that he may import where he ran them: what the page of imports shows. */
export const importList = (reference: Reference): List<RunRow> => {
  const list = queryList<RunRow>({
    key: 'imports',
    name: '导入记录',
    permission: Object.values(importPermissions),
    pathOf: (code) => reference.area(code)?.path,
    fields: [
      { key: 'filename', name: '文件', type: 'text', width: 36, value: (row) => row.filename },
      {
        key: 'kind',
        name: '内容',
        type: 'text',
        width: 12,
        values: Object.values(importKindNames),
        value: (row) => importKindNames[row.kind],
      },
      {
        key: 'status',
        name: '状态',
        type: 'text',
        width: 10,
        values: Object.values(stateNames),
        value: (row) => stateNames[row.status],
      },
      { key: 'total', name: '总行数', type: 'integer', value: (row) => row.total },
      { key: 'fresh', name: '新增', type: 'integer', value: (row) => row.fresh },
      { key: 'changed', name: '更改', type: 'integer', value: (row) => row.changed },
      { key: 'unchanged', name: '原已存在', type: 'integer', value: (row) => row.unchanged },
      { key: 'refused', name: '未导入', type: 'integer', value: (row) => row.refused },
      { key: 'error', name: '中断原因', type: 'text', width: 40, value: (row) => row.error },
      { key: 'createdBy', name: '上传人', type: 'text', width: 14, value: (row) => row.created_by },
      { key: 'createdAt', name: '上传时间', type: 'datetime', value: (row) => row.created_at },
      { key: 'finishedAt', name: '完成时间', type: 'datetime', value: (row) => row.finished_at },
      { key: 'bytes', name: '字节数', type: 'integer', value: (row) => row.bytes },
      { key: 'sha256', name: 'SHA-256', type: 'text', width: 66, value: (row) => row.sha256 },
    ],
    query: ({ owner, rights = [] }) => ({
      text: `SELECT filename, kind, status, bytes, total, fresh, changed, unchanged, refused, error, sha256, created_by, created_at,
          finished_at FROM import.run WHERE owner_id IS NOT DISTINCT FROM $1::uuid AND ${stillAllowed} ORDER BY id DESC`,
      values: [owner ?? null, rights.map(({ name }) => name), rights.map(({ path }) => path)],
    }),
  })
  return {
    ...list,
    resolve: (caller, filter, clear) => ({
      ...list.resolve(caller, filter, clear),
      owner: caller.id,
      rights: importKinds.flatMap((name) => scopeFor(caller, importPermissions[name]).map((path) => ({ name, path }))),
    }),
  }
}
