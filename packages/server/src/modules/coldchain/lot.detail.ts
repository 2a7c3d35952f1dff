import { maskName } from '@vigil/codes'
import type { ColdLotDetail } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { certificatesOf, shownCertificate } from './certificate.service.ts'
import type { Parts } from './coldchain.parts.ts'
import { declarationOf, detailOf } from './declaration.read.ts'
import { buyersOf, holdersIn, ofBusiness, sees } from './holder.scope.ts'
import { getHolder } from './holder.service.ts'
import { shownSample } from './inspect.service.ts'
import { getSeenLot, type SeenLot, shownLot } from './lot.read.ts'
import { samplesOf, weighRelease } from './release.service.ts'

const noHolder = '00000000-0000-0000-0000-000000000000'

/** Whose figures of a lot are shown, and how persons are named. */
interface View {
  readonly all: boolean
  /** Otherwise only those of these; never empty. */
  readonly holders: string[]
  readonly name: (person: string) => string
}

/** An area sees a lot whole; a business what lies with itself, and of what it owns, what lies in the warehouse. */
async function viewOf(parts: Parts, tx: Tx, scope: Scope, lot: SeenLot): Promise<View> {
  if (!ofBusiness(parts, scope)) return { all: true, holders: [noHolder], name: (person) => person }
  const own = (await holdersIn(tx, scope)).map(({ id }) => id)
  const holders = lot.ownerId !== null && own.includes(lot.ownerId) ? [...own, lot.holderId] : own
  return { all: false, holders: [noHolder, ...holders], name: maskName }
}

/** A lot that concerns the caller's area, with everything known of it. @throws Problem 404 */
export const readLot = (parts: Parts, caller: Caller, id: string): Promise<ColdLotDetail> =>
  lotDetail(parts, scopeFor(caller, ['coldchain.read', 'coldchain.operate', 'coldchain.inspect']), id)

/** The page of a lot: all by key, the newest 200 movements. @throws Problem 404 when it does not concern the scope */
async function lotDetail(parts: Parts, scope: Scope, id: string): Promise<ColdLotDetail> {
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    const lot = await getSeenLot(tx, scope, id)
    const view = await viewOf(parts, tx, scope, lot)
    const found = await declarationOf(parts, tx, id)
    const declaration =
      found && (view.all || sees(scope, found.path) || sees(scope, found.ownerPath)) ? found : undefined
    const disinfections = await tx
      .selectFrom('coldchain.disinfection')
      .selectAll()
      .where('lotId', '=', id)
      .orderBy('id')
      .limit(100)
      .execute()
    const releases = await tx
      .selectFrom('coldchain.release')
      .selectAll()
      .where('lotId', '=', id)
      .orderBy('number', 'desc')
      .limit(100)
      .execute()
    const certificates = await certificatesOf(tx, id, await buyersOf(parts, tx, scope, lot))
    const { boxes } = await tx
      .selectFrom('coldchain.box')
      .select(({ fn }) => fn.countAll<number>().as('boxes'))
      .where('lotId', '=', id)
      .$if(!view.all, (own) => own.where('holderId', 'in', view.holders))
      .executeTakeFirstOrThrow()
    const balances = await tx
      .selectFrom('coldchain.balance as b')
      .innerJoin('coldchain.holder as h', 'h.id', 'b.holderId')
      .select(['b.holderId', 'h.name as holderName', 'b.grams', 'b.since'])
      .where('b.lotId', '=', id)
      .where('b.grams', '>', 0)
      .$if(!view.all, (own) => own.where('b.holderId', 'in', view.holders))
      .orderBy('b.grams', 'desc')
      .limit(500)
      .execute()
    const movements = await tx
      .selectFrom('coldchain.movement as m')
      .innerJoin('coldchain.holder as h', 'h.id', 'm.holderId')
      .leftJoin('coldchain.holder as o', 'o.id', 'm.otherId')
      .select(['m.at', 'm.kind', 'm.grams', 'm.eventHash as hash', 'h.name as holderName', 'o.name as otherName'])
      .where('m.lotId', '=', id)
      .$if(!view.all, (own) => own.where('m.holderId', 'in', view.holders))
      .orderBy('m.id', 'desc')
      .limit(200)
      .execute()
    const waits = lot.kind === 'imported' && lot.releases % 2 === 0
    return {
      ...shownLot(lot),
      plantNo: lot.plantNo,
      ownerName: lot.ownerId === null ? null : (await getHolder(tx, lot.ownerId)).name,
      declaration: declaration ? await detailOf(parts, tx, declaration) : null,
      samples: (await samplesOf(tx, id)).map(shownSample),
      disinfections: disinfections.map(({ agent, doneAt, note, by }) => ({
        ...{ agent, note, by: view.name(by) },
        doneAt: doneAt.toISOString(),
      })),
      releases: releases.map(({ number, kind, reason, digest, at, by }) => ({
        ...{ number, kind, reason, digest, by: view.name(by) },
        at: at.toISOString(),
      })),
      certificates: certificates.map((row) => shownCertificate(row, releases.toReversed())),
      problems: waits ? (await weighRelease(tx, lot)).troubles : [],
      boxes,
      balances: balances.map((row) => ({ ...row, since: row.since.toISOString() })),
      movements: movements.map((row) => ({ ...row, at: row.at.toISOString() })),
    }
  })
}
