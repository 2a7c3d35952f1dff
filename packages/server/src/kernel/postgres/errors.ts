export type EmbeddedPostgresCode =
  | 'in-use'
  | 'not-writable'
  | 'disk-full'
  | 'no-binaries'
  | 'no-user'
  | 'wrong-version'
  | 'start-failed'

/** A start of the embedded PostgreSQL that cannot go on; the message (Chinese, then English) says what to do. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresCode

  constructor(code: EmbeddedPostgresCode, chinese: string, english: string, options?: ErrorOptions) {
    super(`${chinese}\n${english}`, options)
    this.name = 'EmbeddedPostgresError'
    this.code = code
  }
}

const WRITE_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'])
const FULL_CODES = new Set(['ENOSPC', 'EDQUOT'])

/** Turns a file-system error about `path` into an {@link EmbeddedPostgresError}; any other error is returned unchanged. */
export function explainFileError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (FULL_CODES.has(code)) return diskFull(path, error)
  if (!WRITE_CODES.has(code)) return error
  return new EmbeddedPostgresError(
    'not-writable',
    `数据目录 ${path} 不可写（${code}）。请检查权限，或用环境变量 VIGIL_DATA_DIR 指定另一个目录。`,
    `The data directory ${path} is not writable (${code}). Check its permissions or set VIGIL_DATA_DIR.`,
    { cause: error },
  )
}

/** The error for a full disk or exhausted quota below `path`. */
export function diskFull(path: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk-full',
    `磁盘空间不足，数据库无法在 ${path} 启动。请清理磁盘后重试。`,
    `The disk is full; the database cannot start in ${path}. Free some space and try again.`,
    { cause },
  )
}
