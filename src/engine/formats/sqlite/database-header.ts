/** The first 100 bytes of an SQLite database (the file format's §1.3). */
export interface Header {
  pageSize: number
  /** Bytes of each page that hold content: page size minus the reserved tail. */
  usable: number
  /** The last writer used a write-ahead log: newer rows may stand in a `-wal` file. */
  wal: boolean
  /** Pages that the database should have; 0 where the header does not say. */
  pageCount: number
  changeCounter: number
  schemaCookie: number
  /** 1 is UTF-8; trackio writes nothing else. */
  encoding: number
  /** Why SQLite would not take it for a database, where the rest of the header is one. */
  damage?: string
}

const MAGIC = 'SQLite format 3\0'

/** Undefined when the bytes are no SQLite database. */
export function parseHeader(bytes: Uint8Array): Header | undefined {
  if (bytes.length < 100) return undefined
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stored = view.getUint16(16)
  const pageSize = stored === 1 ? 65536 : stored
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return undefined
  const damage = headerDamage(bytes, pageSize)
  const changeCounter = view.getUint32(24)
  return {
    pageSize,
    usable: pageSize - view.getUint8(20),
    wal: view.getUint8(18) === 2 || view.getUint8(19) === 2,
    // the size is only valid when the writer that counted it also wrote the file last
    pageCount: view.getUint32(92) === changeCounter ? view.getUint32(28) : 0,
    changeCounter,
    schemaCookie: view.getUint32(40),
    // as SQLite does: two bits count, and none of them set is UTF-8
    encoding: view.getUint32(56) & 3 || 1,
    ...(damage === undefined ? {} : { damage }),
  }
}

/** Of what is the same in every database. */
function headerDamage(bytes: Uint8Array, pageSize: number): string | undefined {
  const [reserved = 0, most, least, leaf] = bytes.subarray(20, 24)
  if (most !== 64 || least !== 32 || leaf !== 32)
    return 'bytes 21 to 23 of its header are not those of a database'
  if (pageSize - reserved < 480) return 'its header reserves too much of each page'
  if ((bytes[19] as number) > 2) return 'its header asks for a version of SQLite that does not exist'
  return undefined
}
