import { expect, test } from 'vitest'
import { changesOf } from './correction.ts'

test('only the ticked parts are sent, in tenths of a degree', () => {
  expect(
    changesOf({
      parts: ['health'],
      reason: '录错',
      documentNumber: '11010519491231002X',
      symptoms: ['fever'],
      temperature: 37.8,
    }),
  ).toEqual({ symptoms: ['fever'], temperatureTenths: 378 })
  expect(changesOf({ parts: ['health'], reason: '录错', temperature: null })).toEqual({
    symptoms: [],
    temperatureTenths: null,
  })
})

test('optional fields left empty are not sent', () => {
  const person = {
    name: '王芳',
    mobile: '13800138000',
    residenceAreaCode: '350582',
    residenceAddress: '青阳街道',
    emergencyName: '',
  }
  expect(changesOf({ parts: ['person'], reason: '改名', person }).person).toEqual({
    name: '王芳',
    mobile: '13800138000',
    residenceAreaCode: '350582',
    residenceAddress: '青阳街道',
  })
})

test('whom it was bought for is sent as named, without an empty document; for the buyer it is taken back', () => {
  const boughtFor = { name: '林阿婆', relation: 'family', documentType: 'citizen-id', documentNumber: ' ' } as const
  const values = { parts: ['proxy', 'history'] as const, reason: '漏登', proxy: true, boughtFor, history: ' 三亚 ' }
  expect(changesOf({ ...values, parts: [...values.parts] })).toEqual({
    boughtFor: { name: '林阿婆', relation: 'family' },
    history: '三亚',
  })
  const documented = { ...boughtFor, documentNumber: '11010519491231002X' }
  expect(changesOf({ ...values, parts: ['proxy'], boughtFor: documented })).toEqual({ boughtFor: documented })
  expect(changesOf({ ...values, parts: ['proxy', 'history'], proxy: false, history: '' })).toEqual({
    boughtFor: null,
    history: '',
  })
  expect(changesOf({ ...values, parts: ['health'] })).toEqual({ symptoms: [], temperatureTenths: null })
})
