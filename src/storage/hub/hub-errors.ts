import { AccessError, TrackioError } from '../../model/errors.ts'
import type { HubRepo } from '../../model/source.ts'
import { repoPage } from '../address/address.ts'

/** What a request is about, in words that may be shown: never a signed address, never a token. */
export interface Place {
  /** Origin of the Hub. */
  hub: string
  repo: HubRepo
  /** A file of the repository; absent: the repository itself. */
  path?: string
  /** Something is written there: a refusal is about that. */
  writing?: true
}

/** The Hub, or the store behind it, gave no answer: what was kept of earlier visits may stand in. */
export class OfflineError extends TrackioError {}

/** The repository, revision or file does not exist, as far as this visitor may know. */
export class MissingError extends TrackioError {}

/** `datasets/user/name` or `datasets/user/name/aux/configs.parquet`. */
export function placeName({ repo, path }: Place): string {
  return `${repo.type}s/${repo.id}${path ? `/${path}` : ''}`
}

export interface Refusal {
  status: number
  /** X-Error-Code: RepoNotFound, EntryNotFound, RevisionNotFound, GatedRepo. */
  code?: string | undefined
  /** X-Error-Message: the Hub's own words. */
  said?: string | undefined
  /** A token was sent along. */
  signedIn: boolean
}

/** What an answer of the Hub that is no success means, and what to do about it. */
export function refusalError(place: Place, refusal: Refusal): TrackioError {
  if (place.writing) return writeRefusal(place, refusal)
  const { status, code, said, signedIn } = refusal
  const subject = placeName(place)
  const { hub, repo } = place
  const type = repo.type === 'space' ? 'Space' : repo.type
  const words = said ? `: ${said}` : ''
  if (code === 'GatedRepo') {
    const token = signedIn ? '' : ', and add a token with read access'
    return new AccessError(
      subject,
      `gated: its owner wants to know who reads it (${status})`,
      `Request access at ${repoPage(hub, repo)}${token}.`,
      hub,
    )
  }
  if (status === 401 && signedIn) return badTokenError(place, 'read')
  if (status === 401) {
    // the Hub answers the same for both, so that nobody can find out which private names exist
    return new AccessError(
      subject,
      'private or does not exist (401)',
      `Check the name. If the ${type} is private, add a token with read access.`,
      hub,
    )
  }
  if (status === 403 && signedIn) {
    return new AccessError(
      subject,
      `the token may not read it (403)${words}`,
      `Ask its owner for access, or make a token with read access to it at ${hub}/settings/tokens.`,
      hub,
    )
  }
  if (status === 403)
    return new AccessError(
      subject,
      `the Hub refuses it (403)${words}`,
      `Look at ${repoPage(hub, repo)} for the reason.`,
      hub,
    )
  if (status === 404 && code === 'RevisionNotFound') {
    return new MissingError(
      subject,
      `no branch, tag or commit ${repo.revision ?? 'main'}`,
      `Choose one at ${repoPage(hub, repo)}.`,
    )
  }
  if (status === 404 && place.path !== undefined && code !== 'RepoNotFound') {
    return new MissingError(
      subject,
      `no such file in the ${type}`,
      `Look at its files at ${repoPage(hub, repo)}${repo.type === 'bucket' ? '' : '/tree/main'}.`,
    )
  }
  if (status === 404) {
    const who = signedIn ? 'does not exist, or the token may not see it (404)' : 'does not exist (404)'
    return new MissingError(
      subject,
      who,
      `Check the name, and that it is a ${type}. If it is private, the token needs read access to it.`,
    )
  }
  if (status >= 500)
    return new TrackioError(subject, `the Hub failed twice (${status})`, 'Try again in a few minutes.')
  return new TrackioError(subject, `the Hub answered ${status}${words}`, 'Try again later.')
}

function badTokenError(place: Place, access: 'read' | 'write'): AccessError {
  return new AccessError(
    placeName(place),
    'the Hub does not accept the token (401): wrong, expired or taken back',
    `Make a new one with ${access} access at ${place.hub}/settings/tokens and add it.`,
    place.hub,
  )
}

