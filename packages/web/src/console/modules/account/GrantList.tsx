import type { AccountItem } from '@vigil/contract'

/** Roles and the areas they hold in. */
export function GrantList({ grants }: { grants: AccountItem['grants'] }) {
  if (grants.length === 0) return <>—</>
  return (
    <ul className="plain">
      {grants.map((grant) => (
        <li key={`${grant.roleCode}/${grant.areaCode}/${grant.storeCode}`}>
          {grant.roleName} · {grant.areaName}
          {grant.storeCode ? <span className="muted"> {grant.storeCode}</span> : null}
        </li>
      ))}
    </ul>
  )
}
