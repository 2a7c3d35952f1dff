import type { PurchaseInput } from '@vigil/contract'
import { type City, purchasesOfDay, type SimulatedPurchase } from '@vigil/simulate'
import { type Caller, systemCaller } from '../kernel/access/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Purchases } from '../modules/pharmacy/index.ts'
import { register } from '../modules/pharmacy/index.ts'

const batchSize = 500
/** Longest time that one batch covers, in ms: all of it arrives at its end, and later would be a late report. */
const batchMs = 3_600_000
const callers = 3

export const simulatorCaller = (): Caller => systemCaller('模拟器', ['purchase.register'])

/** A simulated sale as a program would send it; what the generator knows about it stays behind. */
export function toInput(sale: SimulatedPurchase, drugId: (key: string) => string): PurchaseInput {
  const { emergencyContact, boughtFor } = sale
  return {
    id: sale.id,
    storeCode: sale.storeCode,
    soldAt: sale.soldAt,
    documentType: sale.documentType,
    documentNumber: sale.documentNumber,
    person: {
      name: sale.name,
      mobile: sale.mobile,
      residenceAreaCode: sale.residenceAreaCode,
      residenceAddress: sale.residenceAddress,
      emergencyName: emergencyContact.name,
      emergencyMobile: emergencyContact.mobile,
    },
    items: sale.items.map((item) => ({ drugId: drugId(item.drugKey), quantity: item.quantity })),
    symptoms: sale.symptoms,
    temperatureTenths: sale.temperatureTenths,
    boughtFor,
    ...(sale.travelHistory && { history: sale.travelHistory }),
  }
}

/** Sales of one day that had been reported by `until`, in order of their report. */
export function reportedSales(city: City, day: number, until: Date): SimulatedPurchase[] {
  const end = until.toISOString()
  return [...purchasesOfDay(city, day)]
    .filter((sale) => new Date(sale.reportedAt).toISOString() <= end)
    .sort((a, b) => Date.parse(a.reportedAt) - Date.parse(b.reportedAt))
}

/**
 * Registers simulated sales by the same path as everybody, each batch at the time of its report.
 * @returns rows registered
 * @throws Error that shows the first row that the rules refuse: the generator and the rules disagree
 */
export async function registerSales(
  kernel: Kernel,
  purchases: Purchases,
  sales: readonly SimulatedPurchase[],
  drugId: (key: string) => string,
): Promise<number> {
  const caller = simulatorCaller()
  let next = 0
  let count = 0
  const work = async () => {
    while (next < sales.length) {
      const until = Date.parse(sales[next]!.reportedAt) + batchMs
      const late = sales.findIndex((sale, index) => index > next && Date.parse(sale.reportedAt) > until)
      const batch = sales.slice(next, Math.min(next + batchSize, late < 0 ? sales.length : late))
      next += batch.length
      const at = new Date(batch.at(-1)!.reportedAt)
      const results = await register({ ...kernel, clock: { now: () => at } }, purchases, caller, {
        purchases: batch.map((sale) => toInput(sale, drugId)),
      })
      const bad = results.find((result) => result.status === 'invalid')
      if (bad) throw new Error(`a simulated sale was refused: ${JSON.stringify(bad)}`)
      count += results.length
    }
  }
  await Promise.all(Array.from({ length: callers }, work))
  return count
}
