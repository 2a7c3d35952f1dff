/**
 * The point where a rising function passes zero: Newton steps kept inside a bracket that is halved when they leave it.
 * `slope` may be NaN or 0; then the bracket alone is used.
 */
export function risingRoot(
  value: (x: number) => number,
  slope: (x: number) => number,
  low: number,
  high: number,
  start: number,
): number {
  let x = Math.min(Math.max(start, low), high)
  for (let i = 0; i < 200; i++) {
    const v = value(x)
    if (v === 0) return x
    if (v < 0) low = x
    else high = x
    const step = x - v / slope(x)
    const next = step > low && step < high ? step : 0.5 * (low + high)
    if (Math.abs(next - x) <= 1e-15 * Math.abs(x) || next === low || next === high) return next
    x = next
  }
  return x
}

/**
 * The smallest whole k ≥ 0 with cdf(k) ≥ p, walking from a guess. p is lowered by 64 ulp so that a p which is itself
 * a cdf value gives back its k, as in R's discrete quantiles.
 */
export function wholeQuantile(p: number, cdf: (k: number) => number, guess: number): number {
  const target = p * (1 - 64 * Number.EPSILON)
  let step = Math.max(1, Math.floor(guess * 1e-3))
  let k = Math.max(0, Math.floor(guess))
  for (;;) {
    if (cdf(k) >= target) while (k > 0 && cdf(k - step) >= target) k = Math.max(0, k - step)
    else while (cdf(k) < target) k += step
    if (step === 1) return k
    step = Math.max(1, Math.floor(step / 100))
  }
}
