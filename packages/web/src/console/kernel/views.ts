import { isDay } from '@vigil/codes'
import { findPreset, type Preset, periodOf, presets } from './period.ts'
import { readSearch, type Search } from './scope.ts'

/** A filter with its columns under a name. */
export interface View {
  readonly name: string
  readonly search: Search
  /** A preset moves along with the calendar; days that were picked stay. */
  readonly preset?: Preset
  readonly columns?: readonly string[]
}

const longestName = 30
export const mostViews = 20

/** The view that a page shows now. The open row is no part of it. */
export function viewOf(name: string, search: Search, columns?: readonly string[]): View {
  const { open: _, ...kept } = search
  const preset = isDay(kept.from) && isDay(kept.to) ? findPreset({ from: kept.from, to: kept.to }) : undefined
  const { from, to, ...moving } = kept
  return {
    name: name.trim().slice(0, longestName),
    search: preset ? moving : { ...moving, from, to },
    ...(preset ? { preset } : {}),
    ...(columns ? { columns } : {}),
  }
}

/** The address of a view today. */
export const searchOf = (view: View): Search =>
  view.preset ? { ...view.search, ...periodOf(view.preset) } : { ...view.search }

const textsOf = (value: unknown) =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : undefined

/** Views from what the device keeps; what is malformed is left out. */
export function readViews(text: string | null): View[] {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '[]')
  } catch {
    return []
  }
  if (!Array.isArray(kept)) return []
  return kept.slice(0, mostViews).flatMap((each: unknown): View[] => {
    if (typeof each !== 'object' || each === null) return []
    const { name, search, preset, columns } = each as Record<string, unknown>
    if (typeof name !== 'string' || !name || typeof search !== 'object' || search === null) return []
    const known = presets.find(({ key }) => key === preset)?.key
    const shown = textsOf(columns)
    return [
      {
        name,
        search: readSearch(search as Record<string, unknown>),
        ...(known ? { preset: known } : {}),
        ...(shown ? { columns: shown } : {}),
      },
    ]
  })
}

/** Adds a view, or puts it in place of the one with the same name. */
export const withView = (views: readonly View[], view: View): View[] =>
  [...views.filter(({ name }) => name !== view.name), view].slice(-mostViews)
