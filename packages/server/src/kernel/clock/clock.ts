/** Where the time comes from: injected, so that tests and replays set it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
