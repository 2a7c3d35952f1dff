import { parentPort } from 'node:worker_threads'
import { type BacktestBatch, backtestBatch } from './backtest.ts'
import type { WorkerAnswer, WorkerCall } from './engine.pool.ts'
import { CountyEngine } from './engine.ts'
import { scanStep } from './scan.ts'

const engines = new Map<string, CountyEngine>()

function answer(call: WorkerCall): { value: unknown; transfer: ArrayBuffer[] } {
  if (call.kind === 'open') engines.set(call.setup.county, new CountyEngine(call.setup))
  if (call.kind === 'drop') engines.delete(call.county)
  if (call.kind === 'backtest') return { value: backtestBatch(call.input as BacktestBatch), transfer: [] }
  if (call.kind === 'scan') return { value: scanStep(call.input), transfer: [] }
  if (call.kind !== 'run' && call.kind !== 'totals') return { value: undefined, transfer: [] }
  const engine = engines.get(call.county)
  if (!engine) throw new Error(`no engine of ${call.county}`)
  if (call.kind === 'totals') return { value: engine.totals(call.from), transfer: [] }
  const value = engine.run(call.task)
  return { value, transfer: value.map(({ numbers }) => numbers.buffer as ArrayBuffer) }
}

parentPort?.on('message', (call: WorkerCall) => {
  let reply: WorkerAnswer
  let transfer: ArrayBuffer[] = []
  try {
    const done = answer(call)
    reply = { id: call.id, value: done.value }
    transfer = done.transfer
  } catch (error) {
    reply = { id: call.id, error: (error as Error).stack ?? String(error) }
  }
  parentPort?.postMessage(reply, transfer)
})
