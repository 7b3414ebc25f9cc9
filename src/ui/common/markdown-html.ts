import createDOMPurify from 'dompurify'
import { Marked, type Token, type Tokens } from 'marked'

/** What Markdown makes; nothing of it runs, asks the network or leaves its place on the page. */
const TAGS = [
  ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'code', 'ul', 'ol', 'li'],
  ...['strong', 'em', 'del', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'input'],
]
const ATTRIBUTES = ['href', 'src', 'alt', 'title', 'align', 'start', 'type', 'checked', 'disabled']
/** Pictures that lie in the text itself. A drawing (SVG) could ask for other files. */
const OWN_PICTURE = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,[\d+/=a-z\s]*$/i
const ELSEWHERE = /^(?:https?:\/\/|mailto:)/i
/** Letters that are laid out at once: some milliseconds' worth. */
const SLICE = 10_000

const marked = new Marked({
  gfm: true,
  breaks: false,
  async: false,
  // HTML in the text is text: it is shown as it is written
  renderer: { html: ({ text }) => escaped(text) },
})
const purify = createDOMPurify(window)

export interface MarkdownOptions {
  /** How far below the page's own headings those of the text are; 2 where nothing is said. */
  below?: number
  /** A link that the page follows by itself: its address, and what tells it apart. */
  inner?(href: string): { href: string; data: [name: string, value: string] } | undefined
}

/** A stretch of a text: some of its blocks, or a fenced one that stands for something else. */
export type MarkdownPart =
  | { kind: 'text'; tokens: Token[]; raw: string }
  | { kind: 'fence'; text: string; raw: string }

/** A heading that stands in no other block. */
export interface MarkdownHeading {
  level: number
  text: string
}

/**
 * Markdown as nodes of the page. HTML stays text; pictures of other places are named in place of being
 * fetched; links are kept where they name a whole web or mail address, and are followed only by a person.
 * Throws RangeError where it is nested too deeply to be read.
 */
export function markdownNodes(text: string, options?: MarkdownOptions): DocumentFragment {
  return nodesOf(marked.lexer(text), options)
}

/** A block of a text by itself. */
export interface MarkdownBlock {
  type: string
  raw: string
  /** A fence of the language that is asked for stands within it. */
  holds: boolean
  part: MarkdownPart
}

/**
 * The blocks of a text, one behind the other; fenced ones of the language `apart` that stand in no other block are
 * parts of their own kind. Throws as above.
 */
export function markdownBlocks(text: string, apart: string): MarkdownBlock[] {
  return marked.lexer(text).flatMap((token): MarkdownBlock[] => {
    const { type, raw } = token
    if (type === 'space' || type === 'def') return []
    const fenced = isFence(token, apart)
    const holds = type !== 'code' && raw.includes(apart) && holdsFence(token, apart)
    return fenced
      ? [{ type: apart, raw, holds, part: { kind: 'fence', text: token.text, raw } }]
      : [{ type, raw, holds, part: { kind: 'text', tokens: [token], raw } }]
  })
}

/** Puts a part behind others as one stretch with the last of them, where that is not long enough yet. */
export function joinPart(open: MarkdownPart | undefined, part: MarkdownPart): MarkdownPart | undefined {
  if (open?.kind !== 'text' || part.kind !== 'text' || open.raw.length >= SLICE) return undefined
  return { kind: 'text', tokens: [...open.tokens, ...part.tokens], raw: open.raw + part.raw }
}

/** The heading that a block is. */
export function headingOf({ part }: MarkdownBlock): MarkdownHeading | undefined {
  const token = part.kind === 'text' ? part.tokens[0] : undefined
  return token?.type === 'heading'
    ? { level: (token as Tokens.Heading).depth, text: wordsOf(token) }
    : undefined
}

export function partNodes(part: MarkdownPart, options?: MarkdownOptions): DocumentFragment {
  return part.kind === 'text' ? nodesOf(part.tokens, options) : markdownNodes(part.raw, options)
}

function nodesOf(tokens: Token[], { below = 2, inner }: MarkdownOptions = {}): DocumentFragment {
  const nodes = purify.sanitize(marked.parser(tokens), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  })
  for (const picture of nodes.querySelectorAll('img')) settlePicture(picture)
  for (const link of nodes.querySelectorAll('a')) settleLink(link, inner)
  for (const box of nodes.querySelectorAll('input')) {
    // a list of tasks is read, not filled in
    box.setAttribute('type', 'checkbox')
    box.setAttribute('disabled', '')
    box.setAttribute('aria-label', box.checked ? 'done' : 'to do')
  }
  // a page has headings of its own: these are below them
  for (const head of nodes.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Math.min(6, Number(head.tagName[1]) + below)
    const lower = document.createElement(`h${level}`)
    lower.dataset.level = head.tagName[1] ?? ''
    lower.append(...head.childNodes)
    head.replaceWith(lower)
  }
  for (const table of nodes.querySelectorAll('table, pre')) {
    // what is wider than the page scrolls by itself, with the keys too
    const box = document.createElement('div')
    box.className = 'wide'
    box.tabIndex = 0
    box.setAttribute('role', 'group')
    box.setAttribute('aria-label', table.tagName === 'PRE' ? 'Code' : 'Table')
    table.replaceWith(box)
    box.append(table)
  }
  return nodes
}

function settleLink(link: HTMLAnchorElement, inner: MarkdownOptions['inner']): void {
  const href = link.getAttribute('href') ?? ''
  const own = inner?.(href)
  if (own) {
    link.setAttribute('href', own.href)
    link.dataset[own.data[0]] = own.data[1]
    return
  }
  if (!ELSEWHERE.test(href)) {
    // an address within this page would leave the view
    const words = document.createElement('span')
    words.append(...link.childNodes)
    if (href !== '') words.title = href
    link.replaceWith(words)
    return
  }
  link.target = '_blank'
  link.rel = 'noopener noreferrer nofollow'
  link.referrerPolicy = 'no-referrer'
  link.title = href
}

function settlePicture(picture: HTMLImageElement): void {
  const source = picture.getAttribute('src') ?? ''
  if (OWN_PICTURE.test(source)) return
  const words = document.createElement('span')
  words.className = 'not-fetched'
  const name = picture.getAttribute('alt') ?? ''
  words.append(`[picture not fetched${name === '' ? '' : `: ${name}`}, `)
  // within a link there is no other
  if (/^https?:\/\//i.test(source) && !picture.closest('a')) {
    const link = document.createElement('a')
    link.setAttribute('href', source)
    link.textContent = source
    words.append(link)
  } else words.append(source || 'no address')
  words.append(']')
  picture.replaceWith(words)
}

function isFence(token: Token, language: string): token is Tokens.Code {
  return token.type === 'code' && (token as Tokens.Code).lang?.trim().split(/\s/)[0] === language
}

function holdsFence(token: Token, language: string): boolean {
  if (isFence(token, language)) return true
  const { tokens, items } = token as { tokens?: Token[]; items?: Token[] }
  return [...(tokens ?? []), ...(items ?? [])].some((inside) => holdsFence(inside, language))
}

/** What is read of a heading, its marks left out. */
function wordsOf(token: Token): string {
  const inside = 'tokens' in token ? token.tokens : undefined
  if (inside && inside.length > 0) return inside.map(wordsOf).join('')
  return 'text' in token && typeof token.text === 'string' ? token.text : ''
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
