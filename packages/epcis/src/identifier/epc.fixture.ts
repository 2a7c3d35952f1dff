import fc from 'fast-check'
import type { Epc } from './epc.ts'
import { schemes } from './scheme.ts'

const chars82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const chars39 = '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const digits = (min: number, max = min) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max })
const text = (min: number, max: number, set = chars82) =>
  fc.string({ unit: fc.constantFrom(...set), minLength: min, maxLength: max })

/** Any well-formed EPC of any scheme, classes and patterns among them. */
export const epcArbitrary: fc.Arbitrary<Epc> = fc
  .tuple(fc.constantFrom(...schemes.values()), fc.integer({ min: 6, max: 12 }))
  .chain(([rule, prefix]) =>
    fc.record({
      scheme: fc.constant(rule.scheme),
      companyPrefix: digits(prefix),
      reference:
        rule.digits === null
          ? text(1, 30 - prefix, rule.scheme === 'cpi' ? chars39 : chars82)
          : digits(rule.digits - prefix),
      ...(rule.scheme === 'itip' ? { piece: fc.constantFrom(['01', '02'] as const, ['12', '12'] as const) } : {}),
      serial:
        rule.serial === null
          ? fc.constant(null)
          : fc.oneof(
              ...(rule.pattern ? [fc.constant(null)] : []),
              rule.serialDigits
                ? digits(1, rule.serialMax).map((each) => (rule.scheme === 'cpi' ? BigInt(each).toString() : each))
                : text(1, rule.serialMax),
            ),
    }),
  )
