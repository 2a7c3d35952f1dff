import type { DrugClass } from './types.ts'

/** One entry of the starter catalogue: a generic name without approval number, barcode or brand, which are a maker's. */
export type StarterDrug = {
  /** Stable key, for example `ibuprofen-sr-capsule-300`. */
  key: string
  drugClass: DrugClass
  genericName: string
  brand: ''
  /** Dosage form in Chinese, as in the pharmacopoeia. */
  form: string
  strength: string
}

type Row = readonly [key: string, genericName: string, form: string, strength: string]

const antipyretic: readonly Row[] = [
  ['ibuprofen-sr-capsule-300', '布洛芬缓释胶囊', '缓释胶囊剂', '0.3g'],
  ['paracetamol-tablet-500', '对乙酰氨基酚片', '片剂', '0.5g'],
  ['ganmaoling-granule-10g', '感冒灵颗粒', '颗粒剂', '每袋10g'],
  ['ibuprofen-suspension-100ml', '布洛芬混悬液', '口服混悬剂', '100ml:2g'],
  ['amantadine-paracetamol-capsule', '复方氨酚烷胺胶囊', '胶囊剂', '复方'],
  ['paediatric-paracetamol-granule', '小儿氨酚黄那敏颗粒', '颗粒剂', '复方'],
  ['ibuprofen-drops-15ml', '布洛芬混悬滴剂', '口服混悬剂', '15ml:0.6g'],
  ['xiaochaihu-granule-10g', '小柴胡颗粒', '颗粒剂', '每袋10g'],
  ['paracetamol-drops-15ml', '对乙酰氨基酚混悬滴剂', '口服混悬剂', '15ml:1.5g'],
  ['vc-yinqiao-tablet', '维C银翘片', '片剂', '复方'],
  ['pseudoephedrine-dextromethorphan-paracetamol-tablet', '酚麻美敏片', '片剂', '复方'],
  ['paracetamol-sr-tablet-650', '对乙酰氨基酚缓释片', '缓释片剂', '0.65g'],
  ['ibuprofen-tablet-200', '布洛芬片', '片剂', '0.2g'],
  ['ibuprofen-granule-200', '布洛芬颗粒', '颗粒剂', '0.2g'],
  ['ganmao-qingre-granule-12g', '感冒清热颗粒', '颗粒剂', '每袋12g'],
  ['caffeine-paracetamol-capsule', '氨咖黄敏胶囊', '胶囊剂', '复方'],
  ['paracetamol-suspension-100ml', '对乙酰氨基酚混悬液', '口服混悬剂', '100ml:3.2g'],
  ['paediatric-chiqiao-granule-2g', '小儿豉翘清热颗粒', '颗粒剂', '每袋2g'],
  ['chaihu-oral-liquid-10ml', '柴胡口服液', '口服液', '每支10ml'],
  ['aspirin-effervescent-tablet-500', '阿司匹林泡腾片', '泡腾片剂', '0.5g'],
  ['paracetamol-suppository-150', '对乙酰氨基酚栓', '栓剂', '0.15g'],
  ['amantadine-paracetamol-tablet', '复方氨酚烷胺片', '片剂', '复方'],
]

const cough: readonly Row[] = [
  ['jizhi-syrup-100ml', '急支糖浆', '糖浆剂', '每瓶100ml'],
  ['ambroxol-tablet-30', '盐酸氨溴索片', '片剂', '30mg'],
  ['ambroxol-solution-100ml', '盐酸氨溴索口服溶液', '口服溶液剂', '100ml:0.6g'],
  ['chuanbei-pipa-syrup-100ml', '川贝枇杷糖浆', '糖浆剂', '每瓶100ml'],
  ['dextromethorphan-tablet-15', '氢溴酸右美沙芬片', '片剂', '15mg'],
  ['qiangli-pipa-lu-100ml', '强力枇杷露', '糖浆剂', '每瓶100ml'],
  ['carbocisteine-tablet-250', '羧甲司坦片', '片剂', '0.25g'],
  ['carbocisteine-solution-10ml', '羧甲司坦口服溶液', '口服溶液剂', '10ml:0.5g'],
  ['acetylcysteine-granule-200', '乙酰半胱氨酸颗粒', '颗粒剂', '0.2g'],
  ['shedan-chuanbei-liquid-10ml', '蛇胆川贝液', '合剂', '每支10ml'],
  ['compound-liquorice-tablet', '复方甘草片', '片剂', '复方'],
  ['ambroxol-clenbuterol-solution', '氨溴特罗口服溶液', '口服溶液剂', '复方'],
  ['eucalyptol-softgel-300', '桉柠蒎肠溶软胶囊', '肠溶软胶囊剂', '0.3g'],
  ['feilike-mixture-100ml', '肺力咳合剂', '合剂', '每瓶100ml'],
  ['bromhexine-tablet-8', '盐酸溴己新片', '片剂', '8mg'],
  ['xingsu-zhike-granule-12g', '杏苏止咳颗粒', '颗粒剂', '每袋12g'],
  ['paediatric-feire-kechuan-liquid-10ml', '小儿肺热咳喘口服液', '口服液', '每支10ml'],
  ['pentoxyverine-tablet-25', '枸橼酸喷托维林片', '片剂', '25mg'],
  ['juhong-tanke-liquid-10ml', '橘红痰咳液', '合剂', '每支10ml'],
  ['tongxuan-lifei-pill-6g', '通宣理肺丸', '丸剂', '每丸6g'],
]

