import { TrackioError } from '../../model/errors.ts'

/** The token for an address, which is that of its origin alone; undefined where none was given. */
export type TokenFor = (url: string) => string | undefined

/** Tokens by origin, in memory, for as long as whoever made the table lives. */
export interface TokenTable {
  /**
   * The token of an origin (`https://huggingface.co`) from now on, and of no other, the same host without
   * encryption included; undefined forgets it. Throws where it can be none: a header takes no such letters.
   */
  set(origin: string, token: string | undefined): void
  of: TokenFor
}

export function makeTokenTable(): TokenTable {
  const tokens = new Map<string, string>()
  return {
    set(origin, token) {
      const clean = token?.trim()
      if (clean && !/^[\x21-\x7e]+$/.test(clean)) {
        throw new TrackioError(
          'token',
          'not an access token: it has spaces or letters that no token has',
          'Copy it again: it begins with hf_.',
        )
      }
      const key = new URL(origin).origin
      if (clean) tokens.set(key, clean)
      else tokens.delete(key)
    },
    of: (url) => tokens.get(new URL(url).origin),
  }
}
