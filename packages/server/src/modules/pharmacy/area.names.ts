import { findArea, areaName as standardName } from '@vigil/codes/areas'

/** How areas are called: the local ones by their own names, all others by GB/T 2260. */
export const areaNames = (area: (code: string) => { readonly name: string; readonly path: string } | undefined) => {
  const areaName = (code: string): string => area(code)?.name ?? findArea(code)?.name ?? code
  const areaFullName = (code: string): string => {
    const own = area(code)
    return own ? own.path.split('/').filter(Boolean).map(areaName).join('') : (standardName(code) ?? code)
  }
  return { areaName, areaFullName }
}
