import { buffer } from 'node:stream/consumers'
import { uuidv7 } from '@vigil/codes'
import {
  type BodyOf,
  type ExportList,
  exportLists,
  type MappedColumn,
  type TemplateItem,
  type templateRoutes,
} from '@vigil/contract'
import { type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Scope } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalid, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Upload } from '../../kernel/http/handler.ts'
import { readTemplate, TableError, type TemplateBook } from '../../kernel/tabular/index.ts'
import { areaNameOf, areaOf, wholeCountry } from './export.area.ts'
import { headsIn } from './export.file.ts'
import type { Exportable, Mapping } from './exportable.ts'
import type { Exporter } from './exporter.ts'
import { bindColumns, guessColumns, problemsOf } from './template.domain.ts'
import {
  addVersion,
  archiveTemplate,
  findTemplate,
  findVersion,
  insertTemplate,
  type TemplateEntry,
  type VersionEntry,
} from './template.store.ts'

export const managePermission = 'template.manage'

/** Reads an uploaded workbook; what is wrong with it is the sender's to mend. @throws Problem 400 */
export async function openBook(content: Buffer): Promise<TemplateBook> {
  return readTemplate(content).catch((error: unknown) => {
    throw error instanceof TableError ? invalidField('/file', error.message, error.code) : error
  })
}

type Placed = Pick<VersionEntry, 'sheet' | 'headFrom' | 'headTo' | 'columns'>

/** What keeps a mapping from fitting a workbook. */
export function checkMapping(list: Exportable, book: TemplateBook, mapping: Placed) {
  const sheets = book.sheets.map(({ name }) => name)
  const heads = headsIn(book, mapping.sheet, mapping.headFrom, mapping.headTo)
  return problemsOf(mapping, { sheets, heads }, list.fields)
}

export const toTemplateItem = (
  { reference }: Pick<Exporter, 'reference'>,
  template: TemplateEntry,
  version: Pick<VersionEntry, 'grain' | 'sheet' | 'columns' | 'workbookName' | 'problems'>,
): TemplateItem => ({
  id: template.id,
  name: template.name,
  list: template.list,
  grain: version.grain,
  version: template.version,
  sheet: version.sheet,
  columns: version.columns.filter(({ source }) => source !== 'empty').length,
  areaCode: template.areaCode,
  areaName: areaNameOf(reference, template.areaCode),
  workbookName: version.workbookName,
  problems: version.problems,
  updatedAt: template.updatedAt.toISOString(),
  updatedBy: template.updatedBy,
})

/**
 * The template that an export is to be made with, in its newest version.
 * @throws Problem 404 outside the line of the scope, 409 with everything that no longer fits
 */
export async function templateFor(
  { kernel }: Exporter,
  scope: Scope,
  id: string,
  list: ExportList,
): Promise<{ id: string; name: string; version: number }> {
  return readScope(kernel.db, scope, async (tx) => {
    const template = await findTemplate(tx, id)
    const version = template && (await findVersion(tx, id, template.version))
    if (!version || template.list !== list) throw notFound('导出模板')
    if (version.problems.length > 0)
      throw invalid(
        version.problems.map(({ code, column, detail }) => ({
          pointer: `/templateId${column === null ? '' : `/${column}`}`,
          code,
          detail,
        })),
        `模板“${template.name}”与对应关系不符，不能导出：${version.problems.map(({ detail }) => detail).join('；')}`.slice(
          0,
          1900,
        ),
      )
    return { id, name: template.name, version: version.version }
  })
}

/** A template that the caller may change: of his own areas, or the one that every installation starts with. */
export async function getChangeable({ kernel }: Exporter, caller: Caller, id: string) {
  const own = scopeFor(caller, managePermission)
  if (own.length === 0) throw forbidden()
  return readScope(kernel.db, own, async (tx) => {
    const template = await findTemplate(tx, id)
    const mine = template && (template.path === '/' || own.some((root) => within(template.path, root)))
    const version = mine ? await findVersion(tx, id, template.version) : undefined
    if (!template || !version) throw notFound('导出模板')
    return { template, version }
  })
}

async function readUpload(upload: Upload): Promise<{ content: Buffer; name: string }> {
  const content = await buffer(upload.stream)
  return { content, name: upload.filename.replace(/\p{Cc}/gu, '').slice(-200) }
}

/** Fields of the form, which come beside the file and are checked here. */
function readFields({ fields }: Upload): { name: string; list: ExportList; area: string | undefined } {
  const name = fields.name?.trim().slice(0, 60) ?? ''
  if (!name) throw invalidField('/name', '请填写模板名称', 'required')
  const list = exportLists.find((key) => key === fields.list)
  if (!list) throw invalidField('/list', '请选择模板用于哪个列表', 'required')
  return { name, list, area: fields.area?.trim() || undefined }
}

/** The sheet whose heads the list knows best, with its columns mapped as far as they are known. */
export function guessMapping(list: Exportable, book: TemplateBook): Placed {
  const guesses = book.sheets.map((sheet) => {
    const heads = headsIn(book, sheet.name, sheet.headFrom, sheet.headTo) ?? []
    const columns = guessColumns(heads, list.fields)
    const known = columns.filter(({ source }) => source !== 'empty').length
    return { known, sheet, columns: bindColumns(columns, heads) }
  })
  const { sheet, columns } = guesses.reduce((best, next) => (next.known > best.known ? next : best))
  return { sheet: sheet.name, headFrom: sheet.headFrom, headTo: sheet.headTo, columns }
}

