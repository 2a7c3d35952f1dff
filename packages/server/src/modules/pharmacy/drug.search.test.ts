import { starterCatalogue } from '@vigil/simulate'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Drug, drugName } from './drug.domain.ts'
import { packDrugs } from './drug.pack.ts'
import { plain, readings } from './drug.pinyin.ts'
import { DrugIndex } from './drug.search.ts'

function drug(id: string, generic: string, more: Partial<Drug> = {}): Drug {
  const names = { generic, brand: '', form: '', strength: '', ...more }
  return {
    id,
    class: 'antipyretic',
    maker: '',
    approvalNo: null,
    ean13: null,
    tracePrefix: null,
    active: true,
    ...names,
    name: drugName(names),
  }
}

const catalogue = [
  drug('1', '布洛芬缓释胶囊', {
    brand: '芬必得',
    strength: '0.3g',
    form: '缓释胶囊剂',
    approvalNo: '国药准字H10900089',
    ean13: '6901234567892',
    tracePrefix: '8123456',
    maker: '中美天津史克制药有限公司',
  }),
  drug('2', '布洛芬', { strength: '0.2g', form: '片剂' }),
  drug('3', '连花清瘟胶囊', { class: 'antiviral', maker: '石家庄以岭药业股份有限公司' }),
  drug('4', '小儿布洛芬栓', { strength: '50mg' }),
  drug('5', '重酒石酸去甲肾上腺素', {}),
  drug('6', '绿茶浸膏片', { active: false }),
  drug('7', '阿莫西林胶囊', { class: 'antibiotic' }),
]
const index = new DrugIndex(catalogue)
const find = (q: string, more: { class?: Drug['class']; inactive?: boolean; limit?: number } = {}) =>
  index.search({ q, limit: 20, inactive: false, ...more }).items.map((item) => item.id)

test.each([
  ['blf', ['2', '1', '4']],
  ['布洛', ['2', '1', '4']],
  ['bu luo fen', ['2', '1', '4']],
  ['buluofen', ['2', '1', '4']],
  ['BuLuoF', ['2', '1', '4']],
  ['b洛f', ['2', '1', '4']],
  ['布lf', ['2', '1', '4']],
  ['布洛芬缓', ['1']],
  ['lianhua', ['3']],
  ['lhqw', ['3']],
  ['lian花', ['3']],
  ['fbd', ['1']],
  ['芬必得', ['1']],
  ['chongjiu', ['5']],
  ['zhongjiu', ['5']],
  ['cj', ['5']],
  ['zhj', ['5']],
  ['国药准字H10900089', ['1']],
  ['h10900089', ['1']],
  ['10900089', ['1']],
  ['6901234567892', ['1']],
  ['69012345', ['1']],
  ['81234561234567890123', ['1']],
  ['81234571234567890123', []],
  ['blf 0.3g', ['1']],
  ['史克 布洛芬', ['1']],
  ['以岭', ['3']],
  ['amxl', ['7']],
  ['xbl', []],
  ['lvcha', []],
  ['(((', ['3', '2', '7', '4', '1', '5']],
])('%s', (q, ids) => {
  const found = find(q)
  if (q === '(((') expect(new Set(found)).toEqual(new Set(ids))
  else expect(found).toEqual(ids)
})

test('a drug no longer in use is found only by who may, lv and lu alike', () => {
  for (const q of ['lvcha', 'lucha', 'lc']) expect(find(q, { inactive: true })).toEqual(['6'])
})

test('a class narrows, the limit cuts, the total counts all', () => {
  expect(find('j', { class: 'antibiotic' })).toEqual(['7'])
  expect(index.search({ q: 'blf', limit: 1, inactive: false })).toMatchObject({ items: [{ id: '2' }], total: 3 })
})

test('a changed catalogue replaces the old one', () => {
  const own = new DrugIndex(catalogue)
  own.replace([drug('9', '感冒灵颗粒')])
  expect(own.search({ q: 'gml', limit: 5, inactive: false }).items.map((item) => item.id)).toEqual(['9'])
  expect(own.search({ q: 'blf', limit: 5, inactive: false }).total).toBe(0)
})

const starter = starterCatalogue.map((item) =>
  drug(item.key, item.genericName, { form: item.form, strength: item.strength, class: item.drugClass }),
)
const starterIndex = new DrugIndex(starter)

/** The rule of matching written down a second time, as a regular expression. */
function matches(text: string, query: string): boolean {
  const chars = [...plain(text)]
  const quote = (part: string) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const ways = chars.map((char) => {
    const spoken = readings(char)
    const whole = [
      char,
      ...spoken,
      ...spoken.map((each) => each.charAt(0)),
      ...spoken.filter((each) => /^[zcs]h/.test(each)).map((each) => each.slice(0, 2)),
    ]
    const begun = spoken.flatMap((each) => [...each].map((_, at) => `${each.slice(0, at + 1)}`))
    return `(?:${[...new Set(whole)].map(quote).join('|')}|(?:${[...new Set([char, ...begun])].map(quote).join('|')})$)`
  })
  return ways.some((_, start) => {
    const pattern = ways.slice(start).reduceRight((rest, way) => `${way}(?:$|${rest})`, '(?!)')
    return new RegExp(`^${pattern}`, 'u').test(query)
  })
}

const someSyllables = fc
  .tuple(fc.constantFrom(...starter), fc.nat(8), fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }))
  .map(([item, start, choices]) => {
    const chars = [...plain(item.generic)]
    const from = start % chars.length
    const q = choices
      .slice(0, chars.length - from)
      .map((choice, at) => {
        const char = chars[from + at] ?? ''
        const ways = [char, ...readings(char), ...readings(char).map((each) => each.charAt(0))]
        return ways[choice % ways.length] ?? ''
      })
      .join('')
    return { item, q }
  })

test('whatever way its characters are typed, a drug is found', () => {
  fc.assert(
    fc.property(someSyllables, ({ item, q }) => {
      const { items } = starterIndex.search({ q, limit: 1000, inactive: true })
      expect(items).toContain(item)
    }),
  )
})

test('only drugs are found that match by the rule, whatever is typed', () => {
  const typed = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz布洛芬胶囊片0123456789 .'), maxLength: 12 }),
    someSyllables.map(({ q }) => q),
  )
  fc.assert(
    fc.property(typed, (q) => {
      const { items, total } = starterIndex.search({ q, limit: 1000, inactive: true })
      expect(items.length).toBe(total)
      const words = q.split(/\s+/).map(plain).filter(Boolean)
      for (const item of items) {
        const rest = [item.form, item.strength].map(plain)
        const whole = plain(q)
        expect(
          whole === '' ||
            matches(item.generic, whole) ||
            words.every((word) => matches(item.generic, word) || rest.some((each) => each.includes(word))),
        ).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

test('the pack holds active drugs with sounds of name and brand, and its version follows its content', async () => {
  const pack = await packDrugs(catalogue)
  expect(pack.items.map((line) => line.id)).toEqual(['1', '2', '3', '4', '5', '7'])
  const first = pack.items[0]
  expect(first?.pinyin.split(' ')).toContain('buluofenhuanshijiaonang')
  expect(first?.initials.split(' ')).toEqual(expect.arrayContaining(['blfhsjn', 'fbd']))
  const polyphone = pack.items[4]
  expect(polyphone?.initials.split(' ').map((each) => each.charAt(0))).toEqual(expect.arrayContaining(['z', 'c']))
  expect((await packDrugs([...catalogue].reverse())).version).toBe(pack.version)
  expect((await packDrugs(catalogue.slice(1))).version).not.toBe(pack.version)
})
