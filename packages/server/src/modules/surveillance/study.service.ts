import { randomInt } from 'node:crypto'
import { addDays, dayOf } from '@vigil/codes'
import type { Backtest, BodyOf, Scan, ScanCluster, surveillanceRoutes, WatchedClass } from '@vigil/contract'
import { assertCan, type Caller, scopeFor } from '../../kernel/access/index.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { backtestRow, type StudyRow, studyOf, toBacktest } from './study.read.ts'
import { orderStudy } from './study.store.ts'

type Routes = typeof surveillanceRoutes
const shownScans = 30

/** Orders a back-test of a version. @throws Problem 404 outside the area, 409 while one is under way */
export async function startBacktest(
  kernel: Kernel,
  caller: Caller,
  ruleId: string,
  version: number,
  { seed = randomInt(1, 2_147_483_647) }: BodyOf<Routes['surveillance.start-backtest']>,
): Promise<Backtest> {
  const now = kernel.clock.now()
  return command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    // The lock of the rule orders two who ask at the same time.
    const rule = await tx
      .selectFrom('surveillance.rule')
      .selectAll()
      .where('id', '=', ruleId)
      .forUpdate()
      .executeTakeFirst()
    if (!rule || version > rule.latestVersion) throw notFound('监测规则')
    const before = await backtestRow(tx, ruleId, version)
    if (before?.state === 'waiting' || before?.state === 'running') throw conflict('该版本正在回测，请等待完成')
    const options = { seed, today: dayOf(now) }
    const study = { kind: 'backtest', path: rule.path, areaCode: rule.areaCode, ruleId, version, options } as const
    const row = await orderStudy(tx, study, now, caller.name)
    await audit({
      action: 'rule.backtest',
      object: `rule:${ruleId}`,
      path: rule.path,
      areaCode: rule.areaCode,
      detail: { version, seed },
    })
    return toBacktest(row!)
  })
}

/** Newest back-test of a version. @throws Problem 404 outside the area */
export async function readBacktest(
  kernel: Kernel,
  caller: Caller,
  ruleId: string,
  version: number,
): Promise<{ backtest: Backtest | null }> {
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const rule = await tx
      .selectFrom('surveillance.rule')
      .select('latestVersion')
      .where('id', '=', ruleId)
      .executeTakeFirst()
    if (!rule || version > rule.latestVersion) throw notFound('监测规则')
    const row = await backtestRow(tx, ruleId, version)
    return { backtest: row ? toBacktest(row) : null }
  })
}

function toScan(reference: Reference, row: StudyRow): Scan {
  const options = row.options as { day: string; class: WatchedClass; nightly?: boolean }
  return {
    ...studyOf(row),
    areaCode: row.areaCode,
    areaName: reference.areaName(row.areaCode),
    day: options.day,
    class: options.class,
    nightly: options.nightly ?? false,
    clusters: (row.result as { clusters: ScanCluster[] } | null)?.clusters ?? null,
  }
}

/** Orders a scan over the stores of an area. @throws Problem 400 for a day to come, 404 outside the area */
export async function startScan(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  body: BodyOf<Routes['surveillance.start-scan']>,
): Promise<Scan> {
  const area = reference.area(body.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'rule.manage', area.path, '区划')
  const now = kernel.clock.now()
  const day = body.day ?? addDays(dayOf(now), -1)
  if (day > dayOf(now)) throw invalidField('/body/day', '日期不能晚于今天')
  return command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    const options = { day, class: body.class, nightly: false }
    const row = await orderStudy(tx, { kind: 'scan', path: area.path, areaCode: area.code, options }, now, caller.name)
    await audit({
      action: 'scan.start',
      object: `scan:${row!.id}`,
      path: area.path,
      areaCode: area.code,
      detail: options,
    })
    return toScan(reference, row!)
  })
}

/** Latest scans of the caller's area, newest first. */
export async function listScans(kernel: Kernel, reference: Reference, caller: Caller): Promise<Scan[]> {
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const rows = await tx
      .selectFrom('surveillance.study')
      .selectAll()
      .where('kind', '=', 'scan')
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(shownScans)
      .execute()
    return rows.map((row) => toScan(reference, row))
  })
}

/** One scan. @throws Problem 404 outside the area */
export async function readScan(kernel: Kernel, reference: Reference, caller: Caller, id: string): Promise<Scan> {
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const row = await tx
      .selectFrom('surveillance.study')
      .selectAll()
      .where('kind', '=', 'scan')
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw notFound('扫描')
    return toScan(reference, row)
  })
}
