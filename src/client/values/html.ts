import { TrackioError } from '../../model/errors.ts'
import { type Encoded, fetchSource, kindOf, Media, optionsOf } from './media.ts'

/** What `Html` takes beside its value. Names in Python's spelling are taken too. */
export interface HtmlOptions {
  caption?: string | null | undefined
  /** Fragments become a whole document with a plain look. Default true. */
  inject?: boolean
}

const STYLE =
  ':root{color-scheme:light dark}body{margin:0;padding:12px;font-family:system-ui,sans-serif}img,svg{max-width:100%;height:auto}'

/**
 * A page or a fragment of HTML, shown in a sandboxed frame. Takes text (always markup), a Blob or File, a URL
 * object, or an element (an SVG chart).
 *
 * @example trackio.log({ report: new trackio.Html('<h1>Results</h1>') })
 */
export class Html extends Media {
  readonly type = 'trackio.html'
  readonly #value: string | Blob | URL
  readonly #inject: boolean

  constructor(value: string | Blob | URL | Element, options?: string | HtmlOptions | null) {
    const { caption, inject } = optionsOf(options)
    super(caption)
    this.#inject = inject ?? true
    if (typeof value === 'string' || value instanceof URL || value instanceof Blob) this.#value = value
    else if (typeof value === 'object' && value !== null && typeof value.outerHTML === 'string')
      this.#value = value.outerHTML
    else
      throw new TrackioError(
        'Html',
        `Invalid data type for Html, expected a string, a Blob, a URL or an element, got ${kindOf(value)}`,
      )
  }

  protected async load(): Promise<Encoded> {
    const value = this.#value
    const html = typeof value === 'string' ? value : await (await fetchSource(value, 'html')).blob.text()
    return { blob: new Blob([this.#inject ? wrapped(html) : html], { type: 'text/html' }), extension: 'html' }
  }
}

function wrapped(html: string): string {
  if (/^\s*<(!doctype|html)/i.test(html)) return html
  return `<!doctype html><html><head><meta charset="utf-8"><style>${STYLE}</style></head><body>${html}</body></html>`
}
