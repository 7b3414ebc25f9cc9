/*
 * The note that pyarrow leaves of a table's columns in the footer (`ARROW:schema`): base64 of a message of
 * Arrow (https://arrow.apache.org/docs/format/Columnar.html), which is a flatbuffer. Nothing in it is needed
 * here, and the footer has no checksum: a note that is damaged tells that other parts may be, and pyarrow
 * refuses the file for it.
 */

const SCHEMA = 1
/** Kinds of types that Arrow has. */
const TYPES = 26
const DEPTH = 64
const INT = 2
const WIDTHS = [8, 16, 32, 64]
/**
 * How many precisions a floating point number has, and how many units a date, a time, a timestamp, an
 * interval and a duration.
 */
const UNITS: ReadonlyMap<number, number> = new Map([
  [3, 3],
  [8, 2],
  [9, 4],
  [10, 4],
  [11, 3],
  [18, 4],
])

/** Whether the note can be read as far as its columns, their types and the notes of both. */
export function isArrowNote(note: string): boolean {
  try {
    const bytes = Uint8Array.from(atob(note), (c) => c.charCodeAt(0))
    const all = new DataView(bytes.buffer)
    // a message says how long it is; older ones do without the mark before it
    const marked = all.getUint32(0, true) === 0xffffffff
    const from = marked ? 8 : 4
    const length = all.getUint32(from - 4, true)
    if (from + length > bytes.length) return false
    checkMessage(new DataView(bytes.buffer, from, length))
    return true
  } catch {
    return false
  }
}

/** A table of a flatbuffer: where its fields are, 0 for one that is left out. */
type Fields = (index: number) => number

function checkMessage(view: DataView): void {
  const message = table(view, reference(view, 0))
  const [kind, header] = [message(1), message(2)]
  if (kind === 0 || view.getUint8(kind) !== SCHEMA || header === 0) throw new Error('no schema')
  const schema = table(view, reference(view, header))
  for (const field of vector(view, schema(1))) checkField(view, field, 0)
  for (const pair of vector(view, schema(2))) checkPair(view, pair)
}

function checkField(view: DataView, at: number, depth: number): void {
  if (depth > DEPTH) throw new Error('too deep')
  const field = table(view, at)
  const [name, kind, type, dictionary] = [field(0), field(2), field(3), field(4)]
  if (name > 0) checkText(view, reference(view, name))
  const known = kind > 0 ? view.getUint8(kind) : 0
  if (known === 0 || known > TYPES || type === 0) throw new Error('no type')
  checkType(view, known, table(view, reference(view, type)))
  if (dictionary > 0) table(view, reference(view, dictionary))
  for (const child of vector(view, field(5))) checkField(view, child, depth + 1)
  for (const pair of vector(view, field(6))) checkPair(view, pair)
}

/**
 * Numbers, dates and times say of how many bits or of which unit they are. What is left out is 0, or what the
 * format has for it.
 */
function checkType(view: DataView, kind: number, type: Fields): void {
  const first = type(0)
  const units = UNITS.get(kind)
  if (kind === INT && (first === 0 || !WIDTHS.includes(view.getInt32(first, true))))
    throw new Error('no integer')
  if (units !== undefined && first > 0 && view.getUint16(first, true) >= units) throw new Error('no unit')
}

function checkPair(view: DataView, at: number): void {
  const pair = table(view, at)
  for (const text of [pair(0), pair(1)]) if (text > 0) checkText(view, reference(view, text))
}

function checkText(view: DataView, at: number): void {
  const end = at + 4 + view.getUint32(at, true)
  if (view.getUint8(end) !== 0) throw new Error('a text without its end')
}

function table(view: DataView, at: number): Fields {
  const places = at - view.getInt32(at, true)
  const [count, size] = [view.getUint16(places, true), view.getUint16(places + 2, true)]
  if (
    count < 4 ||
    count % 2 !== 0 ||
    places % 2 !== 0 ||
    places + count > view.byteLength ||
    at + size > view.byteLength
  )
    throw new Error('no table')
  return (index) => {
    const place = 4 + index * 2
    const offset = place < count ? view.getUint16(places + place, true) : 0
    if (offset >= size && offset > 0) throw new Error('a field outside of its table')
    return offset === 0 ? 0 : at + offset
  }
}

function vector(view: DataView, field: number): number[] {
  if (field === 0) return []
  const at = reference(view, field)
  const count = view.getUint32(at, true)
  if (at + 4 + count * 4 > view.byteLength) throw new Error('a list that goes on behind the end')
  return Array.from({ length: count }, (_, i) => reference(view, at + 4 + i * 4))
}

function reference(view: DataView, at: number): number {
  const to = at + view.getUint32(at, true)
  if (at % 4 !== 0 || to % 4 !== 0 || to + 4 > view.byteLength) throw new Error('a place outside of the note')
  return to
}
