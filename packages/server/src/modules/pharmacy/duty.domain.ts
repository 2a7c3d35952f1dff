import type { Day } from '@vigil/codes'
import type { DrugClass } from '@vigil/contract'

export interface DutyFacts {
  readonly path: string
  readonly classes: readonly DrugClass[]
  readonly from: Day
  /** Last day, included; null without end. */
  readonly to: Day | null
}

/** Classes that must be registered at a place on a day: the union of all duties whose area contains it. */
export function dutyClassesOf(duties: Iterable<DutyFacts>, path: string, day: Day): ReadonlySet<DrugClass> {
  const classes = new Set<DrugClass>()
  for (const duty of duties)
    if (duty.from <= day && (duty.to === null || day <= duty.to) && path.startsWith(duty.path))
      for (const item of duty.classes) classes.add(item)
  return classes
}
