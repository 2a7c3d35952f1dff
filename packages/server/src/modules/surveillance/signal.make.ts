import { watchedClasses } from '@vigil/contract'
import type { Changed } from './change.domain.ts'
import type { EngineSetup } from './engine.types.ts'
import { cellAt } from './pack.domain.ts'
import { reasonOf } from './reason.domain.ts'
import type { Signal } from './signal.ts'

/** Names by which signals speak of units. */
export interface Names {
  unit(code: string, kind: 'county' | 'office' | 'store'): string
}

/** What others are told of changes. */
export function signalsOf(setup: EngineSetup, changes: readonly Changed[], names: Names): Signal[] {
  return changes.flatMap(({ result, day, cell: numbers }) => {
    const cell = cellAt(numbers, 0)
    if (!cell) return []
    const { code, kind, path } = setup.units[result.unit]!
    const rule = setup.rules[result.rule]!
    const name = names.unit(code, kind)
    const watched = watchedClasses[result.class]!
    const { expected, lower, upper, score, p, grade, completeness } = cell
    const signal: Signal = {
      unit: { kind, code, name, path, county: setup.county },
      class: watched,
      day,
      ruleId: rule.id,
      ruleVersion: rule.version,
      ruleName: rule.name,
      observed: cell.observed ?? 0,
      ...{ expected, lower, upper, score, p, grade, completeness },
      reason: reasonOf({ name, class: watched, kind }, cell),
    }
    return [signal]
  })
}
