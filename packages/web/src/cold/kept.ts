import { openStorage } from '../device/storage.ts'

const storage = openStorage<never>('vigil-cold')

/** A small value that the device keeps; undefined when there is none. */
export const recall = async <T>(key: string): Promise<T | undefined> => (await storage).read<T>(key)

/** Keeps a small value on the device; undefined forgets it. */
export async function remember(key: string, value: unknown): Promise<void> {
  const open = await storage
  await (value === undefined ? open.remove(key) : open.write(key, value)).catch(() => undefined)
}
