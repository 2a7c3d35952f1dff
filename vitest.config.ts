import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Pure tests need nothing; db tests share one embedded PostgreSQL whose migrated template is cloned per file;
// conformance tests compare with reference data beside the checkout and run apart (npm run test:conformance).
export default defineConfig({
  test: {
    // Tests of whole servers mostly wait for a process to start: more of them than cores are run at a time.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          // Pure: nothing is left behind that another file could see.
          isolate: false,
          setupFiles: ['vitest.setup.ts'],
          include: ['packages/*/src/**/*.test.ts', 'rules/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/*.access.test.ts', '**/*.conformance.test.ts', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'db',
          // Each file has a database of its own; the modules, which take most of a file's start, are loaded once per worker.
          isolate: false,
          setupFiles: ['vitest.setup.ts'],
          include: ['packages/*/src/**/*.db.test.ts', 'packages/*/src/**/*.access.test.ts'],
          globalSetup: ['packages/server/src/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'conformance',
          setupFiles: ['vitest.setup.ts'],
          include: ['packages/*/src/**/*.conformance.test.ts'],
          globalSetup: ['packages/server/src/testing/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
