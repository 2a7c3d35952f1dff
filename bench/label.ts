import { randomBytes } from 'node:crypto'
import { boxLabel, boxSerial, localGtin, serialBytes } from '../packages/server/src/modules/coldchain/label.domain.ts'
import { labelPdf, type PerPage } from '../packages/server/src/modules/coldchain/label.pdf.ts'
import { labelZpl } from '../packages/server/src/modules/coldchain/label.zpl.ts'
import { quantile } from './environment.ts'

const boxes = 1_000
const runs = 7
const lot = {
  gtin: localGtin(1),
  lot: '261122-7KQ2',
  goods: '冷冻去骨牛前八件套',
  origin: '巴西 SIF 4507',
  importer: '泉州海通进出口贸易有限公司',
  produced: '2026-08-01',
  expires: '2028-07-31',
  grams: 25_400,
}
const makeLabels = () =>
  Array.from({ length: boxes }, (_, at) =>
    boxLabel('https://shouwang.example.cn', lot, {
      serial: boxSerial(randomBytes(serialBytes)),
      number: at + 1,
      of: boxes,
    }),
  )

async function sheet(perPage: PerPage): Promise<number> {
  let bytes = 0
  for await (const chunk of labelPdf(makeLabels(), { perPage })) bytes += chunk.length
  return bytes
}

async function measured(name: string, work: () => Promise<number> | number): Promise<void> {
  const times: number[] = []
  let bytes = 0
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    bytes = await work()
    times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const [median, worst] = [quantile(times, 0.5), times.at(-1)!].map((ms) => `${(ms / 1000).toFixed(2)} s`)
  console.log(`| ${name} | ${median} | ${worst} | ${(bytes / 1024).toFixed(0)} KiB |`)
}

/** New codes and labels of 1,000 boxes, as sheets and for a label printer; the target for a sheet is 5 s. */
export async function run(): Promise<void> {
  console.log(`| ${boxes} boxes, ${runs} runs | median | worst | size |\n| --- | --- | --- | --- |`)
  await measured('PDF, 8 on a page', () => sheet(8))
  await measured('PDF, 24 on a page', () => sheet(24))
  await measured('ZPL II', () => [...labelZpl(makeLabels(), { dots: 8 })].reduce((sum, text) => sum + text.length, 0))
}
