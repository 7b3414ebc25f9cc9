import { pick } from '../random.ts'
import { FRAME_HEADER, withSums } from './bases.ts'

/** One change of a file; gives other bytes and leaves those that it got as they are. */
export interface Edit {
  /** What it does, in words. */
  what: string
  apply(bytes: Uint8Array): Uint8Array
}

type Random = () => number

function below(random: Random, end: number): number {
  return Math.floor(random() * Math.max(1, end))
}

function changed(what: string, change: (bytes: Uint8Array) => void): Edit {
  return {
    what,
    apply(bytes) {
      const copy = bytes.slice()
      try {
        change(copy)
      } catch (error) {
        // a place that an earlier change cut off
        if (!(error instanceof RangeError)) throw error
      }
      return copy
    },
  }
}

/** Changes that suit any file of `size` bytes; places from `from` to `to`. */
export function anyEdit(random: Random, size: number, from = 0, to = size): Edit {
  const at = from + below(random, to - from)
  switch (below(random, 6)) {
    case 0:
    case 1: {
      const bit = below(random, 8)
      return changed(`bit ${bit} of byte ${at}`, (bytes) => {
        bytes[at] = (bytes[at] as number) ^ (1 << bit)
      })
    }
    case 2: {
      const value = pick(random, [0, 1, 0x7f, 0x80, 0xff, below(random, 256)])
      return changed(`byte ${at} is ${value}`, (bytes) => {
        bytes[at] = value
      })
    }
    case 3: {
      const noise = Array.from({ length: 2 + below(random, 30) }, () => below(random, 256))
      return changed(`${noise.length} bytes of noise from ${at}`, (bytes) =>
        bytes.set(noise.slice(0, bytes.length - at), at),
      )
    }
    case 4: {
      const length = 1 + below(random, 64)
      return changed(`${length} zero bytes from ${at}`, (bytes) => bytes.fill(0, at, at + length))
    }
    default: {
      const source = below(random, size)
      const length = 1 + below(random, 64)
      return changed(`${length} bytes of ${source} at ${at}`, (bytes) =>
        bytes.copyWithin(at, source, Math.min(source + length, bytes.length)),
      )
    }
  }
}

export function cutEdit(random: Random, size: number, unit = 1): Edit {
  // a file of no bytes is a project in which nothing was logged
  const length = Math.max(1, random() < 0.5 ? below(random, size) : below(random, size / unit) * unit)
  return { what: `cut to ${length} bytes`, apply: (bytes) => bytes.slice(0, length) }
}

/** A change of a database that knows its pages. */
export function databaseEdit(random: Random, db: Uint8Array, pageSize: number): Edit {
  const pages = db.length / pageSize
  const page = below(random, pages)
  const at = page * pageSize
  const head = at + (page === 0 ? 100 : 0)
  const interior = [2, 5].includes(db[head] ?? 0)
  const cells = ((db[head + 3] ?? 0) << 8) | (db[head + 4] ?? 0)
  const pointer = (i: number): number => head + (interior ? 12 : 8) + i * 2
  const set16 = (what: string, place: number, value: number): Edit =>
    changed(`page ${page + 1}: ${what} is ${value & 0xffff}`, (bytes) => {
      bytes[place] = (value >> 8) & 255
      bytes[place + 1] = value & 255
    })
  const get16 = (place: number): number => ((db[place] ?? 0) << 8) | (db[place + 1] ?? 0)
  switch (below(random, 16)) {
    case 0:
      return anyEdit(random, db.length, 16, 100)
    case 1:
      return cutEdit(random, db.length, pageSize)
    case 2: {
      const other = below(random, pages) * pageSize
      return changed(`pages at ${at} and ${other} swapped`, (bytes) => {
        const kept = bytes.slice(at, at + pageSize)
        bytes.copyWithin(at, other, other + pageSize)
        bytes.set(kept, other)
      })
    }
    case 3: {
      const other = below(random, pages) * pageSize
      return changed(`page at ${other} also at ${at}`, (bytes) =>
        bytes.copyWithin(at, other, other + pageSize),
      )
    }
    case 4:
      return changed(`page at ${at} is empty`, (bytes) => bytes.fill(0, at, at + pageSize))
    case 5:
      return set16(
        'number of cells',
        head + 3,
        pick(random, [0, cells - 1, cells + 1, below(random, 65536), cells >> 1]),
      )
    case 6:
    case 7: {
      const i = below(random, cells)
      const value = pick(random, [
        get16(pointer(below(random, cells))),
        get16(pointer(i)) + pick(random, [-4, -1, 1, 4]),
        below(random, pageSize),
        0,
      ])
      return set16(`pointer ${i}`, pointer(i), value)
    }
    case 8: {
      const [one, other] = [pointer(below(random, cells)), pointer(below(random, cells))]
      const [a, b] = [get16(one), get16(other)]
      return changed(`page ${page + 1}: two pointers swapped`, (bytes) => {
        bytes.set([b >> 8, b & 255], one)
        bytes.set([a >> 8, a & 255], other)
      })
    }
    case 9:
    case 10: {
      // the start of a cell: child, size of the payload, row id, header of the record
      const cell = at + get16(pointer(below(random, cells)))
      return anyEdit(random, db.length, cell, Math.min(cell + 14, db.length))
    }
    case 11:
      return set16(
        pick(random, ['first free block', 'start of the cells']),
        head + pick(random, [1, 5]),
        below(random, pageSize),
      )
    case 12:
      return interior
        ? changed(`page ${page + 1}: another last child`, (bytes) => {
            bytes[head + 11] = below(random, pages + 1)
          })
        : anyEdit(random, db.length, head, head + 8)
    case 13:
      return anyEdit(random, db.length, 0, Math.min(db.length, pageSize))
    case 14:
      return changed(`page ${page + 1}: type`, (bytes) => {
        bytes[head] = pick(random, [2, 5, 10, 13, 0])
      })
    default:
      return anyEdit(random, db.length, at, at + pageSize)
  }
}

