import { describe, expect, it } from 'vitest'
import { drugs, findDrug, starterCatalogue } from './drugs.ts'
import { drugClasses } from './types.ts'

describe('starter catalogue', () => {
  it('has at least 60 entries, 12 or more of each class, under distinct keys', () => {
    expect(drugs.length).toBeGreaterThanOrEqual(60)
    expect(new Set(drugs.map((drug) => drug.key)).size).toBe(drugs.length)
    for (const drugClass of drugClasses)
      expect(drugs.filter((drug) => drug.drugClass === drugClass).length).toBeGreaterThanOrEqual(12)
    expect(starterCatalogue).toBe(drugs)
  })

  it('names no brand, approval number or barcode', () => {
    for (const drug of drugs) {
      expect(drug.brand).toBe('')
      expect(Object.keys(drug).sort()).toEqual(['brand', 'drugClass', 'form', 'genericName', 'key', 'strength'])
      expect(JSON.stringify(drug)).not.toMatch(/国药准字|\d{8}/)
    }
  })

  it('gives each name the form it ends in', () => {
    const forms = [
      [/片$/, /片剂$/],
      [/胶囊$/, /胶囊剂$/],
      [/颗粒$/, /颗粒剂$/],
      [/糖浆$/, /糖浆剂$/],
      [/栓$/, /栓剂$/],
      [/混悬[液滴]剂?$/, /混悬剂$/],
    ] as const
    for (const drug of drugs) {
      for (const [name, form] of forms) if (name.test(drug.genericName)) expect(drug.form, drug.key).toMatch(form)
    }
  })

  it('writes the strength into the key where the key has one', () => {
    for (const drug of drugs) {
      const digits = /-(\d+)$/.exec(drug.key)?.[1]
      if (digits === undefined) continue
      const amount = /([\d.]+)(m?g)$/.exec(drug.strength)
      expect(amount, drug.key).not.toBeNull()
      const milligrams = Number(amount![1]) * (amount![2] === 'g' ? 1000 : 1)
      expect(milligrams, drug.key).toBeCloseTo(Number(digits), 6)
    }
  })

  it('finds by key', () => {
    expect(findDrug('ibuprofen-sr-capsule-300')?.genericName).toBe('布洛芬缓释胶囊')
    expect(findDrug('none')).toBeUndefined()
  })
})
