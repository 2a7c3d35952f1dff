import type { Readable } from 'node:stream'
import { checkApprovalNumber, toHalfWidth } from '@vigil/codes'
import type { DrugItem, MatchedDrugs } from '@vigil/contract'
import { asProblem } from '../../kernel/import/index.ts'
import { type ColumnSpec, importTable } from '../../kernel/tabular/index.ts'
import type { Drug, Reference } from '../pharmacy/index.ts'

const columns: readonly ColumnSpec[] = [
  { key: 'name', heads: ['药品名称', '通用名', '通用名称', '品名', '名称', 'name'] },
  { key: 'approvalNo', heads: ['批准文号', '国药准字', 'approval'] },
  { key: 'strength', heads: ['规格', '药品规格', 'strength'] },
]

const maxRows = 2000
const mostDrugs = 50

const bare = (text: string): string => toHalfWidth(text).normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** Drugs of the catalogue by what a list calls them: an approval number names one product, a name all strengths of it. */
function finder(reference: Pick<Reference, 'drugs'>) {
  const byName = new Map<string, Drug[]>()
  const byApproval = new Map<string, Drug[]>()
  const add = (map: Map<string, Drug[]>, text: string, drug: Drug) => {
    const key = bare(text)
    if (key !== '' && !map.get(key)?.includes(drug)) map.set(key, [...(map.get(key) ?? []), drug])
  }
  for (const drug of reference.drugs()) {
    if (drug.approvalNo) add(byApproval, drug.approvalNo, drug)
    for (const name of [drug.generic, drug.brand, drug.name]) add(byName, name, drug)
  }
  return ({ name = '', approvalNo = '', strength = '' }: Record<string, string>): Drug[] => {
    const number = checkApprovalNumber(approvalNo)
    const approved = approvalNo === '' ? [] : (byApproval.get(bare(number.ok ? number.value.number : approvalNo)) ?? [])
    const named = approved.length > 0 ? approved : (byName.get(bare(name)) ?? [])
    const narrow = strength === '' ? named : named.filter((drug) => bare(drug.strength) === bare(strength))
    return narrow
  }
}

const itemOf = ({ name: _, ...drug }: Drug): DrugItem => drug

/**
 * Finds the drugs of a list, one a row, by approval number or name. Nothing is kept: the editor takes what was found.
 * @throws Problem 400 when the file cannot be read
 */
export async function matchDrugs(
  reference: Pick<Reference, 'drugs'>,
  upload: { readonly filename: string; readonly stream: Readable },
): Promise<MatchedDrugs> {
  const find = finder(reference)
  const matched: MatchedDrugs['matched'] = []
  const unmatched: MatchedDrugs['unmatched'] = []
  await importTable({
    source: upload.stream,
    filename: upload.filename,
    columns,
    limits: { maxRows },
    parseRow: (values, rowNumber) => {
      const text = [values.name, values.strength, values.approvalNo].filter(Boolean).join(' ').slice(0, 300)
      if (text === '') return { ok: undefined }
      const drugs = find(values)
      if (drugs.length > 0) matched.push({ row: rowNumber, text, drugs: drugs.slice(0, mostDrugs).map(itemOf) })
      else unmatched.push({ row: rowNumber, text, reason: '药品目录中没有，请先导入药品目录，或改用通用名规则' })
      return { ok: undefined }
    },
    write: async () => [],
  }).catch((error: unknown) => {
    upload.stream.resume()
    throw asProblem(error)
  })
  return { matched, unmatched }
}
