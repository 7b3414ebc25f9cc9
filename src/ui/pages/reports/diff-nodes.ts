import { diffLists } from '../../../compute/list-diff.ts'
import { diffWords } from '../../../compute/word-diff.ts'

const BLOCKS = new Set(
  'P H1 H2 H3 H4 H5 H6 UL OL LI TABLE THEAD TBODY TR TD TH BLOCKQUOTE PRE DIV HR'.split(' '),
)

/**
 * Marks in `after` what `before` lacks, and puts into it what `before` had more, word by word: blocks are compared
 * with those that took their place. False where some were too different to be compared by words.
 */
export function markChanges(before: ParentNode, after: ParentNode): boolean {
  const [a, b] = [[...before.children], [...after.children]]
  let whole = true
  let next: Element | null = b[0] ?? null
  const changes = diffLists(
    a,
    b,
    (one, other) => one.outerHTML === other.outerHTML,
    (one, other) => one.tagName === other.tagName,
  )
  for (const change of changes) {
    const [one, other] = [a[change.before], b[change.after]]
    if (change.kind === 'gone' && one) {
      const gone = one.cloneNode(true) as Element
      markWhole(gone, 'gone')
      after.insertBefore(gone, next)
      continue
    }
    if (!other) continue
    next = b[change.after + 1] ?? null
    if (change.kind === 'new') markWhole(other, 'new')
    else if (change.kind === 'changed' && one) whole = markElement(one, other) && whole
  }
  return whole
}

/** All of a block is new, or gone: its words are marked, and it is told from the others by a class. */
export function markWhole(element: Element, kind: 'gone' | 'new'): void {
  element.classList.add(`diff-${kind}`)
  for (const text of textsOf(element)) wrap(text, kind === 'gone' ? 'del' : 'ins')
  if (kind === 'gone')
    // what is gone leads nowhere
    for (const link of element.querySelectorAll('a')) link.removeAttribute('href')
}

function markElement(before: Element, after: Element): boolean {
  if (holdsBlocks(before) && holdsBlocks(after)) return markChanges(before, after)
  return markWords(before, after)
}

/** Blocks alone, no words between them. */
function holdsBlocks(element: Element): boolean {
  return (
    element.children.length > 0 &&
    [...element.childNodes].every((node) =>
      node instanceof Element ? BLOCKS.has(node.tagName) : (node.textContent ?? '').trim() === '',
    )
  )
}

function markWords(before: Element, after: Element): boolean {
  const { pieces, whole } = diffWords(before.textContent ?? '', after.textContent ?? '')
  let at = (after.textContent ?? '').length
  // from the end, so that places before stay where they are
  for (const { kind, text } of pieces.toReversed()) {
    if (kind === 'del') insertAt(after, at, text)
    else {
      at -= text.length
      if (kind === 'ins') wrapRange(after, at, at + text.length)
    }
  }
  return whole
}

function wrapRange(root: Element, from: number, end: number): void {
  let at = 0
  for (const text of textsOf(root)) {
    const [start, stop] = [at, at + text.data.length]
    at = stop
    if (stop <= from || start >= end || text.parentElement?.closest('.diff')) continue
    let part = text
    if (from > start) part = part.splitText(from - start)
    const length = Math.min(end, stop) - Math.max(from, start)
    if (length < part.data.length) part.splitText(length)
    wrap(part, 'ins')
  }
}

function insertAt(root: Element, place: number, words: string): void {
  const gone = marked('del')
  gone.textContent = words
  let at = 0
  for (const text of textsOf(root)) {
    const stop = at + text.data.length
    // what was put in before belongs to no place of the text
    if (text.parentElement?.closest('del.diff')) continue
    if (place < stop || (place === stop && place === 0)) {
      const behind = place > at ? text.splitText(place - at) : text
      const outer = behind.parentElement?.closest('ins.diff') ?? behind
      outer.parentNode?.insertBefore(gone, outer)
      return
    }
    at = stop
  }
  root.append(gone)
}

function wrap(text: Text, tag: 'ins' | 'del'): void {
  if (text.data.trim() === '' && text.parentElement && BLOCKS.has(text.parentElement.tagName)) {
    if (holdsBlocks(text.parentElement)) return
  }
  const mark = marked(tag)
  text.replaceWith(mark)
  mark.append(text)
}

function marked(tag: 'ins' | 'del'): HTMLElement {
  const mark = document.createElement(tag)
  mark.className = 'diff'
  return mark
}

function textsOf(root: Element): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  while (walker.nextNode()) found.push(walker.currentNode as Text)
  return found
}
