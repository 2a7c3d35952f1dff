import { expect, test } from 'vitest'
import { codesText, readCodes } from './mapping.ts'

test('codes are read as they are written', () => {
  const codes = {
    codes: [
      { value: '居民身份证', code: '01' },
      { value: '是', code: '' },
    ],
    otherwise: '99',
  }
  expect(codesText(codes)).toBe('居民身份证=01\n是=\n*=99')
  expect(readCodes(codesText(codes))).toEqual(codes)
  expect(readCodes(' 护照 = 02 \n没有等号\n=3')).toEqual({ codes: [{ value: '护照', code: '02' }] })
  expect(readCodes('')).toEqual({})
})
