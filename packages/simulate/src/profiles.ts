/** What the model knows of a demo city beyond its areas. Weights are rough relative sizes, not census figures. */
export type CityProfile = {
  /** Dialling code without the leading zero; also the area part of a drug licence number. */
  dialling: string
  /** Character of the province in licence numbers. */
  province: string
  /** Relative demand by county code; a county left out counts as `otherWeight`. */
  weights: Readonly<Record<string, number>>
  otherWeight: number
}

const profiles: Readonly<Record<string, CityProfile>> = {
  '350500': {
    dialling: '595',
    province: '闽',
    weights: {
      '350502': 44,
      '350503': 74,
      '350504': 25,
      '350505': 34,
      '350521': 76,
      '350524': 90,
      '350525': 42,
      '350526': 33,
      '350581': 68,
      '350582': 200,
      '350583': 145,
      '350571': 8,
      '350572': 24,
    },
    otherWeight: 20,
  },
  '430200': { dialling: '731', province: '湘', weights: {}, otherWeight: 1 },
  '140500': { dialling: '356', province: '晋', weights: {}, otherWeight: 1 },
  '141000': { dialling: '357', province: '晋', weights: {}, otherWeight: 1 },
}

const unknown: CityProfile = { dialling: '999', province: '国', weights: {}, otherWeight: 1 }

/** The profile of a city; a city without one has equal counties. */
export function profileOf(cityCode: string): CityProfile {
  return profiles[cityCode] ?? unknown
}

/** Area codes (GB/T 2260) of places that people have moved from. */
export const originCodes: readonly string[] = [
  '350102',
  '350103',
  '350302',
  '350602',
  '350702',
  '350802',
  '350902',
  '360102',
  '360121',
  '360730',
  '360731',
  '360821',
  '360921',
  '500101',
  '500102',
  '500103',
  '511302',
  '511321',
  '511322',
  '511323',
  '511402',
  '511502',
  '511602',
  '511702',
  '511902',
  '520102',
  '520103',
  '520302',
  '520303',
  '520402',
  '522301',
  '420102',
  '420502',
  '421002',
  '421102',
  '430102',
  '430121',
  '430302',
  '410102',
  '411302',
  '411402',
  '411502',
  '340102',
  '340802',
  '341202',
  '341302',
  '450102',
  '450302',
  '440103',
  '440303',
  '330102',
  '330302',
  '320102',
  '370102',
  '610102',
]