/** Takes a workbook as a new template for the caller's area. @throws Problem 400 for what is no workbook, 404 area */
export async function createTemplate(exporter: Exporter, caller: Caller, upload: Upload): Promise<TemplateItem> {
  const { kernel, reference, lists } = exporter
  const own = scopeFor(caller, managePermission)
  const { content, name: workbookName } = await readUpload(upload)
  const { name, list: key, area } = readFields(upload)
  const path = area === undefined ? own[0] : reference.area(area)?.path
  if (path === undefined || !own.some((root) => within(path, root))) throw notFound('区划')
  const list = lists.get(key)!
  const book = await openBook(content)
  const guess = guessMapping(list, book)
  const problems = checkMapping(list, book, guess)
  const id = uuidv7()
  const now = kernel.clock.now()
  const areaCode = areaOf(reference, [path], area)
  const template = { id, name, list: key, areaCode, path, version: 1, updatedAt: now, updatedBy: caller.name }
  const version = {
    ...guess,
    problems,
    templateId: id,
    version: 1,
    path,
    grain: 'record' as const,
    workbook: content,
    workbookName,
    note: '上传',
    createdAt: now,
    createdBy: caller.name,
  }
  await command(kernel.db, caller, managePermission, async (tx, audit) => {
    await insertTemplate(tx, template, version)
    await audit({
      action: 'template.create',
      object: `template:${id}`,
      path,
      areaCode: areaCode === wholeCountry ? null : areaCode,
      detail: { name, list: key, workbook: workbookName },
    })
  })
  return toTemplateItem(exporter, { ...template, archived: false }, version)
}

async function storeVersion(
  exporter: Exporter,
  caller: Caller,
  before: { template: TemplateEntry; version: VersionEntry },
  change: Partial<VersionEntry> & { readonly note: string; readonly name?: string },
  action: 'template.save' | 'template.replace',
): Promise<TemplateItem> {
  const { kernel } = exporter
  const { template } = before
  const { name = template.name, ...changed } = change
  const version: VersionEntry = {
    ...before.version,
    ...changed,
    version: template.version + 1,
    createdAt: kernel.clock.now(),
    createdBy: caller.name,
  }
  await command(kernel.db, caller, managePermission, async (tx, audit) => {
    if (!(await addVersion(tx, version, name))) throw conflict('模板已被他人修改，请刷新后重试', 'stale')
    await audit({
      action,
      object: `template:${template.id}`,
      path: template.path,
      areaCode: template.areaCode === wholeCountry ? null : template.areaCode,
      detail: { name, version: version.version, workbook: version.workbookName, problems: version.problems.length },
    })
  })
  const { createdAt: updatedAt, createdBy: updatedBy } = version
  return toTemplateItem(exporter, { ...template, name, version: version.version, updatedAt, updatedBy }, version)
}

/** Puts a newer workbook under a mapping and tells what no longer fits. @throws Problem 400, 404 */
export async function replaceWorkbook(
  exporter: Exporter,
  caller: Caller,
  id: string,
  upload: Upload,
): Promise<TemplateItem> {
  const before = await getChangeable(exporter, caller, id)
  const { content, name } = await readUpload(upload)
  const book = await openBook(content)
  const problems = checkMapping(exporter.lists.get(before.template.list)!, book, before.version)
  const change = { workbook: content, workbookName: name, problems, note: '更换模板文件' }
  return storeVersion(exporter, caller, before, change, 'template.replace')
}

type Saved = BodyOf<(typeof templateRoutes)['template.save']>

/** A mapping bound to the heads of its workbook. @throws Problem 400 naming the wrong columns */
export function bindMapping(
  list: Exportable,
  book: TemplateBook,
  mapping: Omit<Saved, 'name' | 'version'>,
): Mapping & Placed {
  const { grain, sheet, headFrom, headTo } = mapping
  if (headFrom > headTo) throw invalidField('/headFrom', '表头起始行不能大于结束行')
  if (!list.grains.includes(grain)) throw invalidField('/grain', '该列表不能按药品分行')
  const heads = headsIn(book, sheet, headFrom, headTo)
  if (!heads) throw invalidField('/sheet', `模板中没有工作表“${sheet}”`)
  const places = mapping.columns.map(({ column }) => column)
  const twice = places.findIndex((place, at) => places.indexOf(place) !== at)
  if (twice >= 0) throw invalidField(`/columns/${twice}/column`, `第 ${places[twice]} 列对应了两次`)
  const columns: MappedColumn[] = bindColumns(mapping.columns, heads)
  return { grain, sheet, headFrom, headTo, columns }
}

/** Saves a mapping as a new version. @throws Problem 400 for what does not fit, 404, 409 when another was faster */
export async function saveTemplate(exporter: Exporter, caller: Caller, id: string, body: Saved): Promise<TemplateItem> {
  const before = await getChangeable(exporter, caller, id)
  if (before.template.version !== body.version) throw conflict('模板已被他人修改，请刷新后重试', 'stale')
  const list = exporter.lists.get(before.template.list)!
  const book = await openBook(before.version.workbook)
  const mapping = bindMapping(list, book, body)
  const problems = checkMapping(list, book, mapping)
  if (problems.length > 0)
    throw invalid(problems.map(({ code, column, detail }) => ({ pointer: `/columns/${column ?? ''}`, code, detail })))
  const change = { ...mapping, problems, name: body.name.trim() || before.template.name, note: '设定各列' }
  return storeVersion(exporter, caller, before, change, 'template.save')
}

/** Puts a template out of use. */
export async function retireTemplate(exporter: Exporter, caller: Caller, id: string): Promise<{ ok: true }> {
  const { template } = await getChangeable(exporter, caller, id)
  await command(exporter.kernel.db, caller, managePermission, async (tx, audit) => {
    await archiveTemplate(tx, id)
    await audit({
      action: 'template.archive',
      object: `template:${id}`,
      path: template.path,
      detail: { name: template.name, version: template.version },
    })
  })
  return { ok: true }
}
