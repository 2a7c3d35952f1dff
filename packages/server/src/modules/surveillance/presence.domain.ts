/** Days over which a store's usual demand is learned. */
const memory = 28
/** A run of empty days is silence when its chance under the usual demand is below one in a hundred. */
const silentSum = Math.log(100)
/** After so many silent days nobody waits for the store any more. */
const forgottenDays = 28

/** What is known of one store after some days: usual sales a day, days that taught it, and the run of empty days. */
export interface Presence {
  mean: number
  learned: number
  empty: number
}

/** Whether a store reports: not expected at all (before its first sale, or long gone), reporting, or silent. */
export const absent = 0
export const reporting = 1
export const silent = 2

export const newPresence = (): Presence => ({ mean: 0, learned: 0, empty: 0 })

/**
 * Takes in a day that is over. A store that sells nothing on a day may have had no customer; it is silent, and its day
 * missing data, once so many empty days in a row are unlikely for it. Only the past is asked, so that a day's answer
 * never changes later. @param total the store's sales of all classes @returns whether it reported on that day
 */
export function observe(state: Presence, total: number): typeof absent | typeof reporting | typeof silent {
  if (state.learned === 0 && total === 0) return absent
  state.empty = total > 0 ? 0 : state.empty + 1
  if (state.mean * state.empty > silentSum) return state.empty > forgottenDays ? absent : silent
  if (state.empty > forgottenDays * 4) return absent
  state.learned = Math.min(memory, state.learned + 1)
  state.mean += (total - state.mean) / state.learned
  return reporting
}

/** The same for the running day, of which an empty part says nothing: silent stays who was silent and has sold nothing. */
export function glance(state: Presence, total: number): typeof absent | typeof reporting | typeof silent {
  if (total > 0) return reporting
  if (state.learned === 0 || state.empty > forgottenDays * 4) return absent
  if (state.mean * state.empty <= silentSum) return reporting
  return state.empty > forgottenDays ? absent : silent
}
