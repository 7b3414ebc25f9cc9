/**
 * A cell as RFC 4180 wants it. A leading =, +, - or @ of a name gets an apostrophe: spreadsheets would run it
 * as a formula.
 */
export function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
