import type { Server } from '../platform/server.ts'
import type { Environment } from './environment.ts'
import * as state from './state.ts'

/** What a section of the task sheet may do: ask the server, and keep its last answer on the device, sealed. */
export class TaskActions {
  readonly call: Server['call']
  private readonly env: Environment

  constructor(env: Environment) {
    this.env = env
    this.call = env.server.call
  }

  open(): void {
    state.page.value = 'tasks'
  }

  /** Keeps what was fetched for this store, so that it can be shown without the network. A full device keeps nothing. */
  async keep(name: string, value: unknown): Promise<void> {
    if (!this.env.secure) return
    const key = this.key(name)
    try {
      await this.env.storage.write(key, await this.env.cipher.seal(key, value))
    } catch {
      state.storageLow.value = true
    }
  }

  /** What was kept for this store under the name; undefined when there is nothing readable. */
  async kept<T>(name: string): Promise<T | undefined> {
    if (!this.env.secure) return undefined
    const key = this.key(name)
    try {
      const sealed = await this.env.storage.read<Parameters<Environment['cipher']['open']>[1]>(key)
      return sealed && ((await this.env.cipher.open(key, sealed)) as T)
    } catch {
      return undefined
    }
  }

  private key(name: string): string {
    return `tasks:${state.storeCode.value}:${name}`
  }
}
