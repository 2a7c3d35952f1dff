import { type Connections, connect } from '../../kernel/db/index.ts'
import { type Notify, openNotify } from '../../kernel/notify/index.ts'
import { createTestDatabase } from '../../testing/index.ts'

export interface Installation {
  connections: Connections
  notify: Notify
  close(): Promise<void>
}

const areas = [
  ['350000', '福建省', 'province', null, '/350000/', true],
  ['350500', '泉州市', 'city', '350000', '/350000/350500/', true],
  ['350582', '晋江市', 'county', '350500', '/350000/350500/350582/', true],
  ['350582S01', '青阳市场监督管理所', 'office', '350582', '/350000/350500/350582/350582S01/', false],
  ['350582S02', '池店市场监督管理所', 'office', '350582', '/350000/350500/350582/350582S02/', false],
  ['350583', '南安市', 'county', '350500', '/350000/350500/350583/', true],
  ['350583S01', '溪美市场监督管理所', 'office', '350583', '/350000/350500/350583/350583S01/', false],
] as const

/** A fresh database with two counties and three offices, opened as the application opens it. */
export async function createInstallation(): Promise<Installation> {
  const database = await createTestDatabase()
  const connections = connect(database.appUrl, 5)
  const notify = await openNotify(database.appUrl, connections.pool)
  for (const area of areas)
    await connections.system.query(
      `INSERT INTO area.area (code, name, level, parent, path, standard) VALUES ($1, $2, $3, $4, $5, $6)`,
      [...area],
    )
  return {
    connections,
    notify,
    close: async () => {
      await notify.close()
      await connections.close()
      await database.drop()
    },
  }
}

/** Puts one store into the database, past all commands. */
export async function putStore(installation: Installation, code: string, areaCode = '350582S01'): Promise<void> {
  const county = areaCode.slice(0, 6)
  await installation.connections.system.query(
    `INSERT INTO pharmacy.store (code, name, address, county, area_code, path, lon, lat)
     SELECT $1, $1 || '大药房', '青阳街道 ' || $1 || ' 号', $2, code, path || $1 || '/', 118.55, 24.81 FROM area.area WHERE code = $3`,
    [code, county, areaCode],
  )
}
