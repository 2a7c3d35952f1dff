/** What is wrong with the input; stable, for programs that translate or count faults. */
export type DetectionErrorCode = 'not-finite' | 'negative' | 'too-short' | 'unordered' | 'length' | 'option' | 'state'

/** Bad input. `index` is the 0-based place in the series or list that is at fault, -1 when it is not one place. */
export class DetectionError extends Error {
  override readonly name = 'DetectionError'
  readonly code: DetectionErrorCode
  readonly index: number

  constructor(code: DetectionErrorCode, message: string, index = -1) {
    super(index < 0 ? message : `${message} (index ${index})`)
    this.code = code
    this.index = index
  }
}
