import { dayOf } from '@vigil/codes'
import type { Download } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { ofBusiness } from './holder.scope.ts'
import { kilograms } from './label.domain.ts'
import { recallPdf } from './recall.pdf.ts'
import { loadWhole } from './recall.read.ts'

const chineseDay = (at: Date): string => {
  const [year, month, day] = dayOf(at).split('-').map(Number)
  return `${year}年${month}月${day}日`
}
const clock = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const chineseTime = (at: Date): string => `${chineseDay(at)} ${clock.format(at)}`

/** Completeness certificate of a closed recall of the caller's area. @throws Problem 404 outside it, 409 before it is closed */
export async function recallPaper({ kernel, reference }: Parts, caller: Caller, id: string): Promise<Download> {
  const scope = scopeFor(caller, 'coldchain.read')
  const whole = await readScope(kernel.db, systemScope, (tx) => loadWhole(tx, scope, id))
  const { row, settled, now, problems, names, disposals } = whole
  if (ofBusiness({ reference }, scope) || !scope.some((root) => row.path.startsWith(root))) throw notFound('召回')
  if (row.state !== 'closed') throw conflict('召回完成后才能出具证明', row.state)
  // The county or the city; a recall of a warehouse's own lots lies below its county.
  const area = row.path
    .split('/')
    .slice(2, 4)
    .reverse()
    .map((code) => reference.area(code))
    .find((known) => known)
  const body = recallPdf({
    number: row.number,
    issuer: `${area?.name ?? ''}进口冷链食品监管平台`,
    date: chineseDay(row.closedAt!),
    reason: `${row.reason}（下达人：${row.orderedBy}）`,
    lots: row.lots.map(({ lotNo, goodsName }) => `${goodsName} ${lotNo}`),
    started: chineseTime(row.openedAt!),
    closed: chineseTime(row.closedAt!),
    recall: settled,
    now,
    problems,
    nameOf: (key) => names.get(key) ?? '',
    disposals: [
      ...disposals.map(
        ({ holderName, lotNo, grams, orderNo, witness, files }) =>
          `${holderName}销毁 ${lotNo} ${kilograms(grams)} 千克（${[
            orderNo,
            witness && `监销 ${witness}`,
            files.length > 0 && `影像与文件 ${files.length} 份`,
          ]
            .filter(Boolean)
            .join('，')}）`,
      ),
      row.outcome,
    ],
    mock: row.score,
  })
  return { mediaType: 'application/pdf', filename: `${row.number}.pdf`, body }
}
