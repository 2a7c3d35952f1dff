import { type CopyType, rowsOfBlock } from '../../kernel/db/copy-rows.ts'
import type { Block, Grain } from '../../kernel/export/index.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import { unsealer } from '../../kernel/vault/lent.ts'
import type { Line } from './purchase.domain.ts'
import { linesOf } from './purchase.lines.ts'
import type { PurchaseRecord } from './purchase.record.ts'
import { findPersonal } from './purchase.seal.ts'

/** A row of the list: a purchase with all its drugs, or with one of them. */
export interface PurchaseRow {
  readonly record: PurchaseRecord
  readonly lines: readonly Line[]
}

/** Rows that are made at a time: few enough to be dead when the collector of garbage comes. */
const batchRows = 50

/** Columns of a block as `purchaseBlocks` reads them. */
const types: readonly CopyType[] = [
  'uuid',
  'integer',
  'term',
  'term',
  'instant',
  'instant',
  'term',
  'term',
  'term',
  'bytes',
  'terms',
  'integer',
  'boolean',
  'boolean',
  'boolean',
  'uuids',
  'terms',
  'integers',
  'boolean',
]

type Copied = [
  string,
  number,
  string,
  string,
  Date,
  Date,
  string,
  string,
  string,
  Buffer,
  string[],
  number | null,
  boolean,
  boolean,
  boolean,
  string[],
  string[],
  number[],
  boolean,
]

function recordOf(vault: Pick<Vault, 'unseal'>, row: Copied): PurchaseRecord {
  const id = row[0]
  return {
    id,
    revision: row[1],
    storeCode: row[2],
    areaCode: row[3],
    soldAt: row[4],
    receivedAt: row[5],
    status: row[6],
    documentType: row[7],
    personal: findPersonal(vault, { id, keyMonth: row[8], sealed: row[9] }),
    symptoms: row[10],
    temperatureTenths: row[11],
    fever: row[12],
    proxy: row[13],
    offline: row[14],
    lines: linesOf({ drugIds: row[15], drugClasses: row[16], quantities: row[17] }),
    referred: row[18],
  }
}

/** The rows of a block, decrypted as they are asked for. @throws VaultError when one was tampered with */
export function* purchaseRows(block: Block, grain: Grain): Generator<PurchaseRow[], void, undefined> {
  const vault = unsealer(block.keys)
  let rows: PurchaseRow[] = []
  for (const values of rowsOfBlock(block.bytes, types)) {
    const record = recordOf(vault, values as unknown as Copied)
    if (grain === 'item' && record.lines.length > 1)
      for (const line of record.lines) rows.push({ record, lines: [line] })
    else rows.push({ record, lines: record.lines })
    if (rows.length < batchRows) continue
    yield rows
    rows = []
  }
  if (rows.length > 0) yield rows
}

/** The purchase behind a row. */
export const traceOf = ({ record }: PurchaseRow) => record
