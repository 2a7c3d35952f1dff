import { spawn } from 'node:child_process'
import { delimiter, join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const MODULES = join(ROOT, 'node_modules')

const STEPS: ReadonlyArray<{ title: string; args: string[] }> = [
  { title: '单元测试与数据库测试', args: [join(MODULES, 'vitest', 'vitest.mjs'), 'run', '--project=!conformance'] },
  { title: '查找浏览器', args: [join(ROOT, 'scripts', 'chromium.ts')] },
  { title: '浏览器测试', args: [join(MODULES, '@playwright', 'test', 'cli.js'), 'test'] },
]

/** Runs one step with this Node and returns its exit code; a step ended by a signal counts as failed. */
function run(args: string[]): Promise<number> {
  const env = { ...process.env, PATH: [join(MODULES, '.bin'), process.env.PATH ?? ''].join(delimiter) }
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' })
    child.once('error', fail)
    child.once('exit', (code) => done(code ?? 1))
  })
}

// Ctrl-C reaches the running step as well, which stops its servers; this process then ends with that step's code.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

for (const [index, step] of STEPS.entries()) {
  const begin = Date.now()
  console.log(`\n[${index + 1}/${STEPS.length}] ${step.title}`)
  const code = await run(step.args)
  const seconds = ((Date.now() - begin) / 1000).toFixed(1)
  if (code !== 0) {
    console.error(`[${index + 1}/${STEPS.length}] ${step.title}：失败（退出码 ${code}，${seconds} 秒）`)
    process.exit(code)
  }
  console.log(`[${index + 1}/${STEPS.length}] ${step.title}：通过（${seconds} 秒）`)
}
