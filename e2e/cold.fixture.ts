import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type APIRequestContext, type Browser, expect, type Locator, type Page } from '@playwright/test'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { phonePage } from './page.fixture.ts'

const password = 'shouwang-demo'

/** A phone on which a business of the demo city is signed in. */
export async function phoneOf(browser: Browser, username: string): Promise<Page> {
  const page = await phonePage(browser)
  // The accounts of the demo are made in the background.
  const entered = () => page.request.post('/api/session', { data: { username, password } })
  await expect.poll(async () => (await entered()).status(), { timeout: 30_000 }).toBe(200)
  return page
}

/** Asks the cold chain's part of the server, as whoever is signed in there. */
export async function ask<T>(of: APIRequestContext, path: string, data?: object): Promise<T> {
  const address = new URL(`/api/coldchain/${path}`, process.env.VIGIL_E2E_URL).href
  const answer = await (data ? of.post(address, { data }) : of.get(address))
  expect([path, answer.ok() ? '' : await answer.text()]).toEqual([path, ''])
  return answer.json() as Promise<T>
}

/** A day of Shanghai, so many days from now. */
export const dayAhead = (days: number) =>
  new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10)

/** The text of the one code that a picture on the screen shows, read from its pixels as a camera would. */
export async function codeOn(picture: Locator): Promise<string> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(readFileSync(wasm)).buffer } })
  const found = await readBarcodes(new Uint8Array(await picture.screenshot()), { formats: ['QRCode'] })
  expect(found).toHaveLength(1)
  return found[0]!.text
}
