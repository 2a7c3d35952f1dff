import { defineConfig } from 'vitest/config'

// Two projects: pure tests need nothing; db tests share one embedded PostgreSQL whose migrated template is cloned per file.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'rules/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/*.access.test.ts', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'db',
          include: ['packages/*/src/**/*.db.test.ts', 'packages/*/src/**/*.access.test.ts'],
          globalSetup: ['packages/server/src/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
