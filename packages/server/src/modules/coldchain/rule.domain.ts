/** What is asked of traders and weighings where an area has set no rule: two per mille, 48 hours, tests of 7 days. */
export const defaultRule = { tolerancePpm: 2000, noticeHours: 48, testDays: 7 } as const
export type RuleFacts = { readonly tolerancePpm: number; readonly noticeHours: number; readonly testDays: number }
