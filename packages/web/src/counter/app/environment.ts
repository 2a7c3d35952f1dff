import type { Cipher } from '../../device/cipher.ts'
import type { Storage } from '../../device/storage.ts'
import type { QueueRecord } from '../core/ports.ts'
import type { Queue } from '../core/queue.ts'
import type { DevicePin } from '../platform/crypto.ts'
import type { Server } from '../platform/server.ts'

/** Everything that the screens' model needs from the device and the server. */
export interface Environment {
  readonly storage: Storage<QueueRecord>
  readonly cipher: Cipher
  readonly pin: DevicePin
  readonly server: Server
  readonly queueOf: (storeCode: string) => Queue
  readonly now: () => number
  /** False where the browser gives no WebCrypto: entries then stay in memory only. */
  readonly secure: boolean
}
