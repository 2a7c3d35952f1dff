export {
  bankHolidays,
  DAILY_SIGNALS,
  type DailyDraw,
  type DailySeries,
  type DailyShape,
  type DailySignal,
  simulateDaily,
} from './daily.ts'
export { simulateWeekly, WEEKLY_SCENARIOS, type WeeklyScenario, type WeeklySeries } from './weekly.ts'
