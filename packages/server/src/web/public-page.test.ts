import { contract, urlOf } from '@vigil/contract'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { servePublicPages } from './public-page.ts'

const codes = [
  '/z/',
  '/z/AbC-_9',
  '/01/02000000000015/10/L1/21/7XK',
  '/01/02000000000015/10/L1',
  '/00/069012340000000018',
]

function site(publicUrl = '', hotline = '') {
  const app = Fastify()
  servePublicPages(app, { publicUrl, hotline }, async () => '<meta content="__SITE__"><meta content="__HOTLINE__">')
  return app
}

test.each(codes)('%s is a page for browsers that loads nothing from elsewhere', async (url) => {
  const app = site('https://sw.example.gov.cn:8443/', '0595-12315')
  for (const accept of ['text/html,application/xhtml+xml,*/*;q=0.8', '*/*', 'text/html, application/json']) {
    const { statusCode, headers, body } = await app.inject({ url, headers: { accept } })
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(headers['x-robots-tag']).toBe('noindex')
    expect(body).toBe('<meta content="sw.example.gov.cn:8443"><meta content="0595-12315">')
  }
})

test('a program that asks for data is sent to where the API has it', async () => {
  const ask = async (url: string) => {
    const { statusCode, headers } = await site().inject({ url, headers: { accept: 'application/ld+json' } })
    return [statusCode, headers.location]
  }
  expect(await ask('/z/')).toEqual([303, '/api/coldchain/public/keys'])
  expect(await ask('/z/AbC-_9')).toEqual([303, '/api/coldchain/public/certificates/AbC-_9'])
  const code = 'https://id.gs1.org/01/02000000000015/21/A%2FB'
  expect(await ask('/01/02000000000015/21/A%2FB?x=1')).toEqual([303, urlOf(contract['cold-public.code'], {}, { code })])
})

test('what the page is told cannot break out of its place', async () => {
  const { body } = await site('', '"><script>&$&').inject({ url: '/z/a' })
  expect(body).toBe('<meta content=""><meta content="&quot;&gt;&lt;script&gt;&amp;$&amp;">')
})
