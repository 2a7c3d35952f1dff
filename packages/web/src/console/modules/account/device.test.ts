import { expect, test } from 'vitest'
import { deviceName } from './device.ts'

test('a browser is named by maker, system and address', () => {
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36'
  expect(deviceName(`浏览器 10.1.2.3 ${chrome}`)).toBe('Chrome · Windows · 10.1.2.3')
  expect(deviceName(`浏览器 10.1.2.3 ${chrome} Edg/140.0`)).toBe('Edge · Windows · 10.1.2.3')
  expect(
    deviceName('浏览器 ::1 Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1'),
  ).toBe('Safari · iOS · ::1')
})

test('what is unknown stays readable, and a counter keeps its own name', () => {
  expect(deviceName('浏览器 10.1.2.3 curl/8')).toBe('浏览器 · 10.1.2.3')
  expect(deviceName('微信 Linux; Android 14; V2309A')).toBe('微信 Linux; Android 14; V2309A')
})
