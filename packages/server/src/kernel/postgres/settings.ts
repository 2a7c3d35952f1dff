import { statfsSync } from 'node:fs'
import { totalmem } from 'node:os'

const mebibyte = 1024 ** 2

/**
 * Memory of the machine, or of the container, for PostgreSQL to plan with, in MiB: a quarter for its own buffers, as its
 * manual advises (19.4.1), but 4 GiB at most, since the server and the files beside it want some too.
 */
function memoryShares(): { buffers: number; cache: number } {
  const limit = process.constrainedMemory()
  const memory = Math.min(totalmem(), limit > 0 ? limit : Number.POSITIVE_INFINITY) / mebibyte
  return {
    buffers: Math.round(Math.max(128, Math.min(4096, memory / 4))),
    cache: Math.round(Math.max(256, memory / 2)),
  }
}

/** Server settings that differ from PostgreSQL's defaults; `overrides` win. Durability stays on unless a caller says otherwise. */
export function serverSettings(port: number, overrides: Readonly<Record<string, string>>): Record<string, string> {
  const { buffers, cache } = memoryShares()
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${buffers}MB`,
    effective_cache_size: `${cache}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_compression: 'on',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'Asia/Shanghai',
    log_timezone: 'Asia/Shanghai',
    password_encryption: 'scram-sha-256',
    dynamic_shared_memory_type: sharedMemoryType(),
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%d.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    ...overrides,
  }
}

/** The settings as arguments of the postgres program. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

// Containers often have a /dev/shm of 64 MB, too small for parallel queries.
function sharedMemoryType(): string {
  if (process.platform !== 'linux') return 'posix'
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize >= 256 * 1024 * 1024 ? 'posix' : 'mmap'
  } catch {
    return 'mmap'
  }
}