/** The same where something was to be written. */
function writeRefusal(place: Place, { status, said, signedIn }: Refusal): TrackioError {
  const subject = placeName(place)
  const { hub, repo } = place
  const words = said ? `: ${said}` : ''
  const again = 'Publish again: what arrived is not sent twice.'
  if (status === 401 && !signedIn) return noTokenError(place)
  if (status === 401) return badTokenError(place, 'write')
  if (status === 403) {
    return new AccessError(
      subject,
      `the token may not write there (403)${words}`,
      `Add a token with write access to everything of ${repo.id.split('/')[0]} (${hub}/settings/tokens), or publish under a name of your own.`,
      hub,
    )
  }
  if (status === 404) {
    return new MissingError(
      subject,
      'does not exist, or the token may not see it (404)',
      `Look at ${repoPage(hub, repo)}, then publish again.`,
    )
  }
  if (status === 409 || status === 412)
    return new TrackioError(subject, `somebody else changed it meanwhile (${status})${words}`, again)
  if (status >= 500)
    return new TrackioError(
      subject,
      `the Hub failed several times (${status})${words}`,
      `${again} Wait a few minutes first.`,
    )
  return new TrackioError(
    subject,
    `the Hub refuses what was sent (${status})${words}`,
    `Look at ${repoPage(hub, repo)} for the reason.`,
  )
}

/** Whoever writes has to be known. */
export function noTokenError(place: Place): AccessError {
  const { hub } = place
  return new AccessError(
    placeName(place),
    'the Hub wants to know who writes there, and no token was given',
    `Sign in, or add a token with write access (${hub}/settings/tokens).`,
    hub,
  )
}

/**
 * What the client library makes of an answer of the Hub. It takes answers to be what they should be and fails
 * with words of its own code where they are not; those are told as what they are, an answer that is not the
 * Hub's.
 */
export async function sensible<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) throw oddAnswer(place)
    throw cause
  }
}

/**
 * For a list that comes in pages: none is asked for twice, nor more than there can be, as one that leads back
 * to itself would never end.
 */
export function eachOnce(ask: typeof fetch, place: Place): typeof fetch {
  const asked = new Set<string>()
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (asked.has(url) || asked.size === MOST_PAGES) throw oddAnswer(place)
    asked.add(url)
    return ask(input, init)
  }
}

/** The Hub gives 1000 files a page, and advises against 100,000 in a repository. */
const MOST_PAGES = 1000

export function oddAnswer(place: Place): TrackioError {
  const { host } = new URL(place.hub)
  return new TrackioError(
    placeName(place),
    `the answer of ${host} is not one of the Hub`,
    `Open ${place.hub} in a tab of its own: the network may want a sign-in first, or another server answers under its name.`,
  )
}

/**
 * Too many requests, and the pause the Hub wants is longer than anybody waits. `seconds` of it are left, if
 * it said how many.
 */
export function tooManyError(place: Place, seconds: number | undefined, signedIn: boolean): TrackioError {
  const wait =
    seconds === undefined
      ? 'a few minutes'
      : seconds >= 90
        ? `${Math.ceil(seconds / 60)} minutes`
        : `${Math.ceil(seconds)} seconds`
  const more = signedIn ? '' : ' With a token of yours the Hub allows more.'
  return new TrackioError(
    placeName(place),
    'the Hub answers no more requests for now (429)',
    `Try again in ${wait}.${more}`,
  )
}

/** No answer at all. `host` is the one that was asked, the Hub's or its store's. */
export function offlineError(place: Place, host: string): OfflineError {
  const offline = typeof navigator !== 'undefined' && navigator.onLine === false
  return offline
    ? new OfflineError(
        placeName(place),
        'this computer is offline',
        'Connect it and try again. What was read before opens without.',
      )
    : new OfflineError(
        placeName(place),
        `no answer from ${host}`,
        `Check the connection. If other pages load, something between (a content blocker, a proxy) keeps this page from ${host}.`,
      )
}
