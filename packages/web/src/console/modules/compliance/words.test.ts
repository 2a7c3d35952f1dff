import { expect, test } from 'vitest'
import { entriesText } from './words.ts'

test('evidence of more entries than are kept says how many can be opened', () => {
  expect(entriesText({ count: 105, entries: 50 })).toBe('查看前 50 笔（共 105 笔）')
  expect(entriesText({ count: 9, entries: 9 })).toBe('查看 9 笔登记')
})
