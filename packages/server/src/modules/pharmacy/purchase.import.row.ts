import { hash } from 'node:crypto'
import { isUuidv7, uuidv7 } from '@vigil/codes'
import type { PurchaseInput } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { Cells } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Parsed } from '../../kernel/tabular/index.ts'
import { type Accepted, canonical, decide } from './purchase.domain.ts'
import { columnOf } from './purchase.import.columns.ts'
import {
  parseDocumentType,
  parseDrugs,
  parseQuantity,
  parseRelation,
  parseSymptoms,
  parseTemperature,
  parseTime,
} from './purchase.import.domain.ts'
import { drugFinder, residenceFinder, storeFinder } from './purchase.import.find.ts'
import { Occurrences } from './purchase.import.seen.ts'
import type { Purchases } from './purchase.module.ts'
import { personIndex } from './purchase.seal.ts'
import type { Store } from './reference.table.ts'

/** One row of a file that passed the rules of a registration. */
export interface ImportedSale {
  readonly id: string
  /** The id stands in the file; otherwise it comes from what was sold, to whom, where and when. */
  readonly given: boolean
  readonly store: Store
  readonly accepted: Accepted
  readonly person: Buffer
  readonly digest: Buffer
}

const noTime = '请填写为 2022-03-14 10:30、2022/3/14、20220314 或 2022年3月14日'
const masked = '内容已脱敏，不能导入；请用明文导出的文件'

/** Reads what a sale consists of, apart from store, time and id. */
function readItems(cells: Cells, find: ReturnType<typeof drugFinder>): PurchaseInput['items'] {
  const text = (column: string, max = 200) => cells.text(column, max)
  const names = parseDrugs(text('drug', 2000))
  const [form, strength, ean13, approvalNo, trace] = ['form', 'strength', 'ean13', 'approvalNo', 'trace'].map(
    (column) => text(column),
  ) as [string, string, string, string, string]
  const items: PurchaseInput['items'] = []
  if (names.length > 20) cells.problem('drug', '一笔登记最多 20 种药品')
  for (const { name, quantity } of names) {
    const found = find({ name, form, strength, ean13, approvalNo, trace })
    const count = quantity ?? parseQuantity(text('quantity', 20))
    if ('problem' in found) cells.problem(found.column, found.problem)
    if (!count || count > 99) cells.problem('quantity', '数量应为 1 至 99 的整数')
    else if ('ok' in found) items.push({ drugId: found.ok.id, quantity: count })
  }
  return items
}

function readBoughtFor(cells: Cells): PurchaseInput['boughtFor'] {
  const name = cells.text('forName', 60)
  if (name === '') {
    if (/^(是|y|yes|true|1)$/i.test(cells.text('proxy', 10))) cells.problem('forName', '代购请填写代购对象')
    return null
  }
  const documentNumber = cells.text('forDocument', 30)
  const documentType = parseDocumentType(cells.text('forDocumentType', 30))
  if (!documentType) cells.problem('forDocumentType', '证件类型无法识别')
  const relation = parseRelation(cells.text('forRelation', 20))
  return { name, relation, ...(documentNumber && documentType && { documentNumber, documentType }) }
}

function readResidence(cells: Cells, find: ReturnType<typeof residenceFinder>) {
  const area = cells.text('residenceArea', 200)
  const address = cells.text('address', 200)
  const found = find(area === '' ? address : area)
  if (!found) {
    const message =
      area === '' ? '请填写居住地（区划名称或代码）' : '居住地区划无法识别，请填写名称（如福建省泉州市晋江市）或代码'
    cells.problem('residenceArea', message)
  }
  return { residenceAreaCode: found?.code ?? '', residenceAddress: address || found?.rest || '' }
}

