import { chmod, mkdir } from 'node:fs/promises'
import { type App, buildApp } from './app.ts'
import { demoAccounts, demoHolders, demoPassword, demoStore } from './demo/accounts.ts'
import { startDemoAlerts } from './demo/alert.ts'
import { startDemoColdchain } from './demo/coldchain.ts'
import { startDemoCompliance } from './demo/compliance.ts'
import { ensureDemo, startDemoFeed } from './demo/demo.ts'
import { startDemoDuties } from './demo/duties.ts'
import { startDemoFollowups } from './demo/followup.ts'
import { startDemoStopSales } from './demo/stopsale.ts'
import { startDemoHistory } from './demo/surveillance.ts'
import type { Config } from './kernel/config.ts'
import { prepareMonths, startMaintenance } from './maintenance.ts'
import { seedBase } from './seed.ts'
import { openSession, type Session } from './session.ts'
import { ensureWebBuilt } from './web/build.ts'

const started = performance.now()
const log = (line: string) => console.log(`[${((performance.now() - started) / 1000).toFixed(1).padStart(5)}s] ${line}`)
/** Stack and code only: what hangs on an error object (queries, rows, clients) may hold personal data. */
const logError = (error: unknown, requestId?: string) => {
  const { stack, message, code } = (error ?? {}) as { stack?: string; message?: string; code?: string }
  console.error(
    `[错误]${requestId ? ` ${requestId}` : ''}${code ? ` ${code}` : ''} ${stack ?? message ?? String(error)}`,
  )
}

/** Runs the server until it is told to stop. @returns after a clean stop */
export async function serve(config: Config): Promise<void> {
  await mkdir(config.dataDir, { recursive: true })
  // Under root another account runs PostgreSQL and must be able to pass; the keys in here are 0600.
  await chmod(config.dataDir, 0o711)
  let session: Session | undefined
  let app: App | undefined
  const background: (() => void)[] = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      log('正在停止…')
      for (const end of background) end()
      await app?.close()
      await session?.close()
      log('已停止')
    })()
    return stopping
  }
  const ended = new Promise<void>((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop().then(resolve, reject))
  })

  const web = ensureWebBuilt(log)
  // Awaited below; a failure of the database must not leave it as an unhandled rejection.
  web.catch(() => undefined)
  try {
    session = await openSession(config, log, logError)
    // Told to stop while it was being opened: nobody else closes it.
    if (stopping) return await session.close().then(() => ended)
    const { kernel } = session
    await seedBase(kernel)
    await prepareMonths(kernel)
    await web
    if (stopping) return await ended
    app = await buildApp(kernel, { logError, web: true })
    if (stopping) return await app.close().then(() => ended)
    const demo = config.demo !== 'none' && (await ensureDemo(kernel, app.modules.pharmacy, config.demo, log))
    if (stopping) return await ended
    if (demo) background.push(await startDemoFeed(kernel, app.modules.pharmacy, logError))
    background.push(startMaintenance(kernel, logError))
    kernel.startSealing()
    await app.http.listen({ host: config.host, port: config.port })
    announce(config, app, demo)
    background.push(app.modules.followups.loop.start())
    if (demo) background.push(startDemoFollowups(kernel, app.modules.followups, logError))
    if (demo) background.push(startDemoCompliance(kernel, app.modules.compliance, logError))
    if (demo) background.push(startDemoStopSales(kernel, app.modules.stopSales, logError))
    if (demo) background.push(startDemoColdchain(kernel, app.modules.coldchain, logError))
    if (demo) background.push(startDemoDuties(kernel, app.modules.pharmacy, logError))
    if (demo) background.push(startDemoAlerts(kernel, app.modules, logError))
    if (demo) background.push(startDemoHistory(kernel, app.modules, log, logError))
  } catch (error) {
    // What breaks off because the connections were closed under it is no fault.
    if (stopping) return await ended
    await stop()
    throw error
  }
  await ended
}

function announce(config: Config, app: App, demo: boolean): void {
  const address = app.http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const url = config.publicUrl || `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`
  if (process.env.VIGIL_TEST) console.log(`VIGIL_READY ${url}`)
  const lines = [`守望已启动：${url}`, `接口说明：${url}/api/docs`]
  if (demo) {
    lines.push('', '示范账号（合成数据，勿用于生产）：')
    for (const { username, title } of demoAccounts)
      lines.push(`  监管端  ${username.padEnd(10)} 密码 ${demoPassword}  ${title}`)
    for (const { username, title } of demoHolders)
      lines.push(`  冷链端  ${username.padEnd(10)} 密码 ${demoPassword}  ${title}（${url}/cold）`)
    lines.push(`  药店端  ${url}/c/${demoStore.code}  激活码 ${demoStore.activationCode}`)
  } else lines.push('首位管理员:npm run vigil -- admin <用户名> <姓名> --area <市区划代码>')
  lines.push('', '按 Ctrl-C 停止')
  console.log(`\n${lines.join('\n')}\n`)
}
