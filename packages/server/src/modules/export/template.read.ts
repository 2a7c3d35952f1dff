import { addDays, dayOf } from '@vigil/codes'
import type {
  BodyOf,
  Download,
  ExportList,
  ExportListInfo,
  QueryOf,
  TemplateDetail,
  templateRoutes,
} from '@vigil/contract'
import { type Caller, scopeFor, wholeScope } from '../../kernel/access/caller.ts'
import { readScope, readSnapshot } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { plainText } from './export.column.ts'
import { headsIn, mediaTypes } from './export.file.ts'
import type { Exporter } from './exporter.ts'
import { bindMapping, getChangeable, managePermission, openBook, toTemplateItem } from './template.service.ts'
import { findVersion } from './template.store.ts'

const previewRows = 3
const previewDays = 30
const shownRows = 12
const shownText = 300

/** The lists that the caller may take out, with their fields. */
export function listLists({ lists }: Exporter, caller: Caller): { items: ExportListInfo[] } {
  const items = [...lists.values()]
    .filter(({ permission }) => scopeFor(caller, permission).length > 0)
    .map(
      (list): ExportListInfo => ({
        key: list.key,
        name: list.name,
        grains: [...list.grains],
        fields: list.fields.map(({ key, name, type, personal = false, values = [] }) => ({
          key,
          name,
          type,
          personal,
          values: [...values],
        })),
      }),
    )
  return { items }
}

/** Templates of the caller's areas and of those above, for lists that he may take out. */
export async function listTemplates(exporter: Exporter, caller: Caller, query: { list?: ExportList }) {
  const keys = listLists(exporter, caller).items.map(({ key }) => key)
  const wanted = query.list ? keys.filter((key) => key === query.list) : keys
  if (wanted.length === 0) return { items: [] }
  return readScope(exporter.kernel.db, wholeScope(caller), async (tx) => {
    const rows = await tx
      .selectFrom('export.template as t')
      .innerJoin('export.templateVersion as v', (join) =>
        join.onRef('v.templateId', '=', 't.id').onRef('v.version', '=', 't.version'),
      )
      .selectAll('t')
      .select(['v.grain', 'v.sheet', 'v.columns', 'v.workbookName', 'v.problems'])
      .where('t.archived', '=', false)
      .where('t.list', 'in', wanted)
      .orderBy('t.name')
      .orderBy('t.id')
      .limit(200)
      .execute()
    return { items: rows.map((row) => toTemplateItem(exporter, row, row)) }
  })
}

/** A template as its page shows it: workbook, mapping, check and versions. @throws Problem 404 */
export async function readTemplateDetail(
  exporter: Exporter,
  caller: Caller,
  id: string,
  query: QueryOf<(typeof templateRoutes)['template.read']>,
): Promise<TemplateDetail> {
  const { template, version: newest } = await getChangeable(exporter, caller, id)
  const { version, versions } = await readScope(exporter.kernel.db, scopeFor(caller, managePermission), async (tx) => ({
    version: query?.version ? await findVersion(tx, id, query.version) : newest,
    versions: await tx
      .selectFrom('export.templateVersion')
      .select(['version', 'createdAt', 'createdBy', 'workbookName', 'note'])
      .where('templateId', '=', id)
      .orderBy('version', 'desc')
      .limit(100)
      .execute(),
  }))
  if (!version) throw notFound('模板版本')
  const book = await openBook(version.workbook)
  const present = book.sheets.find(({ name }) => name === (query?.sheet ?? version.sheet))
  const sheet = present?.name ?? version.sheet
  const same = sheet === version.sheet
  const headFrom = query?.headFrom ?? (same ? version.headFrom : (present?.headFrom ?? 1))
  const headTo = query?.headTo ?? (same ? version.headTo : (present?.headTo ?? 1))
  return {
    ...toTemplateItem(exporter, template, version),
    sheet,
    headFrom,
    headTo,
    mapped: version.columns,
    sheets: book.sheets.map(({ name, rows, ...sheetHead }) => ({
      name,
      headFrom: sheetHead.headFrom,
      headTo: sheetHead.headTo,
      rows: rows.slice(0, shownRows).map((row) => row.map((text) => text.slice(0, shownText))),
    })),
    heads: (headsIn(book, sheet, headFrom, headTo) ?? []).map((head) => ({
      ...head,
      text: head.text.slice(0, shownText),
    })),
    versions: versions.map((each) => ({
      version: each.version,
      at: each.createdAt.toISOString(),
      by: each.createdBy,
      workbookName: each.workbookName,
      note: each.note,
    })),
  }
}

/** The newest rows by a mapping, masked; of the last days where the list has a period. @throws Problem 400, 403, 404 */
export async function previewTemplate(
  exporter: Exporter,
  caller: Caller,
  id: string,
  body: BodyOf<(typeof templateRoutes)['template.preview']>,
): Promise<{ rows: string[][] }> {
  const { kernel, lists } = exporter
  const { template, version } = await getChangeable(exporter, caller, id)
  const list = lists.get(template.list)!
  const mapping = bindMapping(list, await openBook(version.workbook), body)
  const today = dayOf(kernel.clock.now())
  const period = list.period ? { from: addDays(today, -previewDays), to: today } : {}
  const filter = { ...list.resolve(caller, period, false), limit: previewRows }
  return readSnapshot(kernel.connections, filter.scope, async (client) => {
    const rows: string[][] = []
    for await (const { cells } of list.batches(client, filter, mapping, false))
      rows.push(...cells.map((row) => row.map((cell) => plainText(cell).slice(0, 500))))
    return { rows: rows.slice(0, previewRows) }
  })
}

/** The workbook as it was uploaded. */
export async function downloadWorkbook(exporter: Exporter, caller: Caller, id: string): Promise<Download> {
  const { version } = await getChangeable(exporter, caller, id)
  return { mediaType: mediaTypes.xlsx, filename: version.workbookName, body: version.workbook }
}
