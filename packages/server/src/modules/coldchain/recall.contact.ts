import type { BodyOf, ColdContact, coldchainRoutes } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { getHolder, getOwnHolder } from './holder.service.ts'
import { subjectOf } from './recall.tell.ts'

/** How a business of the caller's area is told of recalls. @throws Problem 404 outside the area */
export async function listContacts(
  { kernel, contacts }: Parts,
  caller: Caller,
  id: string,
): Promise<{ items: ColdContact[]; sms: boolean }> {
  const holder = await readScope(kernel.db, ['/'], (tx) => getHolder(tx, id))
  assertCan(caller, 'coldchain.read', holder.path, '经营者')
  return readScope(kernel.db, [holder.path], async (tx) => ({
    items: await contacts.list(tx, subjectOf(id)),
    sms: contacts.sms,
  }))
}

/** Adds a way to tell a business of recalls. @throws Problem 400, 404 outside the area, 409 for too many */
export async function addContact(
  { kernel, contacts }: Parts,
  caller: Caller,
  id: string,
  body: BodyOf<(typeof coldchainRoutes)['cold-contact.add']>,
): Promise<ColdContact> {
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const { path, areaCode } = await getOwnHolder(tx, caller, id)
    const contact = await contacts.add(tx, subjectOf(id), { ...body, path, by: caller.name })
    const detail = { kind: contact.kind, signed: contact.signed }
    await audit({ action: 'coldchain.add-contact', object: `cold-holder:${id}`, path, areaCode, detail })
    return contact
  })
}

/** Tells a business in this way no more. @throws Problem 404 outside the area */
export async function removeContact(
  { kernel, contacts }: Parts,
  caller: Caller,
  id: string,
  contactId: string,
): Promise<void> {
  await command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const { path, areaCode } = await getOwnHolder(tx, caller, id)
    if (!(await contacts.remove(tx, subjectOf(id), contactId))) throw notFound('通知方式')
    await audit({ action: 'coldchain.remove-contact', object: `cold-holder:${id}`, path, areaCode })
  })
}
