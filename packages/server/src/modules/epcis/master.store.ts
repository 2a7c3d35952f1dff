import type { EpcisDocument, Vocabulary } from '@vigil/epcis/document'
import { readXml } from '@vigil/epcis/xml'
import { sql } from 'kysely'
import { withScope } from '../../kernel/db/index.ts'
import type { EpcisRepository } from './capture.ts'
import { parseJson, utf8 } from './document.domain.ts'
import { textKey, uriKey } from './key.domain.ts'

interface Row {
  readonly uri: string
  readonly vocabulary: string
  readonly name: string
  readonly value: string | null
}

/** Attributes and children of the vocabularies, each a row. */
export function masterRows(vocabularies: readonly Vocabulary[]): Row[] {
  return vocabularies.flatMap(({ type, vocabularyElementList = [] }) =>
    vocabularyElementList.flatMap(({ id, attributes = [], children = [] }) => [
      ...attributes.map((each) => ({
        uri: uriKey(id),
        vocabulary: type,
        name: textKey(each.id),
        value:
          typeof each.attribute === 'object' ? JSON.stringify(each.attribute) : textKey(String(each.attribute ?? '')),
      })),
      ...children.map((child) => ({ uri: uriKey(id), vocabulary: type, name: '', value: uriKey(child) })),
    ]),
  )
}

const vocabulariesIn = (document: unknown): readonly Vocabulary[] =>
  (document as Partial<EpcisDocument>).epcisHeader?.epcisMasterData?.vocabularyList ?? []

/** Keeps the master data of a document's header, in place of what was known of the same URIs. */
export async function keepMasterData(
  { kernel }: EpcisRepository,
  path: string,
  body: Uint8Array,
  xml: boolean,
): Promise<void> {
  const text = utf8(body)
  // Most documents have none, and are not read a second time for it.
  if (!/vocabulary/i.test(text)) return
  const read = xml ? readXml(text) : null
  const document = read ? (read.ok ? read.value.document : {}) : parseJson(text)
  const rows = masterRows(vocabulariesIn(document))
  if (rows.length === 0) return
  const of = (name: keyof Row) => rows.map((row) => row[name])
  await withScope(kernel.db, [path], async (tx) => {
    await tx
      .deleteFrom('epcis.master')
      .where('uri', 'in', [...new Set(rows.map(({ uri }) => uri))])
      .execute()
    await sql`insert into epcis.master (path, uri, vocabulary, name, value)
      select ${path}::text, * from unnest(${of('uri')}::text[], ${of('vocabulary')}::text[], ${of('name')}::text[], ${of('value')}::text[])`.execute(
      tx,
    )
  })
}
