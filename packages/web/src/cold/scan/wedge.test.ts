import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fastest, idle, type Key, press } from './wedge.ts'

const typed = (text: string, gap: number, from = 0): Key[] =>
  Array.from(text, (key, i) => ({ key, ctrl: false, at: from + i * gap }))
const run = (keys: readonly Key[]) => {
  const scans: string[] = []
  let wedge = idle
  for (const key of keys) {
    const next = press(wedge, key)
    wedge = next.wedge
    if (next.scan !== null) scans.push(next.scan)
  }
  return scans
}
const text = fc
  .array(fc.constantFrom(...'0123456789ABC:/.()]'), { minLength: 4, maxLength: 60 })
  .map((list) => list.join(''))

test('fast keys that end with Enter are a scan; what a person typed before is not in it', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: fastest }), fc.string({ maxLength: 9 }), (code, gap, before) => {
      const human = typed(before, 120)
      const start = before.length * 120 + 500
      const keys = typed(code, gap, start)
      const end = { key: 'Enter', ctrl: false, at: start + (code.length - 1) * gap + 1 }
      expect(run([...human, ...keys, end])).toEqual([code])
    }),
  )
})

test('what a person types is never a scan', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: fastest + 1, max: 900 }), (words, gap) => {
      expect(run([...typed(words, gap), { key: 'Enter', ctrl: false, at: words.length * gap }])).toEqual([])
    }),
  )
})

test('GS comes as itself or as Ctrl and a bracket; modifiers between the characters are passed over', () => {
  const keys: Key[] = [
    ...typed('10AB', 5),
    { key: 'Control', ctrl: true, at: 21 },
    { key: ']', ctrl: true, at: 22 },
    ...typed('21', 5, 25),
    { key: '\u001d', ctrl: false, at: 32 },
    { key: 'Shift', ctrl: false, at: 33 },
    { key: 'C', ctrl: false, at: 34 },
    { key: 'Enter', ctrl: false, at: 36 },
  ]
  expect(run(keys)).toEqual(['10AB\u001d21\u001dC'])
  expect(run([...typed('123', 5), { key: 'Enter', ctrl: false, at: 16 }])).toEqual([])
})
