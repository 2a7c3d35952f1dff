import { t } from '../text.ts'
import type { Answer, BoxAnswer, CertificateAnswer, Target } from './code.ts'
import type { OfflineCheck } from './offline.ts'

/** What is said of a code, in a word, a sentence, and what to do. */
export interface Verdict {
  /** `good`: may be bought and sold; `bad`: must not; `wait`: nothing is said yet. */
  readonly tone: 'good' | 'bad' | 'wait'
  readonly word: string
  readonly lead: string
  readonly todo: readonly string[]
}

const stop = () => t('不要购买、销售或食用；已经买到的请封好，单独存放。')
const report = () => t('留好货物、票据和这张码，向当地市场监督管理部门反映。')

const falseCertificate = (word: string, lead: string): Verdict => ({
  ...{ tone: 'bad', word, lead },
  todo: [t('凭这张证明不能收货、销售。'), stop(), report()],
})

const certificates: Readonly<Record<CertificateAnswer['state'], () => Verdict>> = {
  valid: () => ({
    ...{ tone: 'good', word: t('有效'), lead: t('证明是真的，这批货的放行有效。') },
    todo: [t('请核对品名、批次、重量与货物和纸面是否一致，不一致的不要收。')],
  }),
  withdrawn: () => ({
    ...{ tone: 'bad', word: t('已撤销'), lead: t('证明是真的，但这批货的放行已经撤销。') },
    todo: [stop(), report()],
  }),
  replaced: () => ({
    ...{ tone: 'bad', word: t('已换发') },
    lead: t('证明是真的，但放行曾被撤销，货物重新放行后另出了新证，这一张不再有效。'),
    todo: [t('请向货主索要新的出仓证明，扫新证上的码。'), stop()],
  }),
  unknown: () => falseCertificate(t('查无此证'), t('没有签发过这样的证明。')),
  forged: () => falseCertificate(t('伪造'), t('内容与签名不符，证明被改动过或是伪造的。')),
}

const notYet = (lead: string): Verdict => ({
  ...{ tone: 'bad', word: t('尚未放行'), lead },
  todo: [t('放行之前不能销售，请不要购买。'), report()],
})

const gates: Readonly<Record<BoxAnswer['gate'], () => Verdict>> = {
  released: () => ({
    ...{ tone: 'good', word: t('有效'), lead: t('这箱货已经放行，可以销售。') },
    todo: [t('请核对品名、批次与箱上的标签是否一致，不一致的不要买。')],
  }),
  withdrawn: () => ({
    ...{ tone: 'bad', word: t('已撤销'), lead: t('这批货的放行已经撤销。') },
    todo: [stop(), report()],
  }),
  positive: () => ({
    ...{ tone: 'bad', word: t('检出阳性'), lead: t('这批货检出阳性，不予放行。') },
    todo: [stop(), report()],
  }),
  testing: () => notYet(t('这批货还在等待检测和放行。')),
  declared: () => notYet(t('这批货还没有进入集中监管仓。')),
}

/** Good goods that are past their day are good no more. */
function inTime(verdict: Verdict, expiresOn: string | null | undefined, day: string): Verdict {
  if (verdict.tone !== 'good' || !expiresOn || expiresOn >= day) return verdict
  return {
    ...{ tone: 'bad', word: t('已过期'), lead: t('码是真的，但货物已经过了保质期。') },
    todo: [stop(), report()],
  }
}

/** Day of an instant in China, where it has been UTC+8 all year since 1992. */
const chinaDay = (instant: string): string => chinaTime(instant).slice(0, 10)
/** `2022-03-14 14:05`, whatever the phone's own time zone. */
export const chinaTime = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

/** Goods that are being called back are bad whatever else is known of them. */
function inRecall(verdict: Verdict, recalled: string | null | undefined): Verdict {
  if (!recalled) return verdict
  return {
    ...{ tone: 'bad', word: t('正在召回'), lead: t('这批货自 {day} 起召回，不能再销售、食用。', { day: recalled }) },
    todo: [t('停止销售，封存剩余货物，等候货主或市场监管部门通知。'), t('已经买到的不要食用，请联系购买的商家退回。')],
  }
}

const cannotKnow = () => t('断网时查不到：这张证明后来有没有撤销、换发，货物有没有召回。联网后请再查一次。')

const checks: Readonly<Record<OfflineCheck['state'], () => Verdict>> = {
  genuine: () => ({
    ...{ tone: 'wait', word: t('签名真实') },
    lead: t('离线核验：证明由公布的公钥签发，内容没有被改动。'),
    todo: [cannotKnow(), t('请核对编号、批次、重量与纸面和货物是否一致，不一致的不要收。')],
  }),
  forged: () => falseCertificate(t('伪造'), t('离线核验：内容与签名不符，证明被改动过或是伪造的。')),
  'other-key': () => ({
    ...{ tone: 'wait', word: t('认不出公钥') },
    lead: t('这张证明不是用本机已知的公钥签发的：可能是伪造，也可能公钥已更换。'),
    todo: [t('联网查到结果之前，不要凭这张证明收货。')],
  }),
  'no-token': () => falseCertificate(t('不是出仓证明'), t('内容不是出仓证明的二维码，或没有扫全。')),
  'no-key': () => ({
    ...{ tone: 'wait', word: t('还不能离线核验'), lead: t('这台设备还没有取得公钥。') },
    todo: [t('请在有网络时打开一次本页，之后断网也能核验。')],
  }),
  unsupported: () => ({
    ...{ tone: 'wait', word: t('不能离线核验'), lead: t('这个浏览器不支持签名核验，请换用新版浏览器或联网查询。') },
    todo: [t('联网查到结果之前，不要凭这张证明收货。')],
  }),
}

