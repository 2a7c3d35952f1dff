/** Sales by hour of a shop street, taken where a county has too few of its own. */
const usual = [0, 0, 0, 0, 0, 0, 0.5, 2, 6, 9, 9.5, 8, 5.5, 5, 6.5, 7.5, 8, 8.5, 8, 7, 5.5, 2.5, 0.8, 0.2]
/** Sales from which a county's own hours are taken as they are; with fewer they are mixed with the usual ones. */
const enough = 500

/** Share of a day's sales by hour, 24 shares that sum to 1, from sales counted by hour. */
export function sharesOf(sales: readonly number[]): number[] {
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
  const total = sum(sales)
  const base = sum(usual)
  const prior = Math.max(1, enough - total)
  return usual.map((share, hour) => ((sales[hour] ?? 0) + (share / base) * prior) / (total + prior))
}

/** Share of the day that is usually sold by a time, from 0 at midnight to 1. @param minutes minutes since midnight */
export function shareBy(shares: readonly number[], minutes: number): number {
  const hour = Math.min(23, Math.floor(minutes / 60))
  const before = shares.slice(0, hour).reduce((total, value) => total + value, 0)
  return Math.min(1, before + shares[hour]! * Math.min(1, (minutes - hour * 60) / 60))
}
