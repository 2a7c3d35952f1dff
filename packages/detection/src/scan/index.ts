export { type PoissonScanOptions, preparePermutationScan, preparePoissonScan } from './prepare.ts'
export { logLikelihoodRatio, scanMaxima } from './replicate.ts'
export { finishScan, gumbelTail, poissonScan, spaceTimePermutationScan } from './scan.ts'
export type { ScanCase, ScanCluster, ScanOptions, ScanProblem, ScanResult, ScanSite } from './types.ts'
