/*
 * trackio's timestamps: `2026-08-21T10:00:00.123456+00:00` (0.17 and later), the same without an offset (the
 * writer's local time, up to 0.16.1), `2026-08-21 10:00:00` (UTC, before 0.1), epoch seconds as text, '' or
 * any text (imports).
 */

/** How a stamp is written. Stamps of one form sort as text exactly as they sort by time; `other` may not. */
export type TimeForm = 'utc' | 'local' | 'space' | 'other'

/**
 * Of the last parseTime: ms since 1970 (NaN where the text is no time), its form, and the clock reading in
 * ms, zone ignored.
 */
export let timeForm: TimeForm = 'other'
export let clock = Number.NaN

/**
 * Reads bytes[at, at + length). Naive stamps are taken as local time of this machine: nothing says where they
 * were written.
 */
export function parseTime(bytes: Uint8Array, at: number, length: number): number {
  if (
    length >= 19 &&
    bytes[at + 4] === 0x2d &&
    bytes[at + 7] === 0x2d &&
    bytes[at + 13] === 0x3a &&
    bytes[at + 16] === 0x3a
  ) {
    const time = parseIso(bytes, at, length)
    if (time === time) return time
  }
  timeForm = 'other'
  clock = Number.NaN
  return length > 0
    ? parseOther(String.fromCharCode(...bytes.subarray(at, at + Math.min(length, 64))))
    : Number.NaN
}

let dayOf = -1
let dayStart = 0
/** Seconds of the day that were last found to be a time. */
let lastClockTime = -1

function parseIso(bytes: Uint8Array, at: number, length: number): number {
  const date =
    pair(bytes, at) * 1000000 + pair(bytes, at + 2) * 10000 + pair(bytes, at + 5) * 100 + pair(bytes, at + 8)
  const separator = bytes[at + 10]
  if (separator !== 0x54 && separator !== 0x20) return Number.NaN
  if (date !== dayOf) {
    // a day's start is worked out once a day, not once a row; one that the calendar does not have is none
    const month = Math.floor(date / 100) % 100
    dayStart = Date.UTC(Math.floor(date / 10000), month - 1, date % 100)
    const there = new Date(dayStart)
    const isDay = there.getUTCMonth() === month - 1 && there.getUTCDate() === date % 100
    dayOf = isDay && areDigits(bytes, at, DATE) ? date : -1
    if (dayOf < 0) return Number.NaN
  }
  const clockTime = pair(bytes, at + 11) * 3600 + pair(bytes, at + 14) * 60 + pair(bytes, at + 17)
  if (clockTime !== lastClockTime) {
    // so is a time of day; text behind 23:59:59 would sort otherwise than the time that it stood for
    const isTime = pair(bytes, at + 11) < 24 && pair(bytes, at + 14) < 60 && pair(bytes, at + 17) < 60
    if (!isTime || !areDigits(bytes, at, CLOCK)) return Number.NaN
    lastClockTime = clockTime
  }
  let time = dayStart + clockTime * 1000
  let pos = at + 19
  const end = at + length
  if (pos < end && bytes[pos] === 0x2e) {
    let fraction = 0
    let digits = 0
    for (pos++; pos < end; pos++) {
      const digit = (bytes[pos] as number) - 0x30
      if (digit < 0 || digit > 9) break
      if (digits < 9) {
        fraction = fraction * 10 + digit
        digits++
      }
    }
    time += digits === 6 ? fraction / 1000 : (fraction / 10 ** digits) * 1000
  }
  clock = time
  if (pos === end) {
    timeForm = separator === 0x20 ? 'space' : 'local'
    return separator === 0x20 ? time : time + localOffset(time)
  }
  if (pos + 1 === end && (bytes[pos] === 0x5a || bytes[pos] === 0x7a)) {
    timeForm = 'other' // `.5Z` sorts before `Z` as text
    return time
  }
  if (pos + 6 === end && (bytes[pos] === 0x2b || bytes[pos] === 0x2d)) {
    const offset = (pair(bytes, pos + 1) * 60 + pair(bytes, pos + 4)) * 60000
    // other bytes may come to 0 too, and a known form is taken to be text without a look at each letter
    if (bytes[pos + 3] !== 0x3a || !areDigits(bytes, pos, OFFSET)) return Number.NaN
    timeForm = offset === 0 ? 'utc' : 'other'
    return bytes[pos] === 0x2b ? time - offset : time + offset
  }
  return Number.NaN
}

/** Places of the digits of a date, of a time of day, and of an offset from its sign on. */
const DATE = [0, 1, 2, 3, 5, 6, 8, 9]
const CLOCK = [11, 12, 14, 15, 17, 18]
const OFFSET = [1, 2, 4, 5]

function areDigits(bytes: Uint8Array, at: number, places: readonly number[]): boolean {
  let odd = 0
  for (let i = 0; i < places.length; i++) {
    const digit = (bytes[at + (places[i] as number)] as number) - 0x30
    odd |= digit | (9 - digit) // negative once one is out of range
  }
  return odd >= 0
}

function pair(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - 0x30) * 10 + ((bytes[at + 1] as number) - 0x30)
}

let offsetHour = Number.NaN
let offset = 0

/** ms to add to a local clock reading to get UTC; asked anew each hour of the clock, for daylight saving. */
function localOffset(time: number): number {
  const hour = Math.floor(time / 3600000)
  if (hour !== offsetHour) {
    const date = new Date(time)
    offset =
      new Date(
        date.getUTCFullYear(),
        date.getUTCMonth(),
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
      ).getTime() -
      Math.floor(time / 60000) * 60000
    offsetHour = hour
  }
  return offset
}

/** Of the last day that a Date may have, ms since 1970. */
const LAST_MS = 8.64e15

function parseOther(text: string): number {
  // epoch seconds, as importers write them
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Date.parse(text)
  const time = Number(text) * 1000
  // beyond it there is no date, and nothing could say when it was
  return Math.abs(time) <= LAST_MS ? time : Number.NaN
}

const encoder = new TextEncoder()

/** The same for a string. */
export function parseTimeText(text: string): number {
  const bytes = encoder.encode(text)
  return parseTime(bytes, 0, bytes.length)
}
