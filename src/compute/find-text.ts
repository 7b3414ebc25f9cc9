/**
 * Where a text stands in another, without case, one behind the other: `[from, end]` in letters of `text`. As
 * Unicode has it a few letters are longer in lower case (`İ`); a text with such is gone through letter by
 * letter.
 */
export function findText(text: string, wanted: string): [from: number, end: number][] {
  if (wanted === '') return []
  const sought = wanted.toLowerCase()
  const lower = text.toLowerCase()
  const places = lower.length === text.length ? undefined : placesOf(text)
  const found: [number, number][] = []
  for (let at = lower.indexOf(sought); at >= 0; at = lower.indexOf(sought, at + sought.length)) {
    const end = at + sought.length
    found.push(places ? [places[at] ?? 0, places[end] ?? text.length] : [at, end])
  }
  return found
}

/** Of each letter in lower case the place of the one that it is of. */
function placesOf(text: string): number[] {
  const places: number[] = []
  let at = 0
  for (const letter of text) {
    for (let i = 0; i < letter.toLowerCase().length; i++) places.push(at)
    at += letter.length
  }
  return places
}
