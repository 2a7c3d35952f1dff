import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { addDays, dayOf } from '@vigil/codes'
import { documentTypeNames, relationNames, symptomNames } from '@vigil/contract'
import { type City, createCity, drugs, purchases, toCsv } from '@vigil/simulate'
import { xlsxChunks } from '../packages/server/src/kernel/tabular/index.ts'

const heads =
  '药店编码,售出时间,姓名,证件类型,证件号码,手机号,居住地区划,居住地址,紧急联系人,紧急联系电话,药品名称,剂型,规格,数量,症状,体温,代购对象,与对象关系,旅居接触史'.split(
    ',',
  )
const catalogue = new Map(drugs.map((drug) => [drug.key, drug]))

/** The seeded city whose sales of the last days are `rows` at least. */
export function cityOf(rows: number): City {
  const days = Math.ceil(rows / 5000) + 2
  return createCity({ seed: 7, city: '350500', startDay: addDays(dayOf(new Date()), -days), days })
}

/** Sales as a chain's own program would write them, one row each. */
function* saleRows(city: City, count: number): Generator<string[]> {
  let made = 0
  for (const sale of purchases(city)) {
    const item = sale.items[0]!
    const drug = catalogue.get(item.drugKey)!
    yield [
      sale.storeCode,
      sale.soldAt.slice(0, 19).replace('T', ' '),
      sale.name,
      documentTypeNames[sale.documentType],
      sale.documentNumber,
      sale.mobile,
      sale.residenceAreaCode,
      sale.residenceAddress,
      sale.emergencyContact.name,
      sale.emergencyContact.mobile,
      drug.genericName,
      drug.form,
      drug.strength,
      String(item.quantity),
      sale.symptoms.map((symptom) => symptomNames[symptom]).join('、'),
      sale.temperatureTenths === null ? '' : (sale.temperatureTenths / 10).toFixed(1),
      sale.boughtFor?.name ?? '',
      sale.boughtFor ? relationNames[sale.boughtFor.relation] : '',
      sale.travelHistory ?? '',
    ]
    made += 1
    if (made >= count) return
  }
}

async function writeCsv(path: string, city: City, count: number): Promise<void> {
  const out = createWriteStream(path)
  out.write(`\ufeff${toCsv([heads])}`)
  let text = ''
  for (const row of saleRows(city, count)) {
    text += toCsv([row])
    if (text.length < 1 << 20) continue
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  out.end(text)
  await once(out, 'finish')
}

async function writeSheet(path: string, city: City, count: number): Promise<void> {
  const out = createWriteStream(path)
  const columns = heads.map((head) => ({ head, type: 'text' as const }))
  async function* cells() {
    yield* saleRows(city, count)
  }
  for await (const piece of xlsxChunks(columns, cells(), { sheetName: '销售' }))
    if (!out.write(piece)) await once(out, 'drain')
  out.end()
  await once(out, 'finish')
}

const [, program = '', path, count, rows] = process.argv
if (program.endsWith('import.data.ts') && path)
  await (path.endsWith('.csv') ? writeCsv : writeSheet)(path, cityOf(Number(rows)), Number(count))
