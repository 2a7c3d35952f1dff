export { bankHolidays, DAILY_SIGNALS, type DailySeries, type DailySignal, simulateDaily } from './daily.ts'
export { simulateWeekly, WEEKLY_SCENARIOS, type WeeklyScenario, type WeeklySeries } from './weekly.ts'
