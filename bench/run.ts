const benches: Record<string, () => Promise<{ run(): Promise<void> }>> = {
  registration: () => import('./registration.ts'),
  counters: () => import('./counters.ts'),
  import: () => import('./import.ts'),
  search: () => import('./search.ts'),
  export: () => import('./export.ts'),
  'drug-search': () => import('./drug-search.ts'),
  'area-subtree': () => import('./area-subtree.ts'),
  detection: () => import('./detection.ts'),
  surveillance: () => import('./surveillance.ts'),
  overview: () => import('./overview.ts'),
  epcis: () => import('./epcis.ts'),
  trace: () => import('./trace.ts'),
  label: () => import('./label.ts'),
}

const name = process.argv[2] ?? ''
const load = benches[name]
if (!load) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')}`)
  process.exit(1)
}
await (await load()).run()
