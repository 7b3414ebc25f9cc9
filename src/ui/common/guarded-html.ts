/** Attributes that name something to be fetched or gone to. */
const ADDRESSES = new Set([
  ...['src', 'href', 'xlink:href', 'srcset', 'imagesrcset', 'poster', 'data', 'action', 'formaction'],
  ...[
    'background',
    'ping',
    'srcdoc',
    'cite',
    'longdesc',
    'profile',
    'manifest',
    'codebase',
    'classid',
    'archive',
  ],
])
/** Elements that load, go somewhere or change how others load, whatever their attributes are. */
const LOADING =
  'script, link, base, meta[http-equiv], iframe, frame, object, embed, applet, portal, fencedframe, template'

/** Nothing of another place, and nothing of this one, is asked for; styles and pictures may be inside the text. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; form-action 'none'; base-uri 'none'"

export interface GuardedHtml {
  html: string
  /** It holds scripts, or asks for some: they were taken out. */
  scripts: boolean
  /** What else it would have fetched or gone to. */
  addresses: number
}

/**
 * A logged page that can be shown without anything of it being run or fetched: what would be is taken out, and the
 * policy in its head forbids it again. Its frame (a sandbox without rights) is the third wall.
 */
export function guardedHtml(text: string): GuardedHtml {
  const page = new DOMParser().parseFromString(text, 'text/html')
  let scripts = false
  let addresses = 0
  for (const element of page.querySelectorAll(LOADING)) {
    if (element.localName === 'script') scripts = true
    else if (element.localName !== 'meta') addresses++
    element.remove()
  }
  const all = [...page.querySelectorAll('*')]
  for (const element of all) {
    for (const { name, value } of [...element.attributes]) {
      const plain = name.toLowerCase()
      if (plain.startsWith('on')) {
        scripts = true
        element.removeAttribute(name)
      } else if (ADDRESSES.has(plain) && !isInside(value)) {
        addresses++
        element.removeAttribute(name)
        if (element.localName === 'a') element.setAttribute('title', value)
      } else if (plain === 'target' || plain === 'http-equiv') element.removeAttribute(name)
    }
    // an animation can put an address in later
    if (
      /^(set|animate\w*)$/i.test(element.localName) &&
      /href/i.test(element.getAttribute('attributeName') ?? '')
    )
      element.remove()
  }
  const guards = [
    ['Content-Security-Policy', POLICY],
    ['x-dns-prefetch-control', 'off'],
  ] as const
  for (const [name, content] of [...guards].reverse()) {
    const meta = page.createElement('meta')
    meta.setAttribute('http-equiv', name)
    meta.content = content
    page.head.prepend(meta)
  }
  return { html: `<!doctype html>${page.documentElement.outerHTML}`, scripts, addresses }
}

/** It stands in the page itself: a place of it, or bytes of a picture. */
function isInside(value: string): boolean {
  const text = value.trim().toLowerCase()
  return text.startsWith('#') || /^data:(image|font|audio|video)\//.test(text)
}
