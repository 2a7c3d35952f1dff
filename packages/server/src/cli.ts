import { Command } from 'commander'
import { detectCommand } from './detect/command.ts'
import { exportCommand } from './export.cli.ts'
import { importCommand } from './import.cli.ts'
import { createFirstAdministrator, systemCaller } from './kernel/access/index.ts'
import { verifyAudit } from './kernel/audit/index.ts'
import { type Config, readConfig } from './kernel/config.ts'
import { serve } from './main.ts'
import { rotateKeys } from './modules/vault/index.ts'
import { seedBase } from './seed.ts'
import { openSession, type Session } from './session.ts'
import { simulateCommand } from './simulate.cli.ts'

const log = (line: string) => {
  if (process.stderr.isTTY) console.error(line)
}

/** Opens the installation, does the work, closes it whatever happens. */
async function withSession(config: Config, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await openSession(config, log)
  try {
    await work(session)
  } finally {
    await session.close()
  }
}

const print = (json: boolean, value: Record<string, unknown>, text: string) =>
  console.log(json ? JSON.stringify(value) : text)

const program = new Command('vigil')
  .description('Vigil 守望: real-name pharmacy registration and supervision')
  .showHelpAfterError()

program
  .command('serve')
  .description('run the server 启动')
  .option('--port <port>', 'TCP port', Number)
  .option('--host <host>', 'address to listen on')
  .option('--data <dir>', 'directory for keys, files and the embedded database')
  .option('--demo <size>', 'demo city in an empty database: full, small or none')
  .addHelpText(
    'after',
    '\nExamples:\n  vigil serve\n  DATABASE_URL=postgres://owner@db/vigil vigil serve --host 0.0.0.0 --demo none',
  )
  .action((options: { port?: number; host?: string; data?: string; demo?: Config['demo'] }) =>
    serve(
      readConfig({
        ...(options.port !== undefined && { port: options.port }),
        ...(options.host && { host: options.host }),
        ...(options.data && { dataDir: options.data }),
        ...(options.demo && { demo: options.demo }),
      }),
    ),
  )

program
  .command('migrate')
  .description('bring the database to the newest version and seed what every installation needs 升级数据库')
  .option('--json', 'machine-readable output')
  .action((options: { json?: boolean }) =>
    withSession(readConfig(), async ({ kernel }) => {
      await seedBase(kernel)
      print(Boolean(options.json), { ok: true }, '数据库已是最新')
    }),
  )

program
  .command('admin')
  .description('create the first administrator; prints a one-time code 建立首位管理员')
  .argument('<username>')
  .argument('<name>', 'name as shown 姓名')
  .option('--area <code>', 'GB/T 2260 code of the city')
  .option('--json', 'machine-readable output')
  .addHelpText('after', '\nExample:\n  vigil admin linjuzhang 林局长 --area 350500')
  .action((username: string, name: string, options: { area?: string; json?: boolean }) =>
    withSession(readConfig(), async ({ kernel }) => {
      await seedBase(kernel)
      const { code, expiresAt } = await createFirstAdministrator(kernel, {
        username,
        displayName: name,
        ...(options.area && { areaCode: options.area }),
      })
      print(
        Boolean(options.json),
        { username, code, expiresAt },
        `用户名 ${username}\n一次性开通码 ${code}（有效至 ${expiresAt.toISOString()}）\n请在登录页点“收到邀请码？设置密码”`,
      )
    }),
  )

program
  .command('verify')
  .description('verify the audit log; exit code 1 when anything was changed 校验审计日志')
  .option('--json', 'machine-readable output')
  .action((options: { json?: boolean }) =>
    withSession(readConfig(), async ({ kernel }) => {
      const report = await verifyAudit(kernel.db, { publicKey: kernel.signer.publicKey, headsFile: kernel.headsFile })
      const problems = report.problems.map((problem) => `  ${problem.seq ?? '-'}: ${problem.detail}`).join('\n')
      print(
        Boolean(options.json),
        { ...report },
        report.ok
          ? `审计日志完整：${report.checked} 条`
          : `审计日志有问题（已核对 ${report.checked} 条）：\n${problems}`,
      )
      if (!report.ok) process.exitCode = 1
    }),
  )

program
  .command('rotate')
  .description('wrap all data keys with the newest master key 轮换主密钥')
  .action(() =>
    withSession(readConfig(), async ({ kernel }) => {
      console.log(`已重新封装 ${await rotateKeys(kernel, systemCaller('命令行', ['vault.manage']))} 个数据密钥`)
    }),
  )

program.addCommand(importCommand())
program.addCommand(exportCommand())
program.addCommand(simulateCommand())
program.addCommand(detectCommand())

try {
  await program.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (process.env.VIGIL_DEBUG) console.error(error)
  process.exitCode = 1
}