const failures = {
  offline: () => [t('没有网络'), t('连不上查询网站，这个码是真是假还不知道。')] as const,
  busy: () => [t('查询的人太多'), t('请过几分钟再查；这个码是真是假还不知道。')] as const,
  fault: () => [t('暂时查不了'), t('网站出错了，这个码是真是假还不知道。')] as const,
}

const guessable = {
  pallet: () => t('这是托盘码，给仓库和经营者用，不作公开查询。'),
  lot: () => t('这是批次码，给仓库和经营者用，不作公开查询。'),
  goods: () => t('这是商品码，每箱都一样，查不出这一箱的来历。'),
}

/** What is said before anything is asked. @returns null for what must be looked up */
export function verdictOfTarget(target: Target): Verdict | null {
  if (target.kind === 'certificate' || target.kind === 'box' || target.kind === 'check') return null
  return {
    ...{ tone: 'wait', word: t('请扫箱上的码'), lead: guessable[target.kind]() },
    todo: [t('每个箱子的标签上有它自己的追溯码，扫那一个就能看到产地、检测和放行。')],
  }
}

/** What is said of an answer. */
export function verdictOf(answer: Answer): Verdict {
  if (answer.kind === 'failed') {
    const [word, lead] = failures[answer.why]()
    return { tone: 'wait', word, lead, todo: [t('查到结果之前，先不要凭这个码收货或购买。')] }
  }
  if (answer.kind === 'checked') return checks[answer.check.state]()
  if (answer.kind === 'unknown')
    return {
      ...{ tone: 'bad', word: t('查无此码'), lead: t('没有登记过这个码：可能是伪造的，或没有扫全。') },
      todo: [t('请对准箱上的追溯码再扫一次。'), stop(), report()],
    }
  const { facts } = answer
  if (answer.kind === 'box')
    return inRecall(
      inTime(gates[answer.facts.gate](), answer.facts.expiresOn, chinaDay(facts.at)),
      answer.facts.recalled,
    )
  const { state, lot } = answer.facts
  return inRecall(inTime(certificates[state](), lot?.expiresOn, chinaDay(facts.at)), lot?.recalled)
}

export type Row = readonly [label: string, value: string]

/** Grams as kilograms, `12.5 千克`. */
const kilograms = (grams: number): string => t('{kg} 千克', { kg: grams / 1000 })

const stations = { imported: () => t('集中监管仓'), foreign: () => t('接收单位'), made: () => t('分装加工单位') }

/** The release in words: its day while it stands. */
function releaseText({ kind, released }: NonNullable<CertificateAnswer['lot']>, state: string): string {
  if (state === 'withdrawn' || state === 'replaced') return t('已撤销')
  if (released !== null) return kind === 'foreign' ? t('{day} 凭外省出仓证明', { day: released }) : released
  return t('尚未放行')
}

function lotRows(lot: NonNullable<CertificateAnswer['lot']>, state: string): Row[] {
  const none = t('本系统无记录')
  return [
    [t('品名'), lot.goodsName],
    [t('产地'), lot.origin || none],
    [t('批次'), lot.lotNo],
    [t('生产日期'), lot.producedOn || none],
    [t('保质期至'), lot.expiresOn || none],
    ...(lot.importer ? [[t('进口商'), lot.importer] as const] : []),
    [stations[lot.kind](), lot.station],
    [t('核酸检测'), lot.tested ? t('{day} 阴性', { day: lot.tested }) : none],
    [t('消毒'), lot.disinfected || none],
    [t('放行'), releaseText(lot, state)],
    ...(lot.recalled ? [[t('召回'), t('自 {day} 起', { day: lot.recalled })] as const] : []),
  ]
}

/** What a genuine certificate itself says, where nobody can be asked. */
function checkedRows({ facts, keys }: OfflineCheck): Row[] {
  if (!facts) return []
  const { number, issuedOn, boxes, grams, lot, gtin, warehouse } = facts
  return [
    [t('证明编号'), number],
    [t('签发日期'), issuedOn],
    [t('数量'), t('{boxes} 箱，净重 {weight}', { boxes, weight: kilograms(grams) })],
    [t('批次'), lot],
    [t('商品编码'), gtin],
    [t('监管仓编码'), warehouse],
    [t('公钥'), t('{day} 取得', { day: keys ? chinaTime(keys.at) : '' })],
  ]
}

/** Everything that is told of a code, line by line; empty for what is not ours. */
export function rowsOf(answer: Answer): Row[] {
  if (answer.kind === 'box') return lotRows(answer.facts, answer.facts.gate)
  if (answer.kind === 'checked') return checkedRows(answer.check)
  if (answer.kind !== 'certificate' || answer.facts.lot === null) return []
  const { number, issuedOn, boxes, grams, lot, state } = answer.facts
  return [
    [t('证明编号'), number ?? ''],
    [t('签发日期'), issuedOn ?? ''],
    [t('数量'), t('{boxes} 箱，净重 {weight}', { boxes: boxes ?? 0, weight: kilograms(grams ?? 0) })],
    ...lotRows(lot, state),
  ]
}
