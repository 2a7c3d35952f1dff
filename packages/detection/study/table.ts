import type { Score } from '../src/index.ts'

/** One detector's measures: false alarms, and the scores for each outbreak size. */
export type Row = { name: string; fpr: number; fprError: number; sizes: { size: number; score: Score }[] }

const withError = (value: number, error: number, digits: number): string =>
  Number.isFinite(value) ? `${value.toFixed(digits)} ± ${error.toFixed(digits)}` : '–'

/** Markdown table; errors are one Monte Carlo standard error. `main` is the size whose delay and PPV are shown. */
export function markdownTable(rows: readonly Row[], letter: string, main: number, unit: string): string {
  const sizes = rows[0]!.sizes.map(({ size }) => `POD ${letter} = ${size}`)
  const lines = [
    `| detector | FPR | ${sizes.join(' | ')} | delay (${unit}) | timeliness | PPV |`,
    `| --- | ${'--- | '.repeat(sizes.length + 4).trim()}`,
  ]
  for (const { name, fpr, fprError, sizes: scores } of rows) {
    const { score } = scores.find(({ size }) => size === main)!
    lines.push(
      `| ${[
        name,
        withError(fpr, fprError, 4),
        ...scores.map((one) => withError(one.score.pod, one.score.error.pod, 3)),
        withError(score.meanDelay, score.error.meanDelay, 2),
        score.timeliness.toFixed(2),
        score.ppv.toFixed(2),
      ].join(' | ')} |`,
    )
  }
  return lines.join('\n')
}