const antibiotic: readonly Row[] = [
  ['amoxicillin-capsule-250', '阿莫西林胶囊', '胶囊剂', '0.25g'],
  ['cefradine-capsule-250', '头孢拉定胶囊', '胶囊剂', '0.25g'],
  ['roxithromycin-capsule-150', '罗红霉素胶囊', '胶囊剂', '0.15g'],
  ['cefixime-capsule-100', '头孢克肟胶囊', '胶囊剂', '0.1g'],
  ['azithromycin-tablet-250', '阿奇霉素片', '片剂', '0.25g'],
  ['levofloxacin-tablet-500', '左氧氟沙星片', '片剂', '0.5g'],
  ['cefuroxime-axetil-tablet-250', '头孢呋辛酯片', '片剂', '0.25g'],
  ['amoxicillin-granule-125', '阿莫西林颗粒', '颗粒剂', '0.125g'],
  ['norfloxacin-capsule-100', '诺氟沙星胶囊', '胶囊剂', '0.1g'],
  ['metronidazole-tablet-200', '甲硝唑片', '片剂', '0.2g'],
  ['cefaclor-granule-125', '头孢克洛颗粒', '颗粒剂', '0.125g'],
  ['cefdinir-capsule-100', '头孢地尼胶囊', '胶囊剂', '0.1g'],
  ['cefalexin-capsule-250', '头孢氨苄胶囊', '胶囊剂', '0.25g'],
  ['clarithromycin-tablet-250', '克拉霉素片', '片剂', '0.25g'],
  ['cefixime-granule-50', '头孢克肟颗粒', '颗粒剂', '50mg'],
  ['azithromycin-suspension-100', '阿奇霉素干混悬剂', '干混悬剂', '0.1g'],
  ['cefprozil-tablet-250', '头孢丙烯片', '片剂', '0.25g'],
  ['doxycycline-tablet-100', '盐酸多西环素片', '片剂', '0.1g'],
  ['moxifloxacin-tablet-400', '盐酸莫西沙星片', '片剂', '0.4g'],
  ['erythromycin-enteric-tablet-125', '红霉素肠溶片', '肠溶片剂', '0.125g'],
  ['clindamycin-capsule-150', '盐酸克林霉素胶囊', '胶囊剂', '0.15g'],
  ['acetylspiramycin-tablet-100', '乙酰螺旋霉素片', '片剂', '0.1g'],
]

const antiviral: readonly Row[] = [
  ['lianhua-qingwen-capsule-350', '连花清瘟胶囊', '胶囊剂', '每粒0.35g'],
  ['banlangen-granule-10g', '板蓝根颗粒', '颗粒剂', '每袋10g'],
  ['oseltamivir-capsule-75', '磷酸奥司他韦胶囊', '胶囊剂', '75mg'],
  ['lianhua-qingwen-granule-6g', '连花清瘟颗粒', '颗粒剂', '每袋6g'],
  ['kangbingdu-liquid-10ml', '抗病毒口服液', '口服液', '每支10ml'],
  ['ribavirin-granule-50', '利巴韦林颗粒', '颗粒剂', '50mg'],
  ['aciclovir-tablet-200', '阿昔洛韦片', '片剂', '0.2g'],
  ['shuanghuanglian-liquid-10ml', '双黄连口服液', '口服液', '每支10ml'],
  ['oseltamivir-granule-15', '磷酸奥司他韦颗粒', '颗粒剂', '15mg'],
  ['ribavirin-tablet-100', '利巴韦林片', '片剂', '0.1g'],
  ['arbidol-tablet-100', '盐酸阿比多尔片', '片剂', '0.1g'],
  ['valaciclovir-tablet-300', '盐酸伐昔洛韦片', '片剂', '0.3g'],
  ['famciclovir-tablet-250', '泛昔洛韦片', '片剂', '0.25g'],
  ['amantadine-tablet-100', '盐酸金刚烷胺片', '片剂', '0.1g'],
  ['baloxavir-tablet-20', '玛巴洛沙韦片', '片剂', '20mg'],
]

const entries = (drugClass: DrugClass, rows: readonly Row[]): StarterDrug[] =>
  rows.map(([key, genericName, form, strength]) => ({ key, drugClass, genericName, brand: '', form, strength }))

/**
 * The starter catalogue: common antipyretics, cough medicines, antibiotics and antivirals of Chinese retail by generic
 * name, within each class the more usual first. A city replaces or extends it by import; a combination whose strength
 * is a list of components says 复方.
 */
export const drugs: readonly StarterDrug[] = [
  ...entries('antipyretic', antipyretic),
  ...entries('cough', cough),
  ...entries('antibiotic', antibiotic),
  ...entries('antiviral', antiviral),
]

/** The same catalogue under the name that the issue uses. */
export const starterCatalogue = drugs

const byKey = new Map(drugs.map((drug) => [drug.key, drug]))

/** The catalogue entry with this key, or undefined. */
export function findDrug(key: string): StarterDrug | undefined {
  return byKey.get(key)
}
