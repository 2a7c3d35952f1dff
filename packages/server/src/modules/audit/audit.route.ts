import type { auditRoutes } from '@vigil/contract'
import { scopeFor } from '../../kernel/access/caller.ts'
import { type AuditReport, findHead, type Signer, verifyAudit } from '../../kernel/audit/index.ts'
import { command } from '../../kernel/command/command.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { listEntries } from './audit.read.ts'

type Parts = Pick<Kernel, 'db'> & { readonly signer: Signer; readonly headsFile: string }

export const auditHandlers = ({ db, signer, headsFile }: Parts): Handlers<typeof auditRoutes> => {
  // Verifying reads the whole log: who asks meanwhile gets the answer of the pass that runs.
  let running: Promise<AuditReport> | undefined
  const verify = () => {
    running ??= verifyAudit(db, { publicKey: signer.publicKey, headsFile }).finally(() => {
      running = undefined
    })
    return running
  }
  return {
    'audit.list': ({ caller, query }) => listEntries(db, caller, query),
    'audit.head': async () => {
      const head = await findHead(db)
      return {
        treeSize: head?.treeSize ?? 0,
        rootHash: head?.root.toString('hex') ?? null,
        signedAt: head?.signedAt ?? null,
        signature: head?.signature.toString('base64') ?? null,
        publicKey: signer.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      }
    },
    'audit.verify': async ({ caller }) => {
      const { ok, checked, problems } = await verify()
      await command(db, caller, 'audit.read', (_tx, audit) =>
        audit({
          action: 'audit.verify',
          object: 'audit',
          path: scopeFor(caller, 'audit.read')[0] ?? '/',
          outcome: ok ? 'done' : 'failed',
          detail: { ok, checked, problems: problems.length },
        }),
      )
      return {
        ok,
        checked,
        problems: problems.slice(0, 100).map(({ seq, detail }) => ({ seq, detail: detail.slice(0, 300) })),
      }
    },
  }
}
