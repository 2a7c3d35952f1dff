import { parentPort, workerData } from 'node:worker_threads'
import { type ScanProblem, scanMaxima } from '@vigil/detection'

const { problem, from, to } = workerData as { problem: ScanProblem; from: number; to: number }
parentPort!.postMessage(scanMaxima(problem, from, to))
