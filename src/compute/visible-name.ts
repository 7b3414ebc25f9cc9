const CODES: Record<string, string> = {
  '\0': 'NUL',
  '\r': 'CR',
  '\xa0': 'NBSP',
  '\xad': 'SHY',
  '\ufeff': 'BOM',
}
for (const [first, names] of [
  [0x200b, 'ZWSP ZWNJ ZWJ LRM RLM'],
  [0x202a, 'LRE RLE PDF LRO RLO'],
  [0x2066, 'LRI RLI FSI PDI'],
] as const)
  for (const [i, name] of names.split(' ').entries()) CODES[String.fromCharCode(first + i)] = name

/**
 * What is not seen, or is seen elsewhere than it stands: spaces other than one within, controls, marks of
 * direction, what is ignored or unknown, halves of pairs, accents without a letter and the fifth on one
 * letter. And what stands for those below, so that no name can be written that looks like another.
 */
const HIDDEN = /^ +| +$| {2,}|[^\P{Z} ]|[\p{C}\p{DI}\u2800⟨⟩␣↵⇥]|^\p{M}|(?<=\p{M}{4})\p{M}/gu
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/**
 * A name as it is shown: on one line, and different from every other name in what is seen of it, look-alikes
 * of other scripts aside. `run⟨RLO⟩gpj`, `a↵b`, `␣a`; any other name stays as it is. For what is copied,
 * linked and exported the name itself is used.
 */
export function visibleName(name: string): string {
  return name.replace(HIDDEN, (found, at: number) => {
    if (found[0] === ' ') return '␣'.repeat(found.length)
    if (found === '\n') return '↵'
    if (found === '\t') return '⇥'
    return isEmoji(name, found, at) ? found : `⟨${CODES[found] ?? `U+${hex(found)}`}⟩`
  })
}

/** The same within a sentence: a name that runs from right to left turns nothing around it. */
export function nameInText(name: string): string {
  const shown = visibleName(name)
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown
}

/** What joins parts of one emoji (👩‍🚀) or asks for its colours. */
function isEmoji(name: string, found: string, at: number): boolean {
  if (found !== '\u200d' && found !== '\ufe0f') return false
  const [before, after] = [name.slice(Math.max(0, at - 6), at), name.slice(at + 1, at + 3)]
  if (!/\p{ExtPict}(\ufe0f|\p{EMod})?$/u.test(before)) return found === '\ufe0f' && after[0] === '\u20e3'
  return found === '\ufe0f' ? !before.endsWith(found) : /^\p{ExtPict}/u.test(after)
}

function hex(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
