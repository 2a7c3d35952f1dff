import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Me, Permission } from '@vigil/contract'
import { ApiError } from '@vigil/contract/client'
import { call } from './api.ts'
import { keys, queryClient } from './query.ts'
import { rememberPerson } from './reauth.ts'

export const meQuery = queryOptions({
  queryKey: keys.me,
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = await call('session.read')
      rememberPerson(me)
      return me
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
})

/** The signed-in account; `null` when nobody is signed in, `undefined` while it is being asked. */
export const useMe = (): Me | null | undefined => useQuery(meQuery).data

/** Whether the signed-in account holds a permission anywhere. What it may do where is the server's decision. */
export function useCan(): (permission: Permission) => boolean {
  const me = useMe()
  return (permission) => me?.permissions.includes(permission) ?? false
}

/** Drops every answer but the account itself, whose watchers must stay attached. */
const forget = () => queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.me[0] })

/** Takes over the account that a sign-in answered with; drops what the last one saw. */
export function enter(me: Me): void {
  const before = queryClient.getQueryData(meQuery.queryKey)
  if (before?.id !== me.id) forget()
  rememberPerson(me)
  queryClient.setQueryData(meQuery.queryKey, me)
}

/** Forgets the account and everything it saw. */
export function leave(): void {
  rememberPerson(undefined)
  forget()
  queryClient.setQueryData(meQuery.queryKey, null)
}

/** Whether an account acts for one business of the cold chain: its place is /cold. */
export const isBusiness = ({ kind, store, permissions }: Me): boolean =>
  kind === 'person' && store !== null && permissions.includes('coldchain.operate')
