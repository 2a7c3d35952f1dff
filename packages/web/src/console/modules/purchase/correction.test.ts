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
