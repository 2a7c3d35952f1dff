import type { AreaNode } from '@vigil/contract'
import { sql } from 'kysely'
import type { Db, Scope, Tx } from '../db/index.ts'

const columns = ['code', 'name', 'level', 'parent', 'path', 'lon', 'lat', 'standard'] as const

/** The areas of some subtrees and all areas above them, parents before children. */
export async function listAreas(db: Db | Tx, scope: Scope): Promise<AreaNode[]> {
  const paths = sql<string[]>`${[...scope]}::text[]`
  return db
    .selectFrom('area.area')
    .select(columns)
    .where(sql<boolean>`path ^@ any(${paths}) or exists (select from unnest(${paths}) as own where own ^@ path)`)
    .orderBy('path')
    .execute()
}

/** Area of a code; undefined when there is none. */
export async function findArea(db: Db | Tx, code: string): Promise<AreaNode | undefined> {
  return db.selectFrom('area.area').select(columns).where('code', '=', code).executeTakeFirst()
}
