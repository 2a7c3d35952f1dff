import type { childrenOf, demoCities, findArea, homeArea } from '@vigil/codes/areas'

/** An area that can be picked. */
export interface AreaChoice {
  readonly code: string
  readonly name: string
}

const provinceNames: Readonly<Record<string, string>> = {
  11: '北京市',
  12: '天津市',
  13: '河北省',
  14: '山西省',
  15: '内蒙古自治区',
  21: '辽宁省',
  22: '吉林省',
  23: '黑龙江省',
  31: '上海市',
  32: '江苏省',
  33: '浙江省',
  34: '安徽省',
  35: '福建省',
  36: '江西省',
  37: '山东省',
  41: '河南省',
  42: '湖北省',
  43: '湖南省',
  44: '广东省',
  45: '广西壮族自治区',
  46: '海南省',
  50: '重庆市',
  51: '四川省',
  52: '贵州省',
  53: '云南省',
  54: '西藏自治区',
  61: '陕西省',
  62: '甘肃省',
  63: '青海省',
  64: '宁夏回族自治区',
  65: '新疆维吾尔自治区',
  71: '台湾省',
  81: '香港特别行政区',
  82: '澳门特别行政区',
}

/** Provinces in the order of their codes; needs no loaded data. */
export const provinces: readonly AreaChoice[] = Object.keys(provinceNames).map((prefix) => ({
  code: `${prefix}0000`,
  name: provinceNames[prefix] ?? '',
}))

/** Province of a code, known without any loaded data; '' when the code names none. */
export function provinceName(code: string): string {
  return provinceNames[code.slice(0, 2)] ?? ''
}

/** The functions of `@vigil/codes/areas` that are used; the data comes late, so they are handed in. */
export interface AreaData {
  readonly childrenOf: typeof childrenOf
  readonly demoCities: typeof demoCities
  readonly findArea: typeof findArea
  readonly homeArea: typeof homeArea
}

export interface TreeNode {
  readonly code: string
  readonly name: string
  readonly level: string
  readonly parent: string | null
}

/** Areas of the whole country together with the local units that GB/T 2260 does not list. */
export interface AreaBook {
  /** What lies directly below a code; the provinces for ''. */
  children(code: string): readonly AreaChoice[]
  /** 福建省泉州市晋江市; '' for an unknown code. */
  name(code: string): string
  /** 晋江市; '' for an unknown code. */
  short(code: string): string
  /** The code above; '' for a province. */
  parent(code: string): string
  /** Where the first six digits of a citizen ID lead, in words. */
  home(prefix: string): string
}

/**
 * Joins the country's data, the development zones of the known cities, and the tree that the server gave (a store sees
 * only what lies above itself; offices and grids are left out).
 */
export function areaBook(data: AreaData, tree: readonly TreeNode[]): AreaBook {
  const local = new Map<string, TreeNode>()
  for (const city of data.demoCities)
    for (const { code, name } of city.counties)
      if (!data.findArea(code)) local.set(code, { code, name, level: 'county', parent: city.code })
  for (const node of tree) if (node.level === 'county' && !data.findArea(node.code)) local.set(node.code, node)
  const find = (code: string) => {
    const area = data.findArea(code)
    if (area) return { code, name: area.name, parent: area.parent ?? '' }
    const node = local.get(code)
    return node ? { code, name: node.name, parent: node.parent ?? '' } : undefined
  }
  const name = (code: string): string => {
    const area = find(code)
    return area ? (area.parent === '' ? '' : name(area.parent)) + area.name : ''
  }
  return {
    children: (code) => [
      ...data.childrenOf(code).map(({ code: own, name: label }) => ({ code: own, name: label })),
      ...[...local.values()].filter((node) => node.parent === code && code !== ''),
    ],
    name,
    short: (code) => find(code)?.name ?? '',
    parent: (code) => find(code)?.parent ?? '',
    home: (prefix) => data.homeArea(prefix)?.name ?? provinceName(prefix),
  }
}

/** County in which an area lies: itself, or its first ancestor of that level; its six digits when the tree is unknown. */
export function countyOf(tree: readonly TreeNode[], code: string): string {
  const byCode = new Map(tree.map((node) => [node.code, node]))
  let node = byCode.get(code)
  while (node && node.level !== 'county') node = node.parent === null ? undefined : byCode.get(node.parent)
  return node?.code ?? code.slice(0, 6)
}
