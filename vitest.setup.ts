import fc from 'fast-check'

// A gate must answer the same twice: properties draw from one seed. FC_SEED=random (or a number) looks further:
// `FC_SEED=random npx vitest run --project unit`; a failure prints the seed that repeats it.
const seed = process.env.FC_SEED ?? '20200123'
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) })
