/*
 * JSON payloads as typed values. JSON.parse would not do: a column of 1.0 and 2.0 is one of doubles and a
 * column of 1 and 2 one of integers, which it makes the same; it rounds integers beyond 2^53; and objects
 * made by it sort keys like "10".
 */

/** An integer as written is a bigint, any other number a number; an object keeps the order of its keys. */
export type Value = null | boolean | bigint | number | string | Value[] | Map<string, Value>

/**
 * JSON as Python writes it, bare NaN, Infinity and -Infinity included (trackio up to 0.4.0). Undefined when
 * it is not JSON. Of a key that stands twice the last value counts, as in Python.
 */
export function parseValue(text: string): Value | undefined {
  const state = { text, at: 0 }
  try {
    const value = readValue(state)
    skipSpace(state)
    return state.at === text.length ? value : undefined
  } catch (cause) {
    // RangeError: nested deeper than the stack, which no release of trackio can have written
    if (cause instanceof SyntaxError || cause instanceof RangeError) return undefined
    throw cause
  }
}

interface State {
  text: string
  at: number
}

const WORDS: [string, Value][] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]
const NUMBER = /-?\d+(\.\d+)?([eE][-+]?\d+)?/y

function readValue(state: State): Value {
  skipSpace(state)
  const { text } = state
  switch (text.charCodeAt(state.at)) {
    case 0x22: // "
      return readString(state)
    case 0x7b: // {
      return readObject(state)
    case 0x5b: // [
      return readArray(state)
  }
  NUMBER.lastIndex = state.at
  const match = NUMBER.exec(text)
  if (match) {
    state.at = NUMBER.lastIndex
    return match[1] === undefined && match[2] === undefined ? BigInt(match[0]) : Number(match[0])
  }
  for (const [word, value] of WORDS) {
    if (text.startsWith(word, state.at)) {
      state.at += word.length
      return value
    }
  }
  throw new SyntaxError('no value')
}

function readString(state: State): string {
  const { text } = state
  const start = state.at
  let at = start + 1
  let plain = true
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 0x22) break
    if (code !== code) throw new SyntaxError('no end of string')
    if (code === 0x5c) {
      plain = false
      at++
    }
    at++
  }
  state.at = at + 1
  // escapes are JSON's own business
  return plain ? text.slice(start + 1, at) : String(JSON.parse(text.slice(start, at + 1)))
}

function readObject(state: State): Map<string, Value> {
  const object = new Map<string, Value>()
  state.at++
  skipSpace(state)
  if (take(state, 0x7d)) return object
  do {
    skipSpace(state)
    if (state.text.charCodeAt(state.at) !== 0x22) throw new SyntaxError('no key')
    const key = readString(state)
    skipSpace(state)
    if (!take(state, 0x3a)) throw new SyntaxError('no colon')
    object.set(key, readValue(state))
    skipSpace(state)
  } while (take(state, 0x2c))
  if (!take(state, 0x7d)) throw new SyntaxError('no end of object')
  return object
}

function readArray(state: State): Value[] {
  const array: Value[] = []
  state.at++
  skipSpace(state)
  if (take(state, 0x5d)) return array
  do {
    array.push(readValue(state))
    skipSpace(state)
  } while (take(state, 0x2c))
  if (!take(state, 0x5d)) throw new SyntaxError('no end of array')
  return array
}

function take(state: State, code: number): boolean {
  if (state.text.charCodeAt(state.at) !== code) return false
  state.at++
  return true
}

function skipSpace(state: State): void {
  for (;;) {
    const code = state.text.charCodeAt(state.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    state.at++
  }
}
