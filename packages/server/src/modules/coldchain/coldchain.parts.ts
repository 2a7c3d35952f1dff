import type { EpcisEvent } from '@vigil/epcis/document'
import { type Caller, narrow, scopeFor } from '../../kernel/access/caller.ts'
import type { Signer } from '../../kernel/audit/index.ts'
import { beyondScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Contacts } from '../channel/index.ts'
import { captureEvents, type EpcisRepository } from '../epcis/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { HolderRow } from './coldchain.table.ts'

/** What the files of this module share in one process. */
export interface Parts {
  readonly kernel: Kernel
  /** Areas and their names. */
  readonly reference: Reference
  readonly repository: EpcisRepository
  /** Signs exit certificates. */
  readonly signer: Signer
  /** How businesses are told of recalls. */
  readonly contacts: Contacts
}

/** Where the caller may read, narrowed to an area that was picked. @throws Problem 404 for one outside */
export function chosenScope({ reference }: Parts, caller: Caller, code: string | undefined): Scope {
  const area = code === undefined ? undefined : reference.area(code)
  if (code !== undefined && !area) throw notFound('区划')
  return narrow(scopeFor(caller, 'coldchain.read'), area?.path)
}

/**
 * Stores the event of a command in its transaction, through gate and ledger.
 * @returns its hash @throws EventsRefused that says what is wrong
 */
export async function capture(
  { repository }: Parts,
  tx: Tx,
  caller: Caller,
  { path }: Pick<HolderRow, 'path'>,
  event: EpcisEvent,
): Promise<string> {
  const context = { path, by: caller.name, source: 'loop' } as const
  // The other party of an event may be of another county; who may do what here was checked before.
  const [captured] = await beyondScope(tx, () => captureEvents(repository, tx, [event], context))
  return captured!.hash
}
