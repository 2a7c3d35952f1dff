import { cumulate, hash32, pickCumulative } from './random.ts'

// Frequent surnames with rough relative frequencies, southern ones somewhat raised.
const surnameTable: readonly (readonly [string, number])[] = [
  ['陈', 110],
  ['林', 90],
  ['黄', 75],
  ['王', 70],
  ['李', 62],
  ['张', 55],
  ['吴', 55],
  ['郑', 40],
  ['蔡', 38],
  ['许', 36],
  ['刘', 34],
  ['杨', 32],
  ['庄', 24],
  ['苏', 24],
  ['郭', 22],
  ['洪', 20],
  ['曾', 20],
  ['谢', 18],
  ['周', 18],
  ['赖', 14],
  ['施', 14],
  ['叶', 14],
  ['何', 14],
  ['徐', 13],
  ['赵', 12],
  ['孙', 11],
  ['朱', 11],
  ['马', 9],
  ['胡', 9],
  ['罗', 9],
  ['高', 8],
  ['傅', 8],
  ['江', 8],
  ['邱', 8],
  ['潘', 7],
  ['柯', 7],
  ['颜', 7],
  ['余', 6],
  ['卢', 6],
  ['戴', 6],
  ['温', 4],
  ['欧阳', 2],
]
const surnames = surnameTable.map(([surname]) => surname)
const surnameWeights = cumulate(surnameTable.map(([, weight]) => weight))

const maleCharacters = [...'伟强磊军勇杰涛斌波辉刚健明志文海鹏宇浩俊峰龙建国华荣金福生清水添阳泽铭凯翔毅坤']
const femaleCharacters = [...'芳娜敏静丽秀娟英玲桂兰燕红霞雪梅琳婷慧莹洁颖萍珊玉珍淑美惠彩云月琴蓉丹怡欣晴']

/** Surname for a 32-bit hash, by frequency. */
export function surnameOf(hash: number): string {
  return surnames[pickCumulative(surnameWeights, hash / 4294967296)]!
}

/** Given name of one (one in seven) or two characters for a 32-bit hash. */
export function givenNameOf(hash: number, male: boolean): string {
  const list = male ? maleCharacters : femaleCharacters
  const first = list[hash % list.length]!
  if ((hash >>> 16) % 7 === 0) return first
  return first + list[hash32(hash, 1) % list.length]!
}

const chainFirst = [...'泉安惠康仁益济同百和瑞福']
const chainSecond = [...'润宁泽民善佳源春顺盛禾嘉']

/** Brand of the n-th chain, made from two lists of well-meaning characters; distinct for n < 144. */
export function chainBrand(n: number): string {
  return chainFirst[(n * 5) % 12]! + chainSecond[(n * 7 + Math.floor(n / 12)) % 12]!
}

const shopFirst = [...'永万德回寿广祥天恒裕延保']
const shopSecond = [...'春生康安和堂芝草济林善元']
const shopKinds = ['药店', '大药房', '药房', '堂药店', '医药商店']

/** Name of an independent pharmacy for a 32-bit hash, for example 永春堂药店. */
export function shopName(hash: number): string {
  return shopFirst[hash % 12]! + shopSecond[(hash >>> 8) % 12]! + shopKinds[(hash >>> 16) % shopKinds.length]!
}

const placeFirst = [...'东西南北中上下新安永清龙石洪双金']
const placeSecond = [...'湖山溪桥港浦坑田林洋坪塘岭滨亭埔']

/** The n-th made-up place name of a county, distinct for n < 256. */
export function placeName(county: number, n: number): string {
  const start = county * 37
  const index = (start + n * 69) % 256
  return placeFirst[index % 16]! + placeSecond[index >> 4]!
}

const roads = [
  '中山路',
  '新华路',
  '建设路',
  '人民路',
  '文化路',
  '和平路',
  '滨江路',
  '学府路',
  '迎宾大道',
  '工业路',
  '解放路',
  '环城路',
]
const hamlets = ['前厝', '后厝', '东头', '西头', '溪尾', '桥头', '岭下', '新村', '大埔', '山边', '上宅', '下宅']

/** Street part of an address in a town (with a village) or in a street office (with a building). */
export function streetAddress(hash: number, isTown: boolean): string {
  const number = 1 + ((hash >>> 8) % 188)
  if (isTown) return `${hamlets[hash % 12]!}村${number}号`
  return `${roads[hash % 12]!}${number}号${1 + ((hash >>> 16) % 18)}栋${1 + ((hash >>> 20) % 12)}0${1 + ((hash >>> 24) % 4)}室`
}

/** Road name for a 32-bit hash. */
export function roadName(hash: number): string {
  return roads[hash % 12]!
}
