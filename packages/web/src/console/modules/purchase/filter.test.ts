import { expect, test } from 'vitest'
import { indexAreas } from '../../kernel/areas.ts'
import { exactOf, filterOf } from './filter.ts'

test('a mobile number is told from a document number, full-width digits too', () => {
  expect(exactOf('13800138000')).toEqual({ mobile: '13800138000' })
  expect(exactOf('１３８ 0013 8000')).toEqual({ mobile: '13800138000' })
  expect(exactOf(' 11010519491231002x ')).toEqual({ documentNumber: '11010519491231002X' })
  expect(exactOf('12800138000')).toEqual({ documentNumber: '12800138000' })
  expect(exactOf('  ')).toBeUndefined()
})

test('what the address bar cannot mean is left out of the filter', () => {
  const scope = {
    from: '2022-03-08',
    to: '2022-03-14',
    area: '350500',
    store: undefined,
    class: undefined,
    areas: indexAreas([]),
  }
  expect(filterOf(scope, { symptom: 'plague', status: 'x', fever: '1' }, undefined)).toEqual({
    from: '2022-03-08',
    to: '2022-03-14',
    area: '350500',
    fever: true,
  })
  expect(filterOf(scope, { symptom: 'cough', fever: '0' }, { mobile: '13800138000' })).toEqual({
    from: '2022-03-08',
    to: '2022-03-14',
    area: '350500',
    symptom: 'cough',
    fever: false,
    mobile: '13800138000',
  })
})
