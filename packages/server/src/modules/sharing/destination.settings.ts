import { X509Certificate } from 'node:crypto'
import type { BodyOf, sharingRoutes } from '@vigil/contract'
import { invalid } from '../../kernel/error/problem.ts'
import { templateFor } from '../export/index.ts'
import type { SendingParts } from './sharing.job.ts'
import type { DestinationRow } from './sharing.store.ts'

type Routes = typeof sharingRoutes
/** Settings as they are asked for. */
export type Given = BodyOf<Routes['sharing.change']> | BodyOf<Routes['sharing.create']>

/** Headers that the server writes itself, or that would change how the request is read. */
const ownHeaders =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept|user-agent|idempotency-key|signature.*|vigil-.*|proxy-.*)$/i

const pemPattern = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

function isCa(pem: string): boolean {
  const found = pem.match(pemPattern) ?? []
  try {
    for (const each of found) new X509Certificate(each)
    return found.length > 0 && pem.replace(pemPattern, '').trim() === ''
  } catch {
    return false
  }
}

/** Whom persons are handed over to. */
const handoverKinds: readonly DestinationRow['kind'][] = ['community', 'cdc', 'other']

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** What is wrong with the settings of a destination beyond their form. @throws Problem 400 that names the fields */
export function assertSettings(
  { guard }: SendingParts,
  given: Given,
  list: DestinationRow['list'],
  hasSecret: boolean,
): void {
  const errors: { pointer: string; detail: string; code: string }[] = []
  const wrong = (pointer: string, detail: string) => errors.push({ pointer, detail, code: 'invalid' })
  const url = urlOf(given.url)
  const refusal = url ? guard.refuse(url) : '推送地址不是网址'
  if (refusal) wrong('/url', refusal)
  if (given.schedule.every === 'hours' && given.cover === 'yesterday')
    wrong('/cover', '每隔几小时推送时，请选“自上次签收以来”')
  if (given.secretHeader && ownHeaders.test(given.secretHeader))
    wrong('/secretHeader', '这个请求头由系统填写，请用别的名称')
  if (given.secretHeader && !given.secret && !hasSecret) wrong('/secret', '请填写请求头的值')
  if (!given.secretHeader && given.secret) wrong('/secretHeader', '请填写请求头的名称')
  if (given.ca && !isCa(given.ca)) wrong('/ca', '不是 PEM 格式的证书')
  if (given.templateId && given.format !== 'xlsx') wrong('/templateId', '模板只用于 XLSX')
  const handover = list === 'followups'
  const plain = list !== 'purchases' && !handover
  if (plain && given.format === 'jsonl') wrong('/format', '这份清单只能用 CSV 或 XLSX')
  if (plain && given.clear) wrong('/clear', '这份清单只有脱敏内容')
  if (handover && given.templateId) wrong('/templateId', '转交单不用模板')
  if (handover && !handoverKinds.includes(given.kind)) wrong('/kind', '随访转交的接收方须为社区、疾控中心或其他')
  if (given.clear && !given.reason?.trim()) wrong('/reason', '以明文推送个人信息须填写依据')
  if (errors.length > 0) throw invalid(errors)
}

/** A template must be seen from the area and fit its workbook. @throws Problem 404, 400 with what does not fit */
export async function assertTemplate(
  { exporter }: SendingParts,
  { path, list }: Pick<DestinationRow, 'path' | 'list'>,
  templateId: string | null,
): Promise<void> {
  if (templateId && list !== 'followups') await templateFor(exporter, [path], templateId, list)
}
