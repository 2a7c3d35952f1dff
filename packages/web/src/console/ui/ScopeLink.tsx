import { Link } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import { type Search, scopeOf } from '../kernel/scope.ts'

/** Link to another page that takes area and period along. */
export function ScopeLink({
  to,
  change,
  className,
  onClick,
  children,
}: {
  readonly to: string
  readonly change?: Partial<Search>
  readonly className?: string
  readonly onClick?: () => void
  readonly children: ReactNode
}) {
  const search = (before: Record<string, unknown>) => ({ ...scopeOf(before as Search), ...change })
  const rest = { to, search, ...(className ? { className } : {}), ...(onClick ? { onClick } : {}) }
  return (
    <Link
      {...(rest as Pick<ComponentProps<typeof Link>, 'to'>)}
      activeProps={{ className: 'active', 'aria-current': 'page' }}
      activeOptions={{ includeSearch: false, exact: to === '/' }}
    >
      {children}
    </Link>
  )
}
