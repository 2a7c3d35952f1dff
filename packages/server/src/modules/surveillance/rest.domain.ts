/** What was sold is judged within this time, in ms, half a second of room left. */
const promisedMs = 4_500

/**
 * How long the watch rests after a look that took so long: three times as long, so that at a rush it leaves the machine to
 * the counters; less where a sale that came at the beginning of the look would wait beyond what is promised, since it is only
 * seen by the next one, which takes as long again.
 * @param took ms
 * @returns ms
 */
export const restAfter = (took: number): number => Math.max(0, Math.min(3 * took, promisedMs - 2 * took))