/** A change of a log that knows its frames; mostly with checksums that are right again. */
export function logEdit(random: Random, log: Uint8Array, pageSize: number): Edit {
  const size = FRAME_HEADER + pageSize
  const frames = Math.floor((log.length - 32) / size)
  const frame = 32 + below(random, frames) * size
  const edit = inLog()
  if (random() < 0.4) return edit
  return {
    what: `${edit.what}, checksums put right`,
    apply: (bytes) => withSums(edit.apply(bytes).slice(), pageSize),
  }

  function inLog(): Edit {
    switch (below(random, 8)) {
      case 0:
        return anyEdit(random, log.length, 0, 32)
      case 1:
        return cutEdit(random, log.length, size)
      case 2: {
        const page = pick(random, [0, 1, 2, below(random, 40), 0xffffffff])
        return changed(`frame at ${frame}: page ${page}`, (bytes) =>
          new DataView(bytes.buffer).setUint32(frame, page),
        )
      }
      case 3: {
        const after = pick(random, [0, 1, below(random, 40), 0xffffffff])
        return changed(`frame at ${frame}: a commit of ${after} pages`, (bytes) =>
          new DataView(bytes.buffer).setUint32(frame + 4, after),
        )
      }
      case 4:
        return anyEdit(random, log.length, frame + 8, frame + FRAME_HEADER)
      case 5: {
        const other = 32 + below(random, frames) * size
        return changed(`frames at ${frame} and ${other} swapped`, (bytes) => {
          const kept = bytes.slice(frame, frame + size)
          bytes.copyWithin(frame, other, other + size)
          bytes.set(kept, other)
        })
      }
      default:
        return anyEdit(random, log.length, frame + FRAME_HEADER, frame + size)
    }
  }
}

/** A change of a Parquet file: of its pages, its footer, or the places where they begin. */
export function tableEdit(random: Random, bytes: Uint8Array): Edit {
  const footer =
    bytes.length - 8 - (new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true) || 0)
  switch (below(random, 10)) {
    case 0:
      return anyEdit(random, bytes.length, footer, bytes.length)
    case 1:
      return random() < 0.3 ? cutEdit(random, bytes.length) : anyEdit(random, bytes.length, bytes.length - 8)
    case 2:
    case 3: {
      // a page's header begins with its type, a field of one byte: 15 and 2 × type
      const starts: number[] = []
      for (let at = 4; at < footer - 1; at++)
        if (bytes[at] === 0x15 && [0, 4, 6].includes(bytes[at + 1] ?? 1) && bytes[at + 2] === 0x15)
          starts.push(at)
      const at = pick(random, starts.length > 0 ? starts : [4])
      return anyEdit(random, bytes.length, at, Math.min(at + 24, footer))
    }
    case 4: {
      const starts: number[] = []
      for (let at = 4; at < footer - 1; at++)
        if (bytes[at] === 0x15 && [0, 4, 6].includes(bytes[at + 1] ?? 1) && bytes[at + 2] === 0x15)
          starts.push(at)
      const at = pick(random, starts.length > 0 ? starts : [4]) + 16
      return anyEdit(random, bytes.length, at, Math.min(at + 40, footer))
    }
    default:
      return anyEdit(random, bytes.length, 4, footer)
  }
}
