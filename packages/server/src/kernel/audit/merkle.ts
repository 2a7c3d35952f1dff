import { hash } from 'node:crypto'

// Merkle tree of RFC 9162, 2.1 (the same as RFC 6962, 2.1) with SHA-256.

/** Root of the tree without leaves: the hash of nothing. */
export const emptyRoot: Buffer = hash('sha256', '', 'buffer')

const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])

/** Hash of a leaf: SHA-256(0x00 ‖ data). */
export function leafHash(data: Buffer): Buffer {
  return hash('sha256', Buffer.concat([leafPrefix, data]), 'buffer')
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer')
}

/** Tree that only grows: its size and the roots of its perfect subtrees, largest first (one per 1-bit of the size). */
export interface Frontier {
  readonly size: number
  readonly nodes: readonly Buffer[]
}

export const emptyFrontier: Frontier = { size: 0, nodes: [] }

/** Appends leaf hashes; costs about one node hash per leaf and reads nothing older. */
export function append(frontier: Frontier, leaves: Iterable<Buffer>): Frontier {
  const nodes = [...frontier.nodes]
  let size = frontier.size
  for (const leaf of leaves) {
    let node = leaf
    // Each trailing 1-bit of the size is a perfect subtree that the new one completes. Division: sizes may pass 2^31.
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(nodes.pop()!, node)
    nodes.push(node)
    size++
  }
  return { size, nodes }
}

/** Root of a frontier. */
export function frontierRoot(frontier: Frontier): Buffer {
  if (frontier.nodes.length === 0) return emptyRoot
  return frontier.nodes.reduceRight((right, left) => nodeHash(left, right))
}

/** True when the frontier has the shape of its size and gives `root`. */
export function isFrontierOf(frontier: Frontier, root: Buffer): boolean {
  let bits = 0
  for (let rest = frontier.size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2
  return frontier.nodes.length === bits && frontierRoot(frontier).equals(root)
}

/** Root over leaf hashes. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  return frontierRoot(append(emptyFrontier, leaves))
}

/** Largest power of two smaller than n (n ≥ 2). */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/**
 * Audit path of a leaf, from the leaf upwards (RFC 9162, 2.1.3.1).
 * @throws RangeError when there is no such leaf
 */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError(`no leaf ${index}`)
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return index < k
    ? [...inclusionProof(leaves.slice(0, k), index), rootOf(leaves.slice(k))]
    : [...inclusionProof(leaves.slice(k), index - k), rootOf(leaves.slice(0, k))]
}

/** True when `proof` shows that `leaf` has the place `index` in the tree of `size` leaves with `root`. */
export function verifyInclusion(index: number, size: number, leaf: Buffer, proof: readonly Buffer[], root: Buffer) {
  if (!Number.isInteger(index) || !Number.isInteger(size) || index < 0 || index >= size) return false
  let place = index
  let last = size - 1
  let node = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      node = nodeHash(sibling, node)
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)]
    } else {
      node = nodeHash(node, sibling)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && node.equals(root)
}

/**
 * Proof that the first `size` leaves are the beginning of the tree (RFC 9162, 2.1.4.1).
 * @throws RangeError when the size is not from 1 to the number of leaves
 */
export function consistencyProof(leaves: readonly Buffer[], size: number): Buffer[] {
  if (!Number.isInteger(size) || size < 1 || size > leaves.length) throw new RangeError(`no tree of ${size} leaves`)
  return subproof(leaves, size, true)
}

function subproof(leaves: readonly Buffer[], size: number, whole: boolean): Buffer[] {
  if (size === leaves.length) return whole ? [] : [rootOf(leaves)]
  const k = split(leaves.length)
  return size <= k
    ? [...subproof(leaves.slice(0, k), size, whole), rootOf(leaves.slice(k))]
    : [...subproof(leaves.slice(k), size - k, false), rootOf(leaves.slice(0, k))]
}

/** True when `proof` shows that the tree (`oldSize`, `oldRoot`) is the beginning of the tree (`size`, `root`). */
export function verifyConsistency(
  oldSize: number,
  oldRoot: Buffer,
  size: number,
  root: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (!Number.isInteger(oldSize) || !Number.isInteger(size) || oldSize < 1 || oldSize > size) return false
  if (oldSize === size) return proof.length === 0 && oldRoot.equals(root)
  let place = oldSize - 1
  let last = size - 1
  while (place % 2 === 1) [place, last] = [(place - 1) / 2, Math.floor(last / 2)]
  // When the old tree is one perfect subtree, its root begins the path and is not part of the proof.
  const path = place === 0 ? [oldRoot, ...proof] : [...proof]
  const seed = path.shift()
  if (!seed) return false
  let oldNode = seed
  let node = seed
  for (const sibling of path) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      oldNode = nodeHash(sibling, oldNode)
      node = nodeHash(sibling, node)
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)]
    } else {
      node = nodeHash(node, sibling)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && oldNode.equals(oldRoot) && node.equals(root)
}
