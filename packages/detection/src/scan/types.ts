/** A place where cases are counted. Degrees (x = longitude, y = latitude) or plane coordinates, as `metric` says. */
export type ScanSite = { id: string; x: number; y: number }

export type ScanCase = {
  /** `id` of a site. */
  site: string
  /** Whole day number, of any origin. */
  day: number
  /** Cases of that place and day; 1 unless told. */
  count?: number
}

export type ScanOptions = {
  /** Largest radius of a circle: km for degrees, else the plane's unit. No limit unless told. */
  maxRadius?: number
  /** Largest share of all cases (Poisson: of the population) in a circle; 0.5 unless told. */
  maxShare?: number
  /** Longest cluster in days; 7 unless told. */
  maxDays?: number
  /** Last day: only clusters alive on it are looked for. The last day with a case unless told. */
  lastDay?: number
  /** Replications under the null; 999 unless told. */
  permutations?: number
  seed?: number
  metric?: 'degrees' | 'plane'
}

export type ScanCluster = {
  /** Sites of the circle, nearest to the centre first; the centre is the first. */
  sites: string[]
  center: string
  radius: number
  /** First and last day. */
  from: number
  to: number
  cases: number
  expected: number
  /** Log likelihood ratio. */
  llr: number
  /** Monte Carlo p-value, (number of maxima as large + 1) / (permutations + 1). */
  p: number
  /** p-value by the Gumbel distribution fitted to the maxima: finer than 1 / (permutations + 1). */
  gumbelP: number
}

export type ScanResult = {
  /** The most likely cluster and those that share no site with a likelier one, likeliest first. */
  clusters: ScanCluster[]
  /** Largest log likelihood ratio of each replication. */
  maxima: Float64Array
}

/** A scan made ready: plain data, so that replications can be handed to workers. */
export type ScanProblem = {
  kind: 'permutation' | 'poisson'
  ids: string[]
  /** Sites around each centre by distance: `neighbour[first[k]] … neighbour[first[k + 1] − 1]`. */
  first: Int32Array
  neighbour: Int32Array
  distance: Float64Array
  /** 1 at the last of neighbours at the same distance: circles end there only. */
  circleEnd: Uint8Array
  /** What a site adds to a circle's expected count, before the factor of the length. */
  weight: Float64Array
  /** Per length 1 … maxDays: expected count of a circle = factor · sum of weights. */
  factor: Float64Array
  /** All cases, and per site how many lie in the last 1 … maxDays days. */
  total: number
  recent: Int32Array
  /** Permutation: the site of each case, and the ages in days of the cases of the last maxDays days. */
  caseSite: Int32Array
  ages: Int32Array
  /** Poisson: cumulative weights of sites, and the share of each day back. */
  cumulative: Float64Array
  dayShare: Float64Array
  maxDays: number
  lastDay: number
  permutations: number
  seed: number
}
