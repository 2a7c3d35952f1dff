import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  append,
  consistencyProof,
  emptyFrontier,
  emptyRoot,
  frontierRoot,
  inclusionProof,
  isFrontierOf,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'

// Leaves of the test data of github.com/google/certificate-transparency (MerkleTreeTest).
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const leaves = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')))

// The definition of RFC 9162, 2.1.1, word for word.
const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
function definition(data: readonly Buffer[]): Buffer {
  if (data.length === 0) return sha256()
  if (data.length === 1) return sha256(Buffer.from([0]), data[0]!)
  let k = 1
  while (k * 2 < data.length) k *= 2
  return sha256(Buffer.from([1]), definition(data.slice(0, k)), definition(data.slice(k)))
}

const someData = fc
  .array(
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    { minLength: 1, maxLength: 70 },
  )
  .map((data) => ({ data, hashes: data.map(leafHash) }))

describe('golden roots', () => {
  test('the empty tree and 8 leaves', () => {
    expect(emptyRoot.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(rootOf([])).toEqual(emptyRoot)
    expect(rootOf(leaves).toString('hex')).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
  })

  test('the leaf without data', () => {
    expect(rootOf(leaves.slice(0, 1)).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
  })
})

test('the root is that of the definition', () => {
  fc.assert(
    fc.property(someData, ({ data, hashes }) => {
      expect(rootOf(hashes)).toEqual(definition(data))
    }),
  )
})

test('appending in any batches gives the root of all, and the frontier has the shape of its size', () => {
  fc.assert(
    fc.property(someData, fc.nat(), ({ data, hashes }, cut) => {
      const at = cut % (data.length + 1)
      const tree = append(append(emptyFrontier, hashes.slice(0, at)), hashes.slice(at))
      expect(frontierRoot(tree)).toEqual(definition(data))
      expect(isFrontierOf(tree, definition(data))).toBe(true)
      expect(isFrontierOf({ ...tree, size: tree.size + 1 }, definition(data))).toBe(
        // Sizes with the same number of 1-bits cannot be told apart by the nodes alone.
        (tree.size + 1).toString(2).replaceAll('0', '').length === tree.nodes.length,
      )
    }),
  )
})

test('a size that passes 2^31 is appended to', () => {
  const nodes = [leaves[0]!, leaves[1]!]
  const tree = append({ size: 2 ** 32 + 1, nodes }, [leaves[2]!])
  expect(tree.size).toBe(2 ** 32 + 2)
  expect(tree.nodes).toHaveLength(2)
})

test('inclusion is proven, and for no other place, leaf or root', () => {
  fc.assert(
    fc.property(someData, fc.nat(), fc.nat(), ({ data, hashes }, pick, other) => {
      const size = data.length
      const index = pick % size
      const proof = inclusionProof(hashes, index)
      const root = definition(data)
      expect(verifyInclusion(index, size, hashes[index]!, proof, root)).toBe(true)
      expect(verifyInclusion(index, size, leafHash(Buffer.from('other')), proof, root)).toBe(false)
      expect(verifyInclusion(index, size, hashes[index]!, proof, emptyRoot)).toBe(false)
      expect(verifyInclusion(index, size, hashes[index]!, [...proof, root], root)).toBe(false)
      const wrong = other % size
      if (!hashes[wrong]!.equals(hashes[index]!)) {
        expect(verifyInclusion(wrong, size, hashes[index]!, proof, root)).toBe(false)
      }
    }),
  )
})

test('consistency is proven, and not for a changed beginning', () => {
  fc.assert(
    fc.property(someData, fc.nat(), ({ data, hashes }, cut) => {
      const size = data.length
      const old = 1 + (cut % size)
      const proof = consistencyProof(hashes, old)
      const oldRoot = definition(data.slice(0, old))
      expect(verifyConsistency(old, oldRoot, size, definition(data), proof)).toBe(true)
      const forged = leafHash(Buffer.from('forged'))
      expect(verifyConsistency(old, forged, size, definition(data), proof)).toBe(false)
      expect(verifyConsistency(old, oldRoot, size, forged, proof)).toBe(false)
      expect(verifyConsistency(old, oldRoot, size, definition(data), [...proof, forged])).toBe(false)
    }),
  )
})

test('places outside the tree are refused', () => {
  expect(() => inclusionProof(leaves, 8)).toThrow(RangeError)
  expect(() => consistencyProof(leaves, 0)).toThrow(RangeError)
  expect(verifyInclusion(8, 8, leaves[7]!, [], emptyRoot)).toBe(false)
  expect(verifyConsistency(3, emptyRoot, 2, emptyRoot, [])).toBe(false)
})
