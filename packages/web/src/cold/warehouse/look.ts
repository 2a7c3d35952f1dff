import type { ColdLot, ResponseOf } from '@vigil/contract'
import { t } from '../../text.ts'
import type { ColdContract } from '../routes.ts'
import { readCode, type Scanned } from '../scan/code.ts'
import type { Pack } from '../scan/movement.ts'
import { call } from '../server.ts'
import { kilograms } from '../words.ts'
import { bar, lotIn } from './useScanning.ts'
import { type Wrong, wrongName, wrongText } from './words.ts'

type Certificate = ResponseOf<ColdContract['cold-public.certificate']>

/** What is said of a code that was scanned. */
export interface Looked {
  readonly text: string
  readonly code: Scanned
  readonly tone: 'good' | 'warn' | 'bad'
  readonly word: string
  readonly more: string
  readonly lot: ColdLot | null
  readonly grams: number | null
  /** Whether it should be reported. */
  readonly report: boolean
  readonly certificate: Certificate | null
}

const certificateWords: Readonly<Record<Certificate['state'], () => Pick<Looked, 'tone' | 'word' | 'more'>>> = {
  valid: () => ({ tone: 'good', word: t('证明有效'), more: t('请核对品名、批次、重量与货物一致。') }),
  withdrawn: () => ({ tone: 'bad', word: t('放行已撤销'), more: t('凭这张证明不能收货、销售。') }),
  replaced: () => ({ tone: 'warn', word: t('已换发'), more: t('已有新的证明，请扫新的那张。') }),
  unknown: () => ({ tone: 'bad', word: t('查无此证'), more: t('没有签发过这样的证明。') }),
  forged: () => ({ tone: 'bad', word: t('证明是伪造的'), more: t('内容与签名不符。') }),
}

const none = { lot: null, grams: null, report: false, certificate: null }

function judged(text: string, code: Scanned, lot: ColdLot | null, grams: number | null, wrong: Wrong | null): Looked {
  const about = { text, code, lot, grams, certificate: null }
  if (wrong) return { ...about, tone: 'bad', word: wrongName(wrong), more: wrongText(wrong), report: true }
  const why = bar(lot ?? undefined)
  if (why !== '')
    return { ...about, tone: 'warn', word: why, more: t('货在本单位，封存好，不要发货、销售。'), report: false }
  const mass = grams === null ? '' : t('本箱 {mass}', { mass: kilograms(grams) })
  return { ...about, tone: 'good', word: t('可以销售'), more: mass, report: false }
}

/** What the phone itself knows of a code; null when only the server can tell. */
function ownKnowledge(pack: Pack, text: string, code: Scanned): Looked | null {
  if (!('uri' in code)) return null
  const box = pack.boxes.find(({ uri }) => uri === code.uri)
  if (box?.dispatch) {
    const lot = lotIn(pack, box.lotId) ?? null
    const way = { tone: 'warn', word: t('在途，待收货'), more: t('请先到“收货”里扫码收货。') } as const
    return { ...none, ...way, text, code, lot, grams: box.grams }
  }
  if (box) return judged(text, code, lotIn(pack, box.lotId) ?? null, box.grams, null)
  const lot = pack.lots.find(({ uri }) => uri === code.uri)
  const held = lot && pack.stock.find(({ lotId }) => lotId === lot.id)
  return lot && held ? judged(text, code, lot, null, null) : null
}

/** Looks a code up, at the server when there is one. @throws SendError when only the server could tell */
export async function look(holderId: string, pack: Pack | null, text: string): Promise<Looked> {
  const code = readCode(text)
  if (code.kind === 'certificate') {
    const certificate = await call('cold-public.certificate', { params: { token: code.token } })
    return { ...none, text, code, ...certificateWords[certificate.state](), certificate }
  }
  const own = pack && ownKnowledge(pack, text, code)
  if (own) return own
  const asked = code.kind === 'other' ? text.slice(0, 300) : code.uri
  if (asked.length < 4) return { ...none, text, code, tone: 'bad', word: t('不是追溯码'), more: t('请再扫一次') }
  const { lot, grams, wrong } = await call('cold-scan.code', { params: { id: holderId }, query: { code: asked } })
  return judged(text, code, lot, grams, wrong)
}
