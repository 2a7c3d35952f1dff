import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '@vigil/contract/client'

/** A refusal stays a refusal; only a lost connection or a busy server is worth a second try. */
export function worthRetry(count: number, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return count < 2 && (error.offline || error.status >= 502)
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetry, staleTime: 10_000, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** Query keys by list, so that live events and commands invalidate by prefix. */
export const keys = {
  me: ['me'] as const,
  areas: ['areas'] as const,
  overview: ['overview'] as const,
  hours: ['hours'] as const,
  purchases: ['purchases'] as const,
  stores: ['stores'] as const,
  drugs: ['drugs'] as const,
  duties: ['duties'] as const,
  clinics: ['clinics'] as const,
  exports: ['exports'] as const,
  imports: ['imports'] as const,
  accounts: ['accounts'] as const,
  roles: ['roles'] as const,
  apiKeys: ['api-keys'] as const,
  audit: ['audit'] as const,
  vault: ['vault'] as const,
  parties: ['parties'] as const,
  sharing: ['sharing'] as const,
  compliance: ['compliance'] as const,
  alerts: ['alerts'] as const,
  channels: ['channels'] as const,
  rules: ['rules'] as const,
  scans: ['scans'] as const,
  followups: ['followups'] as const,
  opening: ['opening'] as const,
  staff: ['staff'] as const,
  stopSales: ['stop-sales'] as const,
  stopChecks: ['stop-checks'] as const,
  coldchain: ['coldchain'] as const,
  reimbursements: ['reimbursements'] as const,
}
