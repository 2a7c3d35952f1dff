import { t } from '../../../text.ts'
import { changeOf, formatCount } from '../../kernel/format.ts'
import { type Grade, grades } from '../../ui/GradeMark.tsx'
import type { MapUnit } from '../../ui/MapPlot.tsx'

/** What the map is shaded by. */
export const shades = { rate: t('店均登记'), change: t('较上周'), alert: t('预警') } as const
export type Shade = keyof typeof shades

export interface ShadedUnit {
  readonly code: string
  readonly name: string
  readonly lon: number | null
  readonly lat: number | null
  readonly purchases: number
  readonly compared: number
  readonly previous: number
  readonly stores: number
  /** null: judged and within its band; undefined: not judged, or not known. */
  readonly grade: Grade | null | undefined
}

interface Tone {
  readonly fill: string
  readonly text: string
}
const dark = '#1b2625'
const light = '#ffffff'
/** From pale to full: distinct in grey print too. */
const rising: readonly Tone[] = [
  { fill: '#e6f1ee', text: dark },
  { fill: '#c2ded8', text: dark },
  { fill: '#8fc0b7', text: dark },
  { fill: '#478f86', text: light },
  { fill: '#0b5f59', text: light },
]
const quiet: Tone = { fill: '#eef2f1', text: dark }
const up: readonly Tone[] = [
  { fill: '#f6e3d6', text: dark },
  { fill: '#e2a57e', text: dark },
  { fill: '#a8400c', text: light },
]
const down: readonly Tone[] = [
  { fill: '#dde8f1', text: dark },
  { fill: '#94b6d2', text: dark },
  { fill: '#1d5d91', text: light },
]

/** Registered sales per store and day, one decimal; 0 without stores. */
export const rateOf = ({ purchases, stores }: Pick<ShadedUnit, 'purchases' | 'stores'>, days: number): number =>
  stores > 0 && days > 0 ? purchases / stores / days : 0

/** Tone of a value by its rank among all: equal values have equal tones. */
function tonesByRank(values: readonly number[]): Tone[] {
  const steps = [...new Set(values)].sort((a, b) => a - b)
  return values.map((value) => {
    if (value === 0 || steps.length === 1) return value === 0 ? quiet : rising[2]!
    return rising[Math.min(rising.length - 1, Math.floor((steps.indexOf(value) / steps.length) * rising.length))]!
  })
}

/** Tone of a relative change: none below 5 %, then in steps at 20 % and 50 %. */
export function toneOfChange(compared: number, previous: number): Tone {
  if (previous === 0) return quiet
  const share = compared / previous - 1
  const step = Math.abs(share) >= 0.5 ? 2 : Math.abs(share) >= 0.2 ? 1 : Math.abs(share) >= 0.05 ? 0 : -1
  if (step < 0) return quiet
  return (share > 0 ? up : down)[step]!
}

/** What the watch says of a unit; silence is not taken for an all-clear. */
const verdictOf = (grade: ShadedUnit['grade']): string =>
  grade ? grades[grade].name : grade === null ? t('正常') : t('未判断')

/** What was judged of each unit; those that were not judged are left out. */
export const judged = (
  units: readonly { code: string; state: { grade: Grade | null; untested: string | null } | null }[] | undefined,
): Map<string, Grade | null> =>
  new Map(units?.flatMap(({ code, state }) => (state && state.untested === null ? [[code, state.grade]] : [])))

/** The units as the map draws them: a colour, and the same in words. */
export function mapUnits(units: readonly ShadedUnit[], shade: Shade, days: number): MapUnit[] {
  const byRank = tonesByRank(units.map((unit) => Math.round(rateOf(unit, days) * 10)))
  return units.map((unit, at) => {
    const rate = rateOf(unit, days).toFixed(1)
    const change = changeOf(unit.compared, unit.previous)
    const tone =
      shade === 'rate'
        ? byRank[at]!
        : shade === 'change'
          ? toneOfChange(unit.compared, unit.previous)
          : unit.grade
            ? { fill: grades[unit.grade].color, text: light }
            : quiet
    const value = shade === 'rate' ? rate : shade === 'change' ? change.text : verdictOf(unit.grade)
    const tip = [
      unit.name,
      t('登记 {count} 笔，店均每日 {rate} 笔', { count: formatCount(unit.purchases), rate }),
      t('较上周同期：{change}', { change: change.text }),
      t('当日监测：{state}', { state: verdictOf(unit.grade) }),
    ]
      .map(escaped)
      .join('<br>')
    return { code: unit.code, name: unit.name, lon: unit.lon, lat: unit.lat, ...tone, value, tip }
  })
}

/** Names come from imported files; the tooltip is HTML. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
