import { within } from '../../kernel/access/index.ts'

/** A county as an import may touch it. */
interface Place {
  readonly county: string
  readonly path: string
}

/**
 * Counties into which files are being written: until a file is through they are not looked at, for days of which half has
 * come would be taken for what is usual. @param running areas of the imports that are under way
 */
export class Filling {
  readonly #running: () => Promise<readonly string[]>
  readonly #paths = new Set<string>()
  #first = true

  constructor(running: () => Promise<readonly string[]>) {
    this.#running = running
  }

  /** A part of a file was written below these counties. */
  heard(paths: readonly string[]): void {
    for (const path of paths) this.#paths.add(path)
  }

  /**
   * Counties to be left alone now, and those whose files are through since the last look. What this process has not heard,
   * since it had not been started, counts by the areas that the imports may write to.
   */
  async look(places: readonly Place[]): Promise<{ held: ReadonlySet<string>; through: ReadonlySet<string> }> {
    if (this.#paths.size === 0 && !this.#first) return { held: new Set(), through: new Set() }
    const running = await this.#running()
    const overlaps = (path: string) => running.some((scope) => within(path, scope) || within(scope, path))
    if (this.#first) for (const { path } of places) if (overlaps(path)) this.#paths.add(path)
    this.#first = this.#first && places.length === 0
    const [held, through] = [new Set<string>(), new Set<string>()]
    for (const { county, path } of places) if (this.#paths.has(path)) (overlaps(path) ? held : through).add(county)
    for (const path of this.#paths) if (!overlaps(path)) this.#paths.delete(path)
    return { held, through }
  }
}
