import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { studyDaily } from './daily.ts'
import { plotRows } from './plot.ts'
import { markdownTable } from './table.ts'
import { studyWeekly } from './weekly.ts'

const { values } = parseArgs({
  options: { full: { type: 'boolean', default: false }, seed: { type: 'string', default: '2019' } },
})
const seed = Number(values.seed)
const weeklyReps = values.full ? 100 : 20
const dailyReps = values.full ? 100 : 20
const out = new URL('../../../docs/detection/', import.meta.url)

const weekly = studyWeekly(weeklyReps, seed)
const weeklyTable = markdownTable(weekly, 'k', 5, 'weeks')
console.log(`${weeklyTable}\n`)
const daily = studyDaily(dailyReps, seed)
const dailyTable = markdownTable(daily, 'w', 5, 'days')
console.log(dailyTable)

mkdirSync(out, { recursive: true })
const weeklyTitle = '42 weekly scenarios of Noufaily et al. 2013'
const dailyTitle = '16 daily signals of Noufaily et al. 2019'
writeFileSync(new URL('weekly.svg', out), plotRows(weekly, { title: weeklyTitle, letter: 'k', main: 5, unit: 'weeks' }))
writeFileSync(new URL('daily.svg', out), plotRows(daily, { title: dailyTitle, letter: 'w', main: 5, unit: 'days' }))
writeFileSync(
  new URL('study.md', out),
  `# Simulation study of the detectors

Made by \`npm run study${values.full ? ' -- --full' : ''}\` with seed ${seed}: ${weeklyReps} series per weekly scenario and outbreak size,
${dailyReps} per daily signal and size (\`--full\`: 100 each; \`--seed N\`: other draws). The same seed gives the same figures.
After ± stands one Monte Carlo standard error; bars in the plots are 95% intervals.

- FPR: share of weeks (days) without outbreak that alarm. POD: share of outbreaks with an alarm on a week (day) with
  outbreak cases. Delay: mean time from the first outbreak case to the first alarm, over outbreaks found. Timeliness: delay
  as share of the outbreak's length, 1 where it was missed. PPV: share of alarms at outbreak times. Delay, timeliness and PPV
  are those at size 5.
- No detector is told anything about the generators but the calendar of bank holidays, which only the daily one can use.
- The ESSENCE methods are made for days of the week and stand in the daily part only; methods for weeks are run there on
  seven-day sums, one series per weekday. CUSUM and the EWMA chart know neither week nor season: their lines show why the
  others exist.
- The PPV is that of these designs, in which every series has an outbreak; in practice outbreaks are rarer and PPV is lower.

## ${weeklyTitle}

624 weeks, the last 49 tested, four earlier outbreaks in the baseline. FPR from series without a current outbreak.

${weeklyTable}

![FPR, POD and delay, weekly](weekly.svg)

## ${dailyTitle}

Seven years of 364 days, the last 343 days tested; outbreaks and seasonal waves as in the authors' scripts \`OUTBREAKS/*.R\`. FPR from the days without outbreak cases of the series at w = 5.

${dailyTable}

![FPR, POD and delay, daily](daily.svg)
`,
)
