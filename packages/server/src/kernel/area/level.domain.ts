/**
 * Areas in charge of a place, one above the other: the nearest, then those above it up to the city.
 * @param levelOf kind of the area at a path
 */
export function levelsAbove(path: string, levelOf: (path: string) => string | undefined): string[] {
  const levels: string[] = []
  for (let steps = path.split('/').filter(Boolean); steps.length > 0; steps = steps.slice(0, -1)) {
    const place = `/${steps.join('/')}/`
    const level = levelOf(place)
    if (level === undefined) continue
    if (level === 'province' && levels.length > 0) break
    levels.push(place)
    if (level === 'city') break
  }
  return levels
}
