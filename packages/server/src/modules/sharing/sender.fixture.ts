// One server process that sends what is due, to be killed by a test: node sender.fixture.ts <database> <data> <clock offset in ms>
import { buildApp } from '../../app.ts'
import { readConfig } from '../../kernel/config.ts'
import { openKernel } from '../../kernel/open.ts'

const [databaseUrl = '', dataDir = '', offset = '0'] = process.argv.slice(2)
const clock = { now: () => new Date(Date.now() + Number(offset)) }
const kernel = await openKernel(readConfig({ databaseUrl, dataDir, demo: 'none', port: 0 }), databaseUrl, { clock })
await buildApp(kernel)
process.stdout.write('ready\n')
