// Hands one orange signal to a running installation, as its surveillance does: node e2e/alert.signal.ts <data> <county> <class>
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dayOf, uuidv7 } from '@vigil/codes'
import { readConfig } from '../packages/server/src/kernel/config.ts'
import { systemScope, withScope } from '../packages/server/src/kernel/db/index.ts'
import { openKernel } from '../packages/server/src/kernel/open.ts'
import { openAlerts } from '../packages/server/src/modules/alert/index.ts'
import { openReference } from '../packages/server/src/modules/pharmacy/index.ts'
import type { Signal } from '../packages/server/src/modules/surveillance/index.ts'

const [dataDir = '', county = '', className = ''] = process.argv.slice(2)
const { port, password } = JSON.parse(readFileSync(join(dataDir, 'pg', 'state.json'), 'utf8'))
const databaseUrl = `postgres://vigil:${password}@127.0.0.1:${port}/vigil`
const kernel = await openKernel(readConfig({ dataDir, databaseUrl, demo: 'none', port: 0 }), databaseUrl)
const reference = await openReference(kernel)
const alerts = openAlerts(kernel, reference, { onAnswer: () => undefined }, console.error)
const area = reference.area(county)!
const signal: Signal = {
  unit: { kind: 'county', code: county, name: area.name, path: area.path, county },
  class: className as Signal['class'],
  day: dayOf(kernel.clock.now()),
  ruleId: uuidv7(),
  ruleVersion: 1,
  ruleName: '浏览器验收规则',
  observed: 88,
  expected: 30.2,
  lower: 18,
  upper: 44,
  score: 6.1,
  p: 0.00001,
  grade: 'orange',
  reason: `${area.name}今日登记 88 笔，预期 30 笔（18～44），高出近 2 倍`,
  completeness: 1,
}
await withScope(kernel.db, systemScope, (tx) => alerts.applySignals(tx, [signal]))
await alerts.close()
await reference.close()
await kernel.close()
