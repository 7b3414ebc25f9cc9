import createDOMPurify from 'dompurify'
import { Marked } from 'marked'

/** What Markdown makes; nothing of it runs, asks the network or leaves its place on the page. */
const TAGS = [
  ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'code', 'ul', 'ol', 'li'],
  ...['strong', 'em', 'del', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'input'],
]
const ATTRIBUTES = ['href', 'src', 'alt', 'title', 'align', 'start', 'type', 'checked', 'disabled']
/** Pictures that lie in the text itself. A drawing (SVG) could ask for other files. */
const OWN_PICTURE = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,[\d+/=a-z\s]*$/i

const marked = new Marked({
  gfm: true,
  breaks: false,
  async: false,
  // HTML in the text is text: it is shown as it is written
  renderer: { html: ({ text }) => escaped(text) },
})
const purify = createDOMPurify(window)

/**
 * Markdown as nodes of the page. HTML stays text; pictures of other places are named in place of being
 * fetched; links are kept where they name a whole web or mail address, and are followed only by a person.
 * Throws RangeError where it is nested too deeply to be read.
 */
export function markdownNodes(text: string): DocumentFragment {
  const html = marked.parse(text) as string // without async options it answers at once
  const nodes = purify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  })
  for (const link of nodes.querySelectorAll('a')) settleLink(link)
  for (const picture of nodes.querySelectorAll('img')) settlePicture(picture)
  for (const box of nodes.querySelectorAll('input')) {
    // a list of tasks is read, not filled in
    box.setAttribute('type', 'checkbox')
    box.setAttribute('disabled', '')
    box.setAttribute('aria-label', box.checked ? 'done' : 'to do')
  }
  // a page has headings of its own: these are below them
  for (const head of nodes.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Math.min(6, Number(head.tagName[1]) + 2)
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
    box.setAttribute('role', 'region')
    box.setAttribute('aria-label', table.tagName === 'PRE' ? 'Code' : 'Table')
    table.replaceWith(box)
    box.append(table)
  }
  return nodes
}

function settleLink(link: HTMLAnchorElement): void {
  const href = link.getAttribute('href') ?? ''
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) {
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
  words.textContent = `[picture not fetched${name === '' ? '' : `: ${name}`}, ${source || 'no address'}]`
  picture.replaceWith(words)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
