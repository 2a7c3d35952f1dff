import { codes, column, field, type SeededTemplate } from '../export/index.ts'

/**
 * The table of lots for the national platform of imported cold-chain food, made up from what S5 and its peers name: origin and overseas plant,
 * the four papers, test and disinfection, warehouse, release and exit certificate. The platform's own interface is not public; an installation
 * that has its form uploads that one and maps it.
 */
export const nationalTable: SeededTemplate = {
  setting: 'export.template.coldchain',
  list: 'cold-lots',
  grain: 'record',
  name: '进口冷链食品追溯平台报送表',
  title: '进口冷链食品追溯信息报送表',
  explanation: [
    '填表说明',
    '1．本表按批次分行，一个批次一行。',
    '2．来源代码：1 本地首站入仓，2 外省出仓，3 本地分装加工。',
    '3．批次状态代码：0 未入仓，1 待检，2 检出阳性，3 已放行，4 放行已撤销。',
    '4．检测结果代码：1 阴性，2 阳性，9 待出结果；未采样的不填。',
    '5．净重以千克计，保留三位小数。',
  ],
  form: [
    column(null, '序号', 7, { source: 'number' }, 'number'),
    column('食品', '品名', 22, field('goods')),
    column('食品', '批次号', 18, field('lotNo')),
    column('食品', '来源', 8, field('kind', codes({ 本地入仓: '1', 外省出仓: '2', 分装加工: '3' })), 'centre'),
    column('食品', '原产国（地区）', 12, field('origin')),
    column('食品', '境外生产企业注册编号', 16, field('plantNo')),
    column('食品', '生产日期', 12, field('producedOn', { pattern: 'YYYY/MM/DD' }), 'centre'),
    column('食品', '保质期至', 12, field('expiresOn', { pattern: 'YYYY/MM/DD' }), 'centre'),
    column('数量', '件数', 8, field('boxes'), 'number'),
    column('数量', '净重（千克）', 12, field('weight', { decimals: 3 }), 'number'),
    column('货主', '名称', 26, field('owner')),
    column('货主', '统一社会信用代码', 22, field('ownerCredit')),
    column('运输', '柜号', 14, field('containerNo')),
    column('运输', '车牌号', 12, field('vehicle')),
    column('首站', '集中监管仓', 26, field('station')),
    column('首站', '入仓时间', 16, field('enteredAt', { pattern: 'YYYY/MM/DD HH:mm' }), 'centre'),
    column('单证', '报关单号', 20, field('customs')),
    column('单证', '检验检疫证明号', 20, field('quarantine')),
    column('单证', '核酸检测证明号', 20, field('test')),
    column('单证', '消毒证明号', 20, field('disinfection')),
    column('检测消毒', '检测结果', 8, field('result', codes({ 阴性: '1', 阳性: '2', 待出结果: '9' })), 'centre'),
    column('检测消毒', '消毒时间', 16, field('disinfectedAt', { pattern: 'YYYY/MM/DD HH:mm' }), 'centre'),
    column('放行', '放行时间', 16, field('releasedAt', { pattern: 'YYYY/MM/DD HH:mm' }), 'centre'),
    column('放行', '出仓证明', 30, field('certificates')),
    column(
      null,
      '批次状态',
      8,
      field('gate', codes({ 未入仓: '0', 待检放行: '1', 检出阳性: '2', 已放行: '3', 放行已撤销: '4' })),
      'centre',
    ),
    column(null, '备注', 12, { source: 'empty' }),
  ],
}
