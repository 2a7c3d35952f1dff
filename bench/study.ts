const studies: Record<string, () => Promise<unknown>> = {
  detection: () => import('../packages/detection/study/run.ts'),
  compliance: () => import('./study.compliance.ts'),
  city: () => import('./study.city.ts'),
}

const given = process.argv[2] ?? ''
// Without a name it is the detectors', as it was when there was no other.
const name = given === '' || given.startsWith('-') ? 'detection' : given
const load = studies[name]
if (!load) {
  console.error(`usage: npm run study -- [${Object.keys(studies).join('|')}]`)
  process.exit(1)
}
if (name === given) process.argv.splice(2, 1)
await load()