/** Reads the rows of one file by the rules of the counter; what stands in them twice is told apart by its place. */
export function saleParser(
  kernel: Kernel,
  { reference }: Purchases,
  caller: Caller,
): (values: Record<string, string>, rowNumber: number) => Parsed<ImportedSale> {
  const findStore = storeFinder(reference, caller)
  const findDrug = drugFinder(reference)
  const findResidence = residenceFinder(reference)
  const seen = new Occurrences()
  const areaExists = (code: string) => reference.areaExists(code)

  return (values) => {
    const cells = new Cells(values)
    const store = findStore(values.storeCode ?? '', values.storeName ?? '')
    if ('problem' in store) cells.problem(store.column, store.problem)
    const soldAt = parseTime(values.soldAt ?? '')
    if (soldAt === undefined) cells.problem('soldAt', values.soldAt ? `时间无法识别，${noTime}` : '请填写售出时间')
    const documentType = parseDocumentType(values.documentType ?? '')
    if (!documentType) cells.problem('documentType', '证件类型无法识别')
    const documentNumber = cells.required('documentNumber', 30, '证件号码')
    if (documentNumber.includes('*')) cells.problem('documentNumber', masked)
    const temperatureTenths = parseTemperature(values.temperature ?? '')
    if (temperatureTenths === undefined) cells.problem('temperature', '体温应为 34.0 至 43.0 ℃')
    if (/撤销/.test(values.status ?? '')) cells.problem('status', '已撤销的登记不导入')
    const items = readItems(cells, findDrug)
    const boughtFor = readBoughtFor(cells)
    const residence = readResidence(cells, findResidence)
    const person = {
      name: cells.required('name', 60, '姓名'),
      mobile: cells.required('mobile', 20, '手机号'),
      ...residence,
      emergencyName: cells.text('emergencyName', 60),
      emergencyMobile: cells.text('emergencyMobile', 20),
    }
    const history = cells.text('history', 300)
    const givenId = values.id?.trim().toLowerCase() ?? ''
    const given = isUuidv7(givenId)
    if (
      cells.problems.length > 0 ||
      'problem' in store ||
      soldAt === undefined ||
      !documentType ||
      temperatureTenths === undefined
    )
      return { errors: cells.problems }
    const input: PurchaseInput = {
      // The rules ask for an id of about that time; the one that stands for the content comes after them.
      id: given ? givenId : idOfDay(soldAt),
      storeCode: store.ok.code,
      soldAt: new Date(soldAt).toISOString(),
      documentType,
      documentNumber,
      person,
      items,
      symptoms: parseSymptoms(values.symptoms ?? ''),
      temperatureTenths,
      boughtFor,
      ...(history && { history }),
    }
    const decision = decide(input, {
      now: kernel.clock.now(),
      store: store.ok,
      drug: (id) => reference.drug(id),
      dutyClasses: (day) => reference.dutyClasses(store.ok.path, day),
      areaExists,
    })
    if ('errors' in decision)
      return { errors: decision.errors.map(({ pointer, detail }) => ({ column: columnOf(pointer), message: detail })) }
    const { accepted } = decision
    const who = personIndex(kernel.vault, documentType, accepted.documentNumber)
    const sale = { given, store: store.ok, accepted, person: who }
    if (given) return { ok: { ...sale, id: givenId, digest: kernel.vault.index('digest', canonical(input)) } }
    // The person stands in it by the keyed index: without the key nobody can tell from an id who it was.
    const drugs = accepted.lines.map((line) => line.drugId).join(',')
    const what = `${store.ok.code}/${soldAt}/${who.toString('hex')}/${givenId}/${drugs}`
    const base = fingerprint(what)
    const before = seen.next(base)
    const digest = before === 0 ? base : fingerprint(`${what}/${before}`)
    return { ok: { ...sale, id: uuidv7(soldAt, digest.subarray(0, 10)), digest } }
  }
}

const dayMs = 86_400_000
let dayId = { day: -1, id: '' }

/** Some id of the day of a time, made once while the rows of a file stay on it. */
function idOfDay(time: number): string {
  const day = Math.max(0, Math.floor(time / dayMs))
  if (dayId.day !== day) dayId = { day, id: uuidv7(day * dayMs, new Uint8Array(10)) }
  return dayId.id
}

/** 16 bytes that stand for what a sale consists of. */
const fingerprint = (what: string): Buffer => hash('sha256', `pharmacy.import/${what}`, 'buffer').subarray(0, 16)
