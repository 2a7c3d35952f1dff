import type { EpcisEvent, ObjectEvent, QuantityElement } from '@vigil/epcis/document'

/** Where and when something happened, and under which papers. `id` makes two alike events of one instant two. */
export interface Happening {
  readonly id: string
  readonly at: Date
  readonly place: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** URI of the despatch advice. */
  readonly advice?: string | undefined
  readonly documents?: readonly string[]
}

/** Things by code, and lots by grams; a lot without grams is only named. */
export interface Goods {
  readonly codes: readonly string[]
  readonly lots: readonly { readonly uri: string; readonly grams: number | null }[]
}

const quantities = ({ lots }: Goods): readonly QuantityElement[] =>
  lots.map(({ uri, grams }) => (grams === null ? { epcClass: uri } : { epcClass: uri, quantity: grams, uom: 'GRM' }))

const listed = <K extends string, V>(name: K, list: readonly V[]) =>
  (list.length === 0 ? {} : { [name]: list }) as { readonly [key in K]?: readonly V[] }

function common({ id, at, place, from, to, advice, documents = [] }: Happening) {
  const party = 'possessing_party'
  return {
    eventTime: at.toISOString(),
    eventTimeZoneOffset: '+08:00',
    readPoint: { id: place },
    bizLocation: { id: place },
    ...(from === undefined ? {} : { sourceList: [{ type: party, source: from }] }),
    ...(to === undefined ? {} : { destinationList: [{ type: party, destination: to }] }),
    bizTransactionList: [
      ...(advice === undefined ? [] : [{ type: 'desadv', bizTransaction: advice }]),
      ...[`urn:uuid:${id}`, ...documents].map((bizTransaction) => ({ bizTransaction })),
    ],
  }
}

/** Something happened to goods at a place. */
export const objectEvent = (
  happening: Happening,
  goods: Goods,
  what: Pick<ObjectEvent, 'action'> & { readonly bizStep: string; readonly disposition: string },
): EpcisEvent => ({
  type: 'ObjectEvent',
  ...common(happening),
  ...listed('epcList', goods.codes),
  ...listed('quantityList', quantities(goods)),
  ...what,
})

/** Boxes were put on a pallet, or taken off it. */
export const packEvent = (
  happening: Happening,
  parentID: string,
  childEPCs: readonly string[],
  action: 'ADD' | 'DELETE' = 'ADD',
): EpcisEvent => ({
  type: 'AggregationEvent',
  ...common(happening),
  action,
  bizStep: action === 'ADD' ? 'packing' : 'unpacking',
  disposition: 'in_progress',
  parentID,
  childEPCs,
})

/** Goods were made out of others. */
export const transformEvent = (
  happening: Happening,
  inputs: Goods,
  outputs: readonly { readonly uri: string; readonly grams: number }[],
  bizStep: string,
): EpcisEvent => ({
  type: 'TransformationEvent',
  ...common(happening),
  ...listed('inputEPCList', inputs.codes),
  ...listed('inputQuantityList', quantities(inputs)),
  outputQuantityList: quantities({ codes: [], lots: outputs }),
  bizStep,
  disposition: 'in_progress',
})
