import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Config } from '../kernel/config.ts'
import { distDir } from './build.ts'
import { servePublicPages } from './public-page.ts'

// Ant Design writes its styles at run time; the barcode reader is WebAssembly. Nothing comes from elsewhere.
const policy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

const page = async (reply: FastifyReply, name: string) =>
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('content-security-policy', policy)
    .send(await readFile(join(distDir, name)))

/** The console's page, for every address that is not the API's: it routes in the browser. */
export const consolePage = (reply: FastifyReply) => page(reply, 'index.html')

/** Serves the built screens: hashed assets for a year, pages always fresh, the counter below /c/, the cold chain's businesses below /cold/, the public pages at their codes. */
export async function serveWeb(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(fastifyStatic, {
    root: distDir,
    wildcard: false,
    index: false,
    serveDotFiles: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/cold', async (_request, reply) => page(reply, 'cold.html'))
  app.get('/cold/*', async (_request, reply) => page(reply, 'cold.html'))
  app.get('/c', async (_request, reply) => page(reply, 'counter.html'))
  app.get('/c/*', async (_request, reply) => page(reply, 'counter.html'))
  servePublicPages(app, config, () => readFile(join(distDir, 'public.html'), 'utf8'))
  app.get('/', async (_request, reply) => consolePage(reply))
  if (!existsSync(join(distDir, 'index.html'))) throw new Error('the screens are not built 网页未生成')
}
