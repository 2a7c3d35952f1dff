import { readFile } from 'node:fs/promises'
import { methodNames, type Options, type RCall, runR } from '@vigil/detection'
import { Command } from 'commander'
import { runSeries, toText } from './run.ts'
import { readSeries } from './series.ts'

interface CommandOptions {
  method?: string
  input?: string
  options?: string
  reference?: string
  json?: boolean
}

/** `vigil detect`: outbreak detection over a file, or calls of R given as JSON. Opens no database. */
export function detectCommand(): Command {
  return new Command('detect')
    .description('find outbreaks in a series of counts 对计数序列做暴发探测')
    .option('--method <name>', `${methodNames.join(', ')}; or R's name, such as farringtonFlexible`)
    .option('--input <file>', 'CSV with the columns date,count[,series]')
    .option('--options <file>', "JSON with the method's options, by R's names")
    .option('--reference <file>', 'JSON with one call of R surveillance or a list of them; prints its results')
    .option('--json', 'machine-readable output')
    .addHelpText(
      'after',
      '\nExamples:\n  vigil detect --method farrington-flexible --input series.csv --options o.json --json\n  vigil detect --reference surveillance-1.20.3.json',
    )
    .action(run)
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'))

async function run(options: CommandOptions): Promise<void> {
  if (options.reference) {
    const calls = (await readJson(options.reference)) as RCall | RCall[]
    console.log(JSON.stringify(Array.isArray(calls) ? calls.map(runR) : runR(calls)))
    return
  }
  const { method, input } = options
  if (!method || !input) throw new Error('needs --method and --input, or --reference')
  const control = options.options ? ((await readJson(options.options)) as Options) : {}
  const series = readSeries(await readFile(input, 'utf8'))
  const results = series.map((one) => {
    try {
      return runSeries(method, one, control)
    } catch (error) {
      throw one.name && error instanceof Error ? new Error(`series ${one.name}: ${error.message}`) : error
    }
  })
  console.log(options.json ? JSON.stringify(results) : results.map(toText).join('\n\n'))
}
