/** Tone of the mark that names how a store stands. */
export const standingTones = { open: 'good', sold: 'info', closed: 'warn', missing: 'bad' } as const
