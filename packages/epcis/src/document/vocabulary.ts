/** Fields whose values come from a vocabulary of CBV 2.0 or the GS1 Web Vocabulary. */
export type VocabularyField =
  | 'bizStep'
  | 'disposition'
  | 'bizTransactionType'
  | 'sourceDestType'
  | 'errorReason'
  | 'component'
  | 'measurementType'
  | 'exception'

interface Terms {
  /** Web URI before the short name. */
  readonly web: string
  /** URN before the short name, as of CBV 1.x; null where there was none. */
  readonly urn: string | null
  readonly names: ReadonlySet<string>
}

const terms = (web: string, urn: string | null, names: string): Terms => ({
  web,
  urn: urn && `urn:epcglobal:cbv:${urn}:`,
  names: new Set(names.split(/\s+/)),
})
const cbv = 'https://ref.gs1.org/cbv/'
const voc = 'https://gs1.org/voc/'

/** Closed lists of short names by field. */
export const vocabularies: Readonly<Record<VocabularyField, Terms>> = {
  bizStep: terms(
    `${cbv}BizStep-`,
    'bizstep',
    `accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting decommissioning
     departing destroying disassembling dispensing encoding entering_exiting holding inspecting installing killing loading other
     packing picking receiving removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting shipping
     staging_outbound stock_taking stocking storing transporting unloading unpacking void_shipping`,
  ),
  disposition: terms(
    `${cbv}Disp-`,
    'disp',
    `active available completeness_verified completeness_inferred conformant container_closed container_open damaged destroyed
     dispensed disposed encoded expired in_progress in_transit inactive mismatch_instance mismatch_class mismatch_quantity
     needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned
     sellable_accessible sellable_not_accessible stolen unavailable unknown`,
  ),
  bizTransactionType: terms(
    `${cbv}BTT-`,
    'btt',
    'bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt',
  ),
  sourceDestType: terms(`${cbv}SDT-`, 'sdt', 'owning_party possessing_party location'),
  errorReason: terms(`${cbv}ER-`, 'er', 'did_not_occur incorrect_data'),
  component: terms(
    `${cbv}Comp-`,
    null,
    `x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing latitude longitude altitude`,
  ),
  measurementType: terms(
    voc,
    null,
    `AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude AmountOfSubstance AmountOfSubstancePerUnitVolume
     Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless
     DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength
     Energy Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux
     LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime
     MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity
     Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume
     VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber`,
  ),
  exception: terms(voc, null, 'ALARM_CONDITION ERROR_CONDITION'),
}

/** Web URI of a short name or CBV URN of the field's vocabulary; any other value as it is. */
export function toWebUri(field: VocabularyField, value: string): string {
  const { web, urn, names } = vocabularies[field]
  if (names.has(value)) return web + value
  return urn && value.startsWith(urn) ? web + value.slice(urn.length) : value
}

/** CBV URN of a short name or web URI of the field's vocabulary, the web URI where it has none; any other value as it is. */
export function toTermUrn(field: VocabularyField, value: string): string {
  const { urn } = vocabularies[field]
  const name = toShortName(field, value)
  return urn && vocabularies[field].names.has(name) ? urn + name : toWebUri(field, value)
}

/** Short name of a web URI or CBV URN of the field's vocabulary; any other value as it is. */
export function toShortName(field: VocabularyField, value: string): string {
  const { web, urn, names } = vocabularies[field]
  for (const start of [web, urn])
    if (start && value.startsWith(start) && names.has(value.slice(start.length))) return value.slice(start.length)
  return value
}
