import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { collect, textRow, workbookParts, zipOf } from './fixture.ts'

const columns = [{ key: 'a', heads: ['甲'] }]
const options = { filename: 'a.xlsx', columns }
const parts = workbookParts({ sheets: textRow(1, ['甲']) + textRow(2, ['1']) })
const sheet = 'xl/worksheets/sheet1.xml'

describe('zip bombs', () => {
  it('refuses a ratio above the limit before inflating anything', async () => {
    const bomb = zipOf({ ...parts, 'xl/media/a.bin': Buffer.alloc(64 * 1024 ** 2) })
    expect(bomb.length).toBeLessThan(100_000)
    const before = process.memoryUsage().rss
    await expect(collect(bomb, options)).rejects.toMatchObject({ code: 'zip-bomb' })
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1024 ** 2)
  })

  it('refuses a declared size above the limit', async () => {
    const bomb = zipOf(parts, { [sheet]: 3 * 1024 ** 3 })
    await expect(collect(bomb, options)).rejects.toMatchObject({ code: 'zip-bomb' })
    await expect(collect(zipOf(parts), { ...options, limits: { maxUncompressedBytes: 1000 } })).rejects.toMatchObject({
      code: 'zip-bomb',
    })
  })

  it('stops at a part that is longer than its label says', async () => {
    const long = { ...parts, [sheet]: parts[sheet]!.replace('<dimension', `${' '.repeat(20_000_000)}<dimension`) }
    await expect(collect(zipOf(long, { [sheet]: 1000 }), options)).rejects.toMatchObject({ code: 'zip-bomb' })
    await setTimeout(0)
  })

  it('refuses strings that would fill the memory, and blank rows without end', async () => {
    const strings = { ...parts, 'xl/sharedStrings.xml': `<sst>${'<si/>'.repeat(1000)}</sst>` }
    const limits = { maxStringBytes: 4000 }
    await expect(collect(zipOf(strings), { ...options, limits })).rejects.toMatchObject({ code: 'too-large' })
    const blank = { ...parts, [sheet]: `<worksheet><sheetData>${'<row/>'.repeat(1_048_577)}</sheetData></worksheet>` }
    const loose = { maxCompressionRatio: 10_000 }
    await expect(collect(zipOf(blank), { ...options, limits: loose })).rejects.toMatchObject({ code: 'too-many-rows' })
  })

  it('refuses document types, where entity bombs live', async () => {
    const evil = { ...parts, [sheet]: `<!DOCTYPE x [<!ENTITY a "b">]>${parts[sheet]}` }
    await expect(collect(zipOf(evil), options)).rejects.toMatchObject({ code: 'damaged' })
  })
})

describe('damaged containers', () => {
  it('refuses a broken body, a foreign ZIP and XML that ends early', async () => {
    const good = zipOf(parts)
    expect(await collect(good, options)).toHaveLength(1)
    const broken = Buffer.from(good)
    broken.fill(0xff, good.indexOf(sheet) + sheet.length, good.indexOf(sheet) + sheet.length + 40)
    await expect(collect(broken, options)).rejects.toMatchObject({ code: 'damaged' })
    const word = zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>' })
    await expect(collect(word, options)).rejects.toMatchObject({ code: 'unsupported-format' })
    const cut = zipOf({ ...parts, [sheet]: parts[sheet]!.slice(0, -3) })
    await expect(collect(cut, options)).rejects.toMatchObject({ code: 'damaged' })
  })

  it('never throws anything but a typed error, whatever byte is wrong', async () => {
    const good = zipOf(parts)
    for (let at = 4; at < good.length; at += 3) {
      const bytes = Buffer.from(good)
      bytes[at] = bytes[at]! ^ 0x55
      const outcome = await collect(bytes, options).then(
        () => 'read',
        (error: Error) => error.name,
      )
      expect(['read', 'TableError'], `byte ${at}`).toContain(outcome)
    }
  })
})
