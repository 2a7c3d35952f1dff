// OWASP "CSV Injection": = + - @ tab CR LF, and the full-width forms that East Asian spreadsheets read alike.
const dangerous = /^'*[=+\-@\t\r\n＝＋－＠]/

/**
 * Puts an apostrophe before text that a spreadsheet could take for a formula (OWASP, CSV Injection). Text that already
 * begins with apostrophes before such a character gets one more, so that `unprotect` restores every text exactly.
 */
export function protect(text: string): string {
  return dangerous.test(text) ? `'${text}` : text
}

/** Takes away the apostrophe that `protect` has put. */
export function unprotect(text: string): string {
  return text.startsWith("'") && dangerous.test(text) ? text.slice(1) : text
}
