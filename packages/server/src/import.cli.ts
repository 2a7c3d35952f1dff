import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type Download,
  type ImportKindName,
  type ImportRun,
  importKindNames,
  importKinds,
  importPermissions,
} from '@vigil/contract'
import { Argument, Command } from 'commander'
import { systemCaller } from './kernel/access/index.ts'
import { readConfig } from './kernel/config.ts'
import { Problem } from './kernel/error/problem.ts'
import type { Kernel } from './kernel/kernel.ts'
import {
  createImport,
  downloadErrors,
  downloadHandout,
  type Kinds,
  readImport,
  startImport,
  workOn,
} from './modules/import/index.ts'
import { openModules } from './modules.ts'
import { seedBase } from './seed.ts'
import { openSession } from './session.ts'

interface Options {
  dryRun?: boolean
  json?: boolean
}

const maxBytes = 2 * 1024 ** 3
const progressMs = 500

/** `vigil import`: the same runs as in the console, in this process. Exit codes: 0 all rows, 2 some refused, 1 not imported. */
export function importCommand(): Command {
  return new Command('import')
    .description('import a CSV or XLSX file 导入文件')
    .addArgument(new Argument('<kind>', 'what the file holds').choices([...importKinds]))
    .argument('<file>', 'CSV or XLSX')
    .option('--dry-run', 'tell what would change, write nothing')
    .option('--json', 'machine-readable output')
    .addHelpText(
      'after',
      `\nKinds: ${importKinds.map((kind) => `${kind} ${importKindNames[kind]}`).join(', ')}\nExit codes: 0 all rows are in, 2 some rows were refused (see the error file), 1 nothing could be imported\n\nExamples:\n  vigil import purchase sales.csv --dry-run\n  vigil import store stores.xlsx --json`,
    )
    .action(run)
}

const percent = (share: number) => `${Math.floor(share * 100)}%`.padStart(4)

/** Shows on a terminal how far the run is, until told to stop. */
function showProgress(kernel: Kernel, kinds: Kinds, caller: ReturnType<typeof systemCaller>, id: string): () => void {
  if (!process.stderr.isTTY) return () => undefined
  const timer = setInterval(() => {
    void readImport(kernel, kinds, caller, id)
      .then(({ share, rows }) => process.stderr.write(`\r${percent(share)} ${rows.toLocaleString()} 行 `))
      .catch(() => undefined)
  }, progressMs)
  return () => {
    clearInterval(timer)
    process.stderr.write('\r\x1b[K')
  }
}

function report(item: ImportRun, dryRun: boolean, errorFile: string | null, codeFile: string | null): string {
  const { total, fresh, changed, unchanged, refused } = (dryRun ? item.preview : null) ?? item.result
  const lines = [
    `${dryRun ? '试导入（没有写入）' : '导入'}：共 ${total} 行，新增 ${fresh}，更改 ${changed}，原已存在 ${unchanged}，未导入 ${refused}`,
    ...item.problems
      .slice(0, 10)
      .map(({ row, column, detail }) => `  第 ${row} 行 ${column ? `${column}：` : ''}${detail}`),
    ...(refused > 10 ? [`  … 共 ${refused} 行`] : []),
    ...(errorFile ? [`错误行已保存到 ${errorFile}`] : []),
    ...(codeFile ? [`邀请码已保存到 ${codeFile}，请妥善分发后删除`] : []),
  ]
  return lines.join('\n')
}

/** Writes what belongs to an import beside its file, for the owner of the file alone. @returns where */
async function saved({ filename, body }: Download, beside: string): Promise<string> {
  const target = join(dirname(beside), filename)
  await pipeline(Readable.from(body), createWriteStream(target, { mode: 0o600 }))
  return target
}

async function run(kindName: ImportKindName, path: string, options: Options): Promise<void> {
  const { size } = await stat(path)
  if (size > maxBytes) throw new Error(`文件有 ${(size / 1e9).toFixed(1)} GB，超过 2 GB，请拆成几个文件分别导入`)
  const { kernel, close } = await openSession(readConfig(), (line) => process.stderr.isTTY && console.error(line))
  try {
    await seedBase(kernel)
    const modules = await openModules(kernel, console.error)
    const kinds = modules.imports
    const caller = systemCaller('命令行', [importPermissions[kindName]])
    try {
      const upload = { filename: basename(path), stream: createReadStream(path) }
      const { id } = await createImport(kernel, kinds, caller, kindName, upload)
      await startImport(kernel, kinds, caller, id, options.dryRun ? 'check' : 'run', async () => undefined)
      const stop = showProgress(kernel, kinds, caller, id)
      await workOn(kernel, kinds, id).finally(stop)
      const item = await readImport(kernel, kinds, caller, id)
      const errorFile = item.errorFile ? await saved(await downloadErrors(kernel, kinds, caller, id), path) : null
      const codeFile = item.handout?.rows ? await saved(await downloadHandout(kernel, kinds, caller, id), path) : null
      const dryRun = Boolean(options.dryRun)
      console.log(
        options.json ? JSON.stringify({ ...item, errorFile, codeFile }) : report(item, dryRun, errorFile, codeFile),
      )
      const counts = dryRun ? item.preview : item.result
      if (item.error) throw new Error(item.error)
      process.exitCode = counts && counts.refused > 0 ? 2 : 0
    } finally {
      await modules.close()
    }
  } catch (error) {
    // Which columns are missing stands in the fields of the problem.
    if (error instanceof Problem) throw new Error(error.message, { cause: error })
    throw error
  } finally {
    await close()
  }
}
