import type { followupRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import { readEntry } from './detail.read.ts'
import { listEntries, readBoard } from './entry.read.ts'
import { close, note, readPeople, reopen, reveal, take } from './entry.service.ts'
import { lookup } from './lookup.service.ts'
import type { Parts } from './parts.ts'
import { readRules, saveRules } from './rules.service.ts'
import { listSheets } from './sheet.read.ts'
import { listRecipients, sendSheet } from './sheet.send.ts'
import { handOver, noteReceipt, sheetFile } from './sheet.service.ts'

/** Sends what a command has ordered, once it is committed. */
async function sent<T>({ courier }: Parts, work: Promise<T>): Promise<T> {
  const result = await work
  courier.wake()
  return result
}

export const followupHandlers = (parts: Parts): Handlers<typeof followupRoutes> => ({
  'followup.list': ({ caller, query }) => listEntries(parts, caller, query),
  'followup.board': ({ caller, query }) => readBoard(parts, caller, query.area),
  'followup.lookup': async ({ caller, body }) => ({ items: await lookup(parts, caller, body) }),
  'followup.read': ({ caller, params }) => readEntry(parts, caller, params.id),
  'followup.people': async ({ caller, params }) => ({ items: await readPeople(parts, caller, params.id) }),
  'followup.reveal': ({ caller, params, body }) => reveal(parts, caller, params.id, body),
  'followup.take': ({ caller, params, body }) => take(parts, caller, params.id, body),
  'followup.note': ({ caller, params, body }) => note(parts, caller, params.id, body),
  'followup.close': ({ caller, params, body }) => close(parts, caller, params.id, body),
  'followup.reopen': ({ caller, params, body }) => reopen(parts, caller, params.id, body),
  'followup.hand-over': ({ caller, body }) => sent(parts, handOver(parts, caller, body)),
  'followup.recipients': ({ caller }) => listRecipients(parts, caller),
  'followup.send': ({ caller, params }) => sent(parts, sendSheet(parts, caller, params.id)),
  'followup.sheets': ({ caller, query }) => listSheets(parts, caller, query),
  'followup.sheet-file': ({ caller, params, body }) => sheetFile(parts, caller, params.id, body),
  'followup.receipt': ({ caller, params, body }) => noteReceipt(parts, caller, params.id, body),
  'followup.rules': ({ caller, query }) => readRules(parts, caller, query.area),
  'followup.save-rules': ({ caller, body }) => saveRules(parts, caller, body),
})
