import type { exportRoutes, templateRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import { findRow, listDifferences } from './export.difference.ts'
import { createExport, downloadExport, listExports, readExport } from './export.service.ts'
import type { Exporter } from './exporter.ts'
import { downloadWorkbook, listLists, listTemplates, previewTemplate, readTemplateDetail } from './template.read.ts'
import { createTemplate, replaceWorkbook, retireTemplate, saveTemplate } from './template.service.ts'

export const exportHandlers = (exporter: Exporter): Handlers<typeof exportRoutes & typeof templateRoutes> => ({
  'export.create': ({ caller, body }) => createExport(exporter, caller, body),
  'export.list': ({ caller, query }) => listExports(exporter, caller, query),
  'export.read': ({ caller, params }) => readExport(exporter, caller, params.id),
  'export.download': ({ caller, params }) => downloadExport(exporter, caller, params.id),
  'export.row': ({ caller, params, query }) => findRow(exporter, caller, params.id, query),
  'export.differences': ({ caller, params, query }) => listDifferences(exporter, caller, params.id, query),
  'export.lists': async ({ caller }) => listLists(exporter, caller),
  'template.list': ({ caller, query }) => listTemplates(exporter, caller, query),
  'template.read': ({ caller, params, query }) => readTemplateDetail(exporter, caller, params.id, query),
  'template.create': ({ caller, upload }) => createTemplate(exporter, caller, upload),
  'template.replace': ({ caller, params, upload }) => replaceWorkbook(exporter, caller, params.id, upload),
  'template.save': ({ caller, params, body }) => saveTemplate(exporter, caller, params.id, body),
  'template.preview': ({ caller, params, body }) => previewTemplate(exporter, caller, params.id, body),
  'template.archive': ({ caller, params }) => retireTemplate(exporter, caller, params.id),
  'template.download': ({ caller, params }) => downloadWorkbook(exporter, caller, params.id),
})
