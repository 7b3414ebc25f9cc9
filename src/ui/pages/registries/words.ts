import { formatDuration } from '../../../compute/number.ts'
import type { Answer } from '../../../compute/registry/answer.ts'
import { nameInText } from '../../../compute/visible-name.ts'
import type { LinkSource } from '../../../model/registry.ts'
import type { SourceOf } from '../../../state/pages/link-sources.ts'

type Zone = 'local' | 'utc'

/** `6 Nov 2026, 08:30`, with seconds where `exact`; '–' for no time. */
export function formatMoment(time: number, zone: Zone, exact = false): string {
  if (!Number.isFinite(time)) return '–'
  // ICU has four letters for this month alone
  return formatOf(zone, exact).format(time).replace(' at ', ', ').replace('Sept', 'Sep')
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one takes a hundred times as long as using it. */
function formatOf(zone: Zone, exact: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${exact}`
  const found =
    formats.get(key) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
      ...(exact && { second: '2-digit' }),
      timeZone: zone === 'utc' ? 'UTC' : undefined,
    })
  formats.set(key, found)
  return found
}

/** Since when and until when the answer holds: the line above it. */
export function answerSpan(answer: Answer, now: number, zone: Zone): string {
  const at = (time: number): string => formatMoment(time, zone)
  switch (answer.kind) {
    case 'held': {
      const { from, to, event } = answer.holding
      const lasted = formatDuration(((to ?? Math.max(now, from)) - from) / 1000)
      const since = event === undefined ? `linked ${at(from)}, no event tells since when` : at(from)
      return to === undefined ? `${since} to now, ${lasted}` : `${since} to ${at(to)}, ${lasted}`
    }
    case 'nobody':
      return answer.until === undefined
        ? `since ${at(answer.since)}`
        : `${at(answer.since)} to ${at(answer.until)}`
    case 'notYet':
      return `before ${at(answer.first)}`
    case 'before':
      return `before ${at(answer.created)}`
    case 'never':
      return 'at any time'
  }
}

/** Why nobody held it; undefined where somebody did. */
export function nobodyWords(answer: Answer, alias: string, collection: string): string | undefined {
  const name = nameInText(alias)
  switch (answer.kind) {
    case 'held':
      return undefined
    case 'before':
      return `There was no ${nameInText(collection)} yet`
    case 'notYet':
      return `Nobody was ${name} yet`
    case 'nobody':
      return `Nobody was ${name}: it had been taken away`
    case 'never':
      return `Nobody was ever ${name}`
  }
}

/** `qwen3:v4` */
export function sourceName({ artifact, version }: LinkSource): string {
  return `${artifact}:v${version}`
}

/** Where a linked version is, where it cannot be opened from here. */
export function awayWords(found: SourceOf, source: LinkSource): string | undefined {
  const project = nameInText(source.project)
  switch (found.kind) {
    case 'there':
      return undefined
    case 'reading':
      return `reading the artifacts of ${project}`
    case 'failed':
      return `the artifacts of ${project} could not be read: ${found.why}`
    case 'gone':
      return `${project} has no such version any more: it was overwritten or deleted`
    case 'elsewhere':
      return `${project} is not open here${placeWords(source)}`
  }
}

function placeWords({ space, bucket, server }: LinkSource): string {
  const places = [
    space && `in the Space ${nameInText(space)}`,
    bucket && `in the bucket ${nameInText(bucket)}`,
    server && `at ${nameInText(server)}`,
  ].filter(Boolean)
  return places.length > 0 ? `: it was linked from what lies ${places.join(' and ')}` : ''
}

/** A moment as `datetime-local` takes it, and back; NaN for what is no moment. */
export function fieldOf(time: number, zone: Zone): string {
  const offset = zone === 'utc' ? 0 : new Date(time).getTimezoneOffset() * 60_000
  return new Date(time - offset).toISOString().slice(0, 19)
}

export function momentOfField(text: string, zone: Zone): number {
  return Date.parse(zone === 'utc' ? `${text}Z` : text)
}
