import { spawn } from 'node:child_process'
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = resolve(import.meta.dirname, '..')
/** Size of the demo city; the stories of e2e/story need the days of a full one. */
const DEMO = process.env.VIGIL_E2E_DEMO ?? 'small'
const READY_MS = 180_000
const STOP_MS = 60_000

/**
 * Playwright global setup: starts the real server with a small demo city on a temporary directory, sets VIGIL_E2E_URL
 * and VIGIL_E2E_DATA for the tests, and returns the function that stops it. The server's output is kept in test-results/server.log.
 * A server that VIGIL_E2E_URL already names is used as it is.
 */
export default async function startServer(): Promise<() => Promise<void>> {
  if (process.env.VIGIL_E2E_URL) return async () => {}
  const data = mkdtempSync(join(tmpdir(), 'vigil-e2e-'))
  // Under root another account runs PostgreSQL and must be able to pass through.
  chmodSync(data, 0o711)
  const logFile = join(ROOT, 'test-results', 'server.log')
  mkdirSync(join(ROOT, 'test-results'), { recursive: true })
  const log = createWriteStream(logFile)
  const args = ['serve', '--port', String(await freePort()), '--data', data, '--demo', DEMO]
  const child = spawn(process.execPath, [join(ROOT, 'packages/server/src/cli.ts'), ...args], {
    cwd: ROOT,
    // The recipient of the pushes stands on this machine.
    env: { ...process.env, VIGIL_TEST: '1', VIGIL_SHARING_ALLOW: '127.0.0.1', VIGIL_HOTLINE: '0595-12315' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C goes to Playwright, which stops the server through the function returned here.
    detached: true,
  })
  child.stdout.pipe(log)
  child.stderr.pipe(log)
  const ended = new Promise<void>((done) => child.once('close', () => done()))

  const tail: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line)
      if (tail.length > 40) tail.shift()
    })

  const stop = async () => {
    child.kill('SIGTERM')
    const inTime = await Promise.race([ended.then(() => true), pause(STOP_MS)])
    if (!inTime) child.kill('SIGKILL')
    await ended
    rmSync(data, { recursive: true, force: true })
    if (!inTime) throw new Error(`服务器在 ${STOP_MS / 1000} 秒内没有停止，见 ${logFile}`)
  }

  const url = await Promise.race([
    readyUrl(child.stdout),
    ended.then(() => undefined),
    pause(READY_MS).then(() => undefined),
  ])
  if (url === undefined) {
    await stop().catch(() => {})
    throw new Error(`服务器没有就绪：\n${tail.join('\n')}`)
  }
  process.env.VIGIL_E2E_URL = url
  process.env.VIGIL_E2E_DATA = data
  return stop
}

function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((done) => {
    createInterface({ input: output }).on('line', (line) => {
      const url = /^VIGIL_READY (http:\/\/\S+)$/.exec(line.trim())?.[1]
      if (url !== undefined) done(url)
    })
  })
}

function pause(ms: number): Promise<false> {
  return new Promise((done) => {
    setTimeout(() => done(false), ms).unref()
  })
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
