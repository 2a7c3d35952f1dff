import { buffer } from 'node:stream/consumers'
import { uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { wholeCountry } from './export.area.ts'
import { headsIn } from './export.file.ts'
import type { Exporter } from './exporter.ts'
import { bindColumns } from './template.domain.ts'
import { codes, column, field, type SeededTemplate } from './template.form.ts'
import { checkMapping, openBook } from './template.service.ts'
import { insertTemplate } from './template.store.ts'
import { formWorkbook } from './template.workbook.ts'

const explanation = [
  '填表说明',
  '1．本表按药品分行：一次购买几种药品，填几行。',
  '2．证件类型代码：01 居民身份证，02 护照，03 港澳居民来往内地通行证，04 台湾居民来往大陆通行证，05 港澳台居民居住证，06 外国人永久居留身份证。',
  '3．药品类别代码：1 退热，2 止咳，3 抗生素，4 抗病毒。',
  '4．是否发热：1 是，0 否。体温保留一位小数。',
]

const form = [
  column(null, '序号', 7, { source: 'number' }, 'number'),
  column('销售单位', '县（市、区）', 14, field('county')),
  column('销售单位', '药店名称', 28, field('storeName')),
  column('销售单位', '药店编码', 16, field('storeCode')),
  column(null, '购药时间', 18, field('soldAt', { pattern: 'YYYY/MM/DD HH:mm' }), 'centre'),
  column('购药人', '姓名', 12, field('name')),
  column(
    '购药人',
    '证件类型',
    10,
    field('documentType', {
      ...codes({
        居民身份证: '01',
        护照: '02',
        港澳居民来往内地通行证: '03',
        台湾居民来往大陆通行证: '04',
        港澳台居民居住证: '05',
        外国人永久居留身份证: '06',
      }),
      otherwise: '99',
    }),
    'centre',
  ),
  column('购药人', '证件号码', 22, field('documentNumber')),
  column('购药人', '联系电话', 16, field('mobile')),
  column('购药人', '现住址', 36, { source: 'join', fields: ['residence', 'residenceAddress'], separator: '' }),
  column('药品', '类别', 8, field('drugClass', codes({ 退热: '1', 止咳: '2', 抗生素: '3', 抗病毒: '4' })), 'centre'),
  column('药品', '通用名', 26, field('drugGeneric')),
  column('药品', '规格', 20, field('drugSpecification')),
  column('药品', '数量', 8, field('quantity'), 'number'),
  column('健康状况', '体温（℃）', 10, field('temperature', { decimals: 1 }), 'number'),
  column('健康状况', '主要症状', 18, field('symptoms')),
  column('健康状况', '是否发热', 10, field('fever', codes({ 是: '1', 否: '0' })), 'centre'),
  column(null, '备注', 14, { source: 'empty' }),
]

const pharmacyTemplate: SeededTemplate = {
  setting: 'export.template',
  list: 'purchases',
  grain: 'item',
  name: '零售药店“四类药品”销售实名登记直报表',
  title: '零售药店退热止咳抗生素抗病毒药品销售实名登记直报表',
  explanation,
  form,
}

/** Adds the templates that every installation starts with, each once: whoever changes or archives one keeps what he did. @param more those of other modules */
export async function seedTemplates(exporter: Exporter, more: readonly SeededTemplate[] = []): Promise<void> {
  for (const template of [pharmacyTemplate, ...more]) await seedTemplate(exporter, template)
}

async function seedTemplate(
  exporter: Exporter,
  { setting, list, grain, name, title, explanation: lines, form: columnsOf }: SeededTemplate,
): Promise<void> {
  const { kernel, lists } = exporter
  const { rows } = await kernel.connections.system.query<{ done: boolean }>(
    'SELECT EXISTS (SELECT FROM vigil.setting WHERE name = $1) AS done',
    [setting],
  )
  if (rows[0]!.done) return
  const workbook = await buffer(formWorkbook(title, columnsOf, lines))
  const book = await openBook(workbook)
  const place = { sheet: '直报表', headFrom: 3, headTo: 4 }
  const heads = headsIn(book, place.sheet, place.headFrom, place.headTo) ?? []
  const columns = bindColumns(
    columnsOf.map(({ fill }, at) => ({ ...fill, column: at + 1 })),
    heads,
  )
  const problems = checkMapping(lists.get(list)!, book, { ...place, columns })
  const now = kernel.clock.now()
  const by = '系统'
  await withScope(kernel.db, systemScope, async (tx) => {
    // Processes that start together wait for the first one and find its work done.
    await sql`select pg_advisory_xact_lock(hashtext(${setting}))`.execute(tx)
    if (await tx.selectFrom('vigil.setting').select('name').where('name', '=', setting).executeTakeFirst()) return
    const id = uuidv7()
    await insertTemplate(
      tx,
      { id, name, list, areaCode: wholeCountry, path: '/', version: 1, updatedAt: now, updatedBy: by },
      {
        ...place,
        columns,
        problems,
        templateId: id,
        version: 1,
        path: '/',
        grain,
        workbook,
        workbookName: '直报表.xlsx',
        note: '随系统安装',
        createdAt: now,
        createdBy: by,
      },
    )
    await tx
      .insertInto('vigil.setting')
      .values({ name: setting, value: JSON.stringify({ version: 1 }) })
      .execute()
  })
}
