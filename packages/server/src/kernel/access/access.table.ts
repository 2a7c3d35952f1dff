import type { ColumnType } from 'kysely'

/** A column that the database fills when nothing is given. */
type Defaulted<T> = ColumnType<T, T | undefined, T>
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>

interface RoleTable {
  code: string
  name: string
  permissions: string[]
  requiresTotp: boolean
  updatedAt: Date
}

interface AccountTable {
  id: string
  username: string
  displayName: string
  kind: 'person' | 'store'
  status: 'invited' | 'active' | 'disabled'
  passwordHash: Optional<string>
  mustChangePassword: Defaulted<boolean>
  totpSealed: Optional<Buffer>
  totpConfirmedAt: Optional<Date>
  totpLastStep: Optional<number>
  recoveryHashes: Defaulted<Buffer[]>
  path: string
  storeCode: Optional<string>
  lastSignInAt: Optional<Date>
  createdAt: Date
}

interface ApiKeyTable {
  id: string
  name: string
  prefix: string
  keyHash: Buffer
  path: string
  createdBy: string
  createdAt: Date
  expiresAt: Date
  lastUsedAt: Optional<Date>
  revokedAt: Optional<Date>
}

interface GrantTable {
  id: string
  accountId: Optional<string>
  apiKeyId: Optional<string>
  roleCode: string
  areaCode: string
  storeCode: Optional<string>
  path: string
}

interface InvitationTable {
  accountId: string
  codeHash: Buffer
  usesLeft: number
  expiresAt: Date
  createdAt: Date
}

interface DeviceTable {
  id: string
  accountId: string
  tokenHash: Buffer
  pinHash: string
  name: string
  createdAt: Date
  lastSeenAt: Optional<Date>
  revokedAt: Optional<Date>
}

interface SessionTable {
  tokenHash: Buffer
  id: string
  accountId: string
  deviceId: Optional<string>
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  idleMinutes: number
  ip: string
  userAgent: string
}

interface AttemptTable {
  key: string
  failures: number
  lastAt: Date
  blockedUntil: Optional<Date>
}

declare module '../db/database.ts' {
  interface Database {
    'access.role': RoleTable
    'access.account': AccountTable
    'access.apiKey': ApiKeyTable
    'access.grant': GrantTable
    'access.invitation': InvitationTable
    'access.device': DeviceTable
    'access.session': SessionTable
    'access.attempt': AttemptTable
  }
}
