import { expect, test } from 'vitest'
import { objectName } from './words.ts'

test('objects of the log are named in Chinese', () => {
  expect(objectName('store/3505820001')).toBe('药店 3505820001')
  expect(objectName('purchases:66')).toBe('66 笔登记')
  expect(objectName('account/01a2013f-ab56-71ef-9729-7de2b1a979c2')).toBe('账号 7de2b1a979c2')
  expect(objectName('vault:2026-10')).toBe('数据密钥 2026-10')
  expect(objectName('pharmacy.drug')).toBe('药品目录')
  expect(objectName('account/-')).toBe('账号')
  expect(objectName('')).toBe('—')
  expect(objectName('GET /api/elsewhere')).toBe('GET /api/elsewhere')
})
