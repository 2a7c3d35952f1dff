import type { Kernel } from '../../kernel/kernel.ts'
import type { ReferenceKind } from './reference.table.ts'
import { type Reference, referenceTopic } from './reference.ts'

// A notification holds below 8,000 bytes; more than this is told as the whole table.
const maxCodes = 200

/** Tells all processes of a committed change, and waits until this one has it: who changed something sees it. */
export async function tellReference(
  kernel: Pick<Kernel, 'notify'>,
  reference: Reference,
  kind: ReferenceKind,
  codes?: readonly string[],
): Promise<void> {
  const some = codes && codes.length <= maxCodes ? codes : undefined
  await kernel.notify.publish(referenceTopic, some ? { kind, codes: some } : { kind })
  await reference.refresh(kind, some)
}
