import { resolve } from 'node:path'

/** All settings of one server process; from the environment, with the command line on top. */
export interface Config {
  /** Keys, embedded database, files. */
  readonly dataDir: string
  /** Owner connection of a PostgreSQL server; empty for the embedded one. */
  readonly databaseUrl: string
  readonly host: string
  readonly port: number
  /** Public address, for QR codes; empty: taken from the request. */
  readonly publicUrl: string
  /** Telephone of the authority, for the pages behind the codes; empty: none is shown. */
  readonly hotline: string
  readonly trustProxy: string[] | boolean
  /** Whether the demo city may be made in an empty database. */
  readonly demo: 'full' | 'small' | 'none'
  readonly cipher: 'aes-256-gcm' | 'sm4-ctr-hmac-sm3'
}

/**
 * Reads the settings.
 * @throws Error that names the variable when a value is impossible
 */
export function readConfig(overrides: Partial<Config> = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const port = overrides.port ?? Number(env.PORT ?? 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is not a port 端口无效: ${env.PORT}`)
  const cipher = env.VIGIL_CIPHER ?? 'aes-256-gcm'
  if (cipher !== 'aes-256-gcm' && cipher !== 'sm4-ctr-hmac-sm3')
    throw new Error(`VIGIL_CIPHER must be aes-256-gcm or sm4-ctr-hmac-sm3, not ${cipher}`)
  const demo = overrides.demo ?? env.VIGIL_DEMO ?? (env.DATABASE_URL ? 'none' : 'full')
  if (demo !== 'full' && demo !== 'small' && demo !== 'none')
    throw new Error(`VIGIL_DEMO must be full, small or none, not ${demo}`)
  const hotline = (overrides.hotline ?? env.VIGIL_HOTLINE ?? '').trim()
  if (!/^(\+?[\d -]{3,24})?$/.test(hotline))
    throw new Error(`VIGIL_HOTLINE is not a telephone number 电话号码无效: ${hotline}`)
  const proxies = (env.VIGIL_TRUST_PROXY ?? '127.0.0.1,::1').split(',').filter(Boolean)
  return {
    dataDir: resolve(overrides.dataDir ?? env.VIGIL_DATA_DIR ?? '.vigil'),
    databaseUrl: overrides.databaseUrl ?? env.DATABASE_URL ?? '',
    host: overrides.host ?? env.HOST ?? '127.0.0.1',
    port,
    publicUrl: (overrides.publicUrl ?? env.VIGIL_PUBLIC_URL ?? '').replace(/\/$/, ''),
    hotline,
    trustProxy: proxies,
    demo,
    cipher,
  }
}
