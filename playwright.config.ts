import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.ts'

const PHONE = '**/*.phone.spec.ts'
// A city with two months of sales takes minutes to make: its stories run apart (npm run test:story).
const STORY = '**/story/**'
const isStory = process.env.VIGIL_E2E_DEMO === 'full'

// One worker: all tests share one real server and its demo city, started once by the global setup.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  globalSetup: './scripts/e2e-server.ts',
  workers: 1,
  forbidOnly: true,
  timeout: isStory ? 900_000 : 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    baseURL: process.env.VIGIL_E2E_URL,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // What moves while it is clicked may be missed; the screens obey the wish for no motion.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'off',
    video: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    {
      name: 'console',
      testIgnore: isStory ? PHONE : [PHONE, STORY],
      ...(isStory ? { testMatch: STORY } : {}),
      use: { viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'phone',
      testMatch: PHONE,
      testIgnore: isStory ? '**/*' : [],
      use: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
    },
  ],
})
