/**
 * - `tampered`: the ciphertext, the row it is bound to, or a wrapped key is not what was sealed
 * - `shredded`: the month's key was destroyed; the data cannot be read again
 * - `no-key`: the key is not loaded, not in the database, or its master key is missing or wrong
 * - `refused`: the operation is not allowed, such as shredding the current month
 */
export type VaultErrorCode = 'tampered' | 'shredded' | 'no-key' | 'refused'

/** Failure of the vault; `message` is fit to be shown (Chinese, for the operator also English). Never holds plaintext. */
export class VaultError extends Error {
  override name = 'VaultError'
  readonly code: VaultErrorCode
  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The error of a destroyed key. */
export function shredded(name: string): VaultError {
  return new VaultError('shredded', `${name} 的数据密钥已销毁，该月个人信息无法再读取`)
}
