import type { Row } from './table.ts'

const ROW = 26
const LABEL = 230
const PANEL = 220
const GAP = 36
const TOP = 64
const COLOURS = ['#9ecae1', '#6baed6', '#2171b5', '#08306b']

/** The axis of false alarms ends here; what lies beyond is written out. */
const MAX_FPR = 0.12

type Panel = { title: string; max: number; marks(row: Row): { value: number; error: number; colour: string }[] }

/** SVG of three panels, a row per detector: FPR, POD for every size, delay at the main size; bars are 95% intervals. */
export function plotRows(
  rows: readonly Row[],
  text: { title: string; letter: string; main: number; unit: string },
): string {
  const { letter, main, unit } = text
  const mainOf = (row: Row) => row.sizes.find(({ size }) => size === main)!.score
  const nice = (value: number, step: number) => Math.max(step, Math.ceil(value / step) * step)
  const colour = COLOURS[rows[0]!.sizes.findIndex(({ size }) => size === main)]!
  const panels: Panel[] = [
    {
      title: 'False positive rate',
      max: Math.min(MAX_FPR, nice(Math.max(...rows.map(({ fpr }) => fpr)) * 1.05, 0.02)),
      marks: (row) => [{ value: row.fpr, error: row.fprError, colour }],
    },
    {
      title: 'Probability of detection',
      max: 1,
      marks: (row) =>
        row.sizes.map(({ score }, i) => ({ value: score.pod, error: score.error.pod, colour: COLOURS[i]! })),
    },
    {
      title: `Delay to first alarm, ${unit} (${letter} = ${main})`,
      max: nice(Math.max(...rows.map((row) => mainOf(row).meanDelay || 0)) * 1.1, 1),
      marks: (row) => [{ value: mainOf(row).meanDelay, error: mainOf(row).error.meanDelay, colour }],
    },
  ]
  const width = LABEL + panels.length * (PANEL + GAP)
  const height = TOP + rows.length * ROW + 46
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${text.title}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="8" y="22" font-size="14" font-weight="bold">${text.title}</text>`,
    ...rows.map(({ name }, i) => `<text x="8" y="${TOP + i * ROW + 17}">${name}</text>`),
    ...panels.map((panel, i) => drawPanel(panel, rows, LABEL + i * (PANEL + GAP), height - 46)),
    ...rows[0]!.sizes.map(
      ({ size }, i) =>
        `<circle cx="${LABEL + PANEL + GAP + i * 56}" cy="${height - 12}" r="4" fill="${COLOURS[i]}"/><text x="${LABEL + PANEL + GAP + i * 56 + 8}" y="${height - 8}">${letter} = ${size}</text>`,
    ),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

function drawPanel(panel: Panel, rows: readonly Row[], left: number, bottom: number): string {
  const x = (value: number) => (left + (Math.min(Math.max(value, 0), panel.max) / panel.max) * PANEL).toFixed(1)
  const parts = [`<text x="${left}" y="${TOP - 14}" font-weight="bold">${panel.title}</text>`]
  for (let tick = 0; tick <= 4; tick++) {
    const value = (panel.max * tick) / 4
    parts.push(
      `<line x1="${x(value)}" x2="${x(value)}" y1="${TOP - 4}" y2="${bottom}" stroke="#ddd"/>`,
      `<text x="${x(value)}" y="${bottom + 14}" text-anchor="middle" fill="#666">${Number(value.toFixed(3))}</text>`,
    )
  }
  rows.forEach((row, i) => {
    const y = TOP + i * ROW + 13
    for (const { value, error, colour } of panel.marks(row)) {
      if (!Number.isFinite(value)) continue
      if (value > panel.max) {
        parts.push(
          `<text x="${left + PANEL}" y="${y + 4}" text-anchor="end" fill="${colour}">${value.toFixed(2)} ▸</text>`,
        )
        continue
      }
      const half = Number.isFinite(error) ? 1.96 * error : 0
      parts.push(
        `<line x1="${x(value - half)}" x2="${x(value + half)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`,
        `<circle cx="${x(value)}" cy="${y}" r="4" fill="${colour}"/>`,
      )
    }
  })
  return parts.join('\n')
}
