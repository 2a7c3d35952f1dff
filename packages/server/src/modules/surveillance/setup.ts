import { addDays, type Day, daysBetween } from '@vigil/codes'
import type { RuleSettings } from '@vigil/contract'
import type { Reference } from '../pharmacy/index.ts'
import type { EngineRule, EngineSetup, EngineUnit } from './engine.types.ts'

/** A rule in force. */
export interface ActiveRule {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly version: number
  readonly settings: RuleSettings
}

/** The first day of the quarter in which a day lies: learning starts there, so that its start does not move every day. */
export function quarterOf(day: Day): Day {
  const month = Number(day.slice(5, 7))
  return `${day.slice(0, 4)}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`
}

function unitsOf(reference: Reference): Map<string, EngineUnit[]> {
  const byCounty = new Map<string, EngineUnit[]>()
  const offices = new Map<string, Set<string>>()
  for (const store of reference.stores()) {
    const county = reference.area(store.county)
    if (!county) continue
    let units = byCounty.get(county.code)
    if (!units) {
      units = [{ kind: 'county', code: county.code, path: county.path, office: null }]
      byCounty.set(county.code, units)
      offices.set(county.code, new Set())
    }
    const office = officeOf(reference, store.areaCode)
    const seen = offices.get(county.code)!
    if (office && !seen.has(office.code)) {
      seen.add(office.code)
      units.push({ kind: 'office', code: office.code, path: office.path, office: null })
    }
    units.push({ kind: 'store', code: store.code, path: store.path, office: office?.code ?? null })
  }
  return byCounty
}

/** The office in which an area lies: itself, or above a grid; undefined in a county's own hands. */
function officeOf(reference: Reference, code: string) {
  for (let area = reference.area(code); area; area = area.parent ? reference.area(area.parent) : undefined) {
    if (area.level === 'office') return area
    if (area.level === 'county') return undefined
  }
  return undefined
}

/** What is watched now: an engine for each county that has stores and a rule in force over it. */
export function setupsOf(reference: Reference, rules: readonly ActiveRule[], today: Day): EngineSetup[] {
  const starts = rules.map(({ settings }) => quarterOf(addDays(today, -settings.historyDays)))
  const first = starts.toSorted()[0]
  if (first === undefined) return []
  return [...unitsOf(reference)].flatMap(([county, units]) => {
    units.sort((a, b) => (a.path < b.path ? -1 : 1))
    const path = units.find(({ kind }) => kind === 'county')!.path
    const own = rules.flatMap((rule, at): EngineRule[] =>
      path.startsWith(rule.path) || rule.path.startsWith(path)
        ? [
            {
              id: rule.id,
              name: rule.name,
              version: rule.version,
              path: rule.path,
              since: daysBetween(first, starts[at]!),
              settings: rule.settings,
            },
          ]
        : [],
    )
    return own.length > 0 ? [{ county, first, units, rules: own }] : []
  })
}

/** Two setups with the same text need no new engine. */
export const printOf = ({ first, units, rules }: EngineSetup): string =>
  JSON.stringify([
    first,
    rules.map(({ id, name, version }) => [id, name, version]),
    units.map(({ code, office }) => [code, office]),
  ])
