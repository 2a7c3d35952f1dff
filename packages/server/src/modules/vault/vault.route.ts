import type { vaultRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { listMonthKeys } from '../../kernel/vault/index.ts'
import { rotateKeys, shredMonth } from './vault.service.ts'

export const vaultHandlers = (kernel: Kernel): Handlers<typeof vaultRoutes> => ({
  'vault.keys': async () => ({
    items: (await listMonthKeys(kernel.db)).map(({ createdAt, shreddedAt, ...key }) => ({
      ...key,
      createdAt: createdAt.toISOString(),
      shreddedAt: shreddedAt?.toISOString() ?? null,
    })),
  }),
  'vault.rotate': async ({ caller }) => ({ rewrapped: await rotateKeys(kernel, caller) }),
  'vault.shred': async ({ caller, params, body }) => ({
    ok: true,
    rows: await shredMonth(kernel, caller, params.month, body),
  }),
})
