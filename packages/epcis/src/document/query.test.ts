import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validateQuery } from './index.ts'

const found = (query: object) => validateQuery(query).map(({ path, rule }) => `${path} ${rule}`)

describe('query', () => {
  test('with parameters of every kind', () => {
    expect(
      found({
        eventType: ['ObjectEvent', 'https://example.com/MyEvent'],
        GE_eventTime: '2026-01-01T00:00:00+08:00',
        EQ_bizStep: ['shipping', 'https://example.com/step'],
        EQ_bizTransaction_po: ['urn:x:1'],
        EQ_quantity_KGM: [1, 2],
        LT_value_CEL: -18,
        'EQ_cbvmda:lotNumber': ['L1'],
        'EQ_INNER_ILMD_ext:a': '2026-01-01T00:00:00Z',
        'GT_SENSORREPORT_ext:b': 3,
        'EXISTS_ERROR_DECLARATION_ext:c': 1,
        'EQ_readPoint_ext:d': 7,
        EQ_ATTR_BusinessLocation_x: ['y'],
        orderDirection: 'ASC',
        maxEventCount: 5,
      }),
    ).toEqual([])
  })
  test.each([
    [{ GE_eventTime: 'soon' }, '/GE_eventTime date-time'],
    [{ EQ_action: ['SHIPPED'] }, '/EQ_action/0 action'],
    [{ orderDirection: 'SIDEWAYS' }, '/orderDirection enum'],
    [{ EQ_bizStep: ['urn:epcglobal:cbv:bizstep:shipping'] }, '/EQ_bizStep/0 vocabulary'],
    [{ eventCountLimit: 1.5 }, '/eventCountLimit type'],
    [{ LT_value_CEL: 'cold' }, '/LT_value_CEL type'],
    [{ 'GT_ext:a': 'x' }, '/GT_ext:a date-time'],
    [{ EQ_bizstep: [] }, '/EQ_bizstep unknown-property'],
    [[], ' type'],
  ])('%j has %s', (query, problem) => expect(found(query)).toContain(problem))
  test('a name that no parameter has is refused, whatever it is', () => {
    const name = fc
      .string({ minLength: 1 })
      .filter((each) => !/_|^(eventType|orderBy|orderDirection|eventCountLimit|maxEventCount|@context)$/.test(each))
    fc.assert(fc.property(name, (each) => validateQuery(JSON.parse(`{${JSON.stringify(each)}:1}`)).length === 1))
  })
})
