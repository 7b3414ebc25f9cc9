/** Names with a comma between them; a comma of a name has a backslash before it, and one without a letter is `\\.`. */
export function formatNames(names: readonly string[]): string {
  return names.map((name) => (name === '' ? '\\.' : name.replace(/[\\,]/g, '\\$&'))).join(',')
}

export function parseNames(text: string): string[] {
  const names = ['']
  for (const [part] of text.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (part === ',') names.push('')
    else if (part !== '\\.') names[names.length - 1] += part.length > 1 ? part.slice(1) : part
  }
  return names
}
