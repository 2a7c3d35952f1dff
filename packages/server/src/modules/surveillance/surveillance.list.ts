import {
  type BacktestResult,
  detectorNames,
  type RuleSettings,
  type ScanCluster,
  unitLevelNames,
  type WatchedClass,
  watchedClassNames,
} from '@vigil/contract'
import { type List, queryList } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'

const pathOf = (reference: Reference) => (code: string) => reference.area(code)?.path

interface RuleRow {
  name: string
  area_code: string
  active_version: number | null
  version: number
  settings: RuleSettings
  note: string
  created_at: Date
  created_by: string
  result: BacktestResult | null
}

const gradesText = ({ grades }: RuleSettings) =>
  `蓝 ${grades.blue}，黄 ${grades.yellow}，橙 ${grades.orange}，红 ${grades.red}`
const parametersText = ({ parameters }: RuleSettings) =>
  Object.entries(parameters)
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join('/') : String(value)}`)
    .join('；')

/** Rules with the version in force (else the latest) and what its newest back-test has measured. */
export const ruleList = (reference: Reference): List<RuleRow> =>
  queryList<RuleRow>({
    key: 'surveillance-rules',
    name: '监测规则',
    permission: 'alert.read',
    pathOf: pathOf(reference),
    fields: [
      { key: 'name', name: '规则', type: 'text', width: 28, value: (row) => row.name },
      { key: 'area', name: '区划', type: 'text', width: 16, value: (row) => reference.areaName(row.area_code) },
      {
        key: 'state',
        name: '状态',
        type: 'text',
        width: 8,
        values: ['启用', '已停用'],
        value: (row) => (row.active_version === null ? '已停用' : '启用'),
      },
      { key: 'version', name: '版本', type: 'integer', value: (row) => row.version },
      { key: 'detector', name: '方法', type: 'text', width: 22, value: (row) => detectorNames[row.settings.detector] },
      { key: 'parameters', name: '参数', type: 'text', width: 40, value: (row) => parametersText(row.settings) },
      {
        key: 'levels',
        name: '监测层级',
        type: 'text',
        width: 16,
        value: (row) => row.settings.levels.map((level) => unitLevelNames[level]).join('、'),
      },
      {
        key: 'classes',
        name: '药品类别',
        type: 'text',
        width: 32,
        value: (row) => row.settings.classes.map((name) => watchedClassNames[name]).join('、'),
      },
      { key: 'grades', name: '等级强度', type: 'text', width: 32, value: (row) => gradesText(row.settings) },
      { key: 'budget', name: '误报预算（每区县每周）', type: 'decimal', value: (row) => row.settings.budget },
      { key: 'fpr', name: '回测误报率', type: 'decimal', value: (row) => row.result?.fpr ?? null },
      {
        key: 'false',
        name: '回测误报（每区县每周）',
        type: 'decimal',
        value: (row) => row.result?.falsePerCountyWeek ?? null,
      },
      {
        key: 'pod',
        name: '回测检出率（大规模）',
        type: 'decimal',
        value: (row) => row.result?.sizes.at(-1)?.pod ?? null,
      },
      { key: 'note', name: '说明', type: 'text', width: 40, value: (row) => row.note },
      { key: 'createdAt', name: '版本时间', type: 'datetime', value: (row) => row.created_at },
      { key: 'createdBy', name: '制定人', type: 'text', width: 14, value: (row) => row.created_by },
    ],
    query: () => ({
      text: `SELECT r.name, r.area_code, r.active_version, v.version, v.settings, v.note, v.created_at, v.created_by,
          (SELECT s.result FROM surveillance.study s WHERE s.kind = 'backtest' AND s.rule_id = r.id AND s.version = v.version
            AND s.state = 'done' ORDER BY s.created_at DESC, s.id DESC LIMIT 1) AS result
        FROM surveillance.rule r JOIN surveillance.version v
          ON v.rule_id = r.id AND v.version = coalesce(r.active_version, r.latest_version)
        ORDER BY r.created_at, r.id`,
      values: [],
    }),
  })

interface ClusterRow {
  area_code: string
  day: string
  class: WatchedClass
  nightly: boolean
  created_at: Date
  created_by: string
  cluster: ScanCluster | null
}

/** Scans that are through, the newest first, with a row for each cluster that they have found, or one without. */
export const scanList = (reference: Reference): List<ClusterRow> =>
  queryList<ClusterRow>({
    key: 'scans',
    name: '时空扫描',
    permission: 'alert.read',
    pathOf: pathOf(reference),
    fields: [
      { key: 'area', name: '扫描区划', type: 'text', width: 16, value: (row) => reference.areaName(row.area_code) },
      { key: 'day', name: '截至', type: 'day', value: (row) => row.day },
      { key: 'class', name: '药品类别', type: 'text', width: 12, value: (row) => watchedClassNames[row.class] },
      {
        key: 'order',
        name: '发起',
        type: 'text',
        width: 10,
        values: ['每日自动', '人工'],
        value: (row) => (row.nightly ? '每日自动' : '人工'),
      },
      { key: 'rank', name: '聚集', type: 'integer', value: (row) => row.cluster?.rank ?? null },
      { key: 'centre', name: '中心药店', type: 'text', width: 28, value: (row) => row.cluster?.centre.name ?? null },
      { key: 'radius', name: '半径（公里）', type: 'decimal', value: (row) => row.cluster?.radiusKm ?? null },
      { key: 'from', name: '期间起', type: 'day', value: (row) => row.cluster?.from ?? null },
      { key: 'to', name: '期间止', type: 'day', value: (row) => row.cluster?.to ?? null },
      { key: 'stores', name: '药店数', type: 'integer', value: (row) => row.cluster?.stores.length ?? null },
      { key: 'observed', name: '实际登记', type: 'integer', value: (row) => row.cluster?.observed ?? null },
      { key: 'expected', name: '预计登记', type: 'decimal', value: (row) => row.cluster?.expected ?? null },
      { key: 'p', name: 'p 值', type: 'decimal', value: (row) => row.cluster?.p ?? null },
      { key: 'createdAt', name: '发起时间', type: 'datetime', value: (row) => row.created_at },
      { key: 'createdBy', name: '发起人', type: 'text', width: 14, value: (row) => row.created_by },
    ],
    query: () => ({
      text: `SELECT s.area_code, s.options->>'day' AS day, s.options->>'class' AS class,
          coalesce((s.options->>'nightly')::boolean, false) AS nightly, s.created_at, s.created_by, c.cluster
        FROM surveillance.study s LEFT JOIN LATERAL jsonb_array_elements(s.result->'clusters') AS c (cluster) ON true
        WHERE s.kind = 'scan' AND s.state = 'done' ORDER BY s.created_at DESC, s.id DESC, (c.cluster->>'rank')::int`,
      values: [],
    }),
  })
