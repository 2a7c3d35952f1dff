import { describe, expect, it } from 'vitest'
import { createCity } from './city.ts'
import { purchaseHeader, storeHeader, toCsv, toCsvRows, toStoreRow } from './csv.ts'
import { purchasesOfDay } from './day.ts'

const city = createCity({ seed: 3, city: '350500', startDay: '2022-03-01', days: 2, stores: 40, dailyPurchases: 120 })

describe('csv', () => {
  it('has a row for each item, as wide as its Chinese header', () => {
    for (const purchase of purchasesOfDay(city, 1)) {
      const rows = toCsvRows(purchase)
      expect(rows).toHaveLength(purchase.items.length)
      for (const row of rows) {
        expect(row).toHaveLength(purchaseHeader.length)
        expect(row[0]).toBe(purchase.id)
        expect(row[purchaseHeader.indexOf('证件号码')]).toBe(purchase.documentNumber)
        expect(row[purchaseHeader.indexOf('药品类别')]).toMatch(/^(退热|止咳|抗生素|抗病毒)$/)
        const temperature = row[purchaseHeader.indexOf('体温(℃)')]
        expect(temperature).toMatch(/^(|3\d\.\d|40\.0)$/)
      }
    }
    for (const store of city.stores) expect(toStoreRow(store)).toHaveLength(storeHeader.length)
    for (const title of [...purchaseHeader, ...storeHeader]) expect(title).toMatch(/\p{Script=Han}/u)
  })

  it('quotes commas, quotes and line breaks as RFC 4180 does', () => {
    const rows = [
      ['布洛芬', '1'],
      ['甲,乙', '说"好"'],
      ['一\r\n二', ''],
    ]
    expect(toCsv(rows)).toBe('布洛芬,1\r\n"甲,乙","说""好"""\r\n"一\r\n二",\r\n')
    expect(toCsv([])).toBe('')
  })
})
