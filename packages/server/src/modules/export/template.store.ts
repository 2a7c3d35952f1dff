import type { Insertable, Selectable } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { TemplateTable, TemplateVersionTable } from './export.table.ts'

export type TemplateEntry = Selectable<TemplateTable>
export type VersionEntry = Selectable<TemplateVersionTable>

/** A template of the scope, its line included; undefined when there is none or it is used no more. */
export async function findTemplate(tx: Tx, id: string): Promise<TemplateEntry | undefined> {
  return tx
    .selectFrom('export.template')
    .selectAll()
    .where('id', '=', id)
    .where('archived', '=', false)
    .executeTakeFirst()
}

/** A version of a template, also of one that is used no more. */
export async function findVersion(tx: Tx, templateId: string, version: number): Promise<VersionEntry | undefined> {
  return tx
    .selectFrom('export.templateVersion')
    .selectAll()
    .where('templateId', '=', templateId)
    .where('version', '=', version)
    .executeTakeFirst()
}

type NewVersion = Omit<Insertable<TemplateVersionTable>, 'columns' | 'problems'> &
  Pick<VersionEntry, 'columns' | 'problems'>

async function insertVersion(tx: Tx, row: NewVersion): Promise<void> {
  const { columns, problems, ...rest } = row
  await tx
    .insertInto('export.templateVersion')
    .values({ ...rest, columns: JSON.stringify(columns) as never, problems: JSON.stringify(problems) as never })
    .execute()
}

/** Adds a template with its first version. */
export async function insertTemplate(tx: Tx, template: Omit<TemplateEntry, 'archived'>, version: NewVersion) {
  await tx.insertInto('export.template').values(template).execute()
  await insertVersion(tx, version)
}

/** Makes a version the newest one. @returns false when another one was faster */
export async function addVersion(tx: Tx, version: NewVersion, name: string): Promise<boolean> {
  const { templateId, createdAt, createdBy } = version
  const result = await tx
    .updateTable('export.template')
    .set({ name, version: version.version, updatedAt: createdAt, updatedBy: createdBy })
    .where('id', '=', templateId)
    .where('version', '=', version.version - 1)
    .where('archived', '=', false)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  await insertVersion(tx, version)
  return true
}

/** Puts a template out of use. */
export async function archiveTemplate(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('export.template').set({ archived: true }).where('id', '=', id).execute()
}
