import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Dropped, dropWhole } from '../engine/drop.ts'
import { namedFile } from '../engine/golden-fixtures.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { makeRandom, pick } from '../random.ts'
import { COLUMNS, commitsOf, type DatabaseBase, databaseBases, TABLES, tableBases } from './bases.ts'
import { difference, ofDatabase, ofFragments, ofTable } from './compare.ts'
import { anyEdit, cutEdit, databaseEdit, type Edit, logEdit, tableEdit } from './edits.ts'
import { hostileLines, hostilePayload } from './hostile.ts'
import type { Judge, JudgedDatabase, JudgedTable, Refused } from './judge.ts'

export const KINDS = ['database', 'table', 'fragments', 'json'] as const
export type Kind = (typeof KINDS)[number]

/** What is wrong with how a file was read. */
export type Fault =
  /** An error that says nothing to a person. */
  | 'crash'
  /** Python refuses the file or a part of it; here rows are wrong or missing, and nothing is said. */
  | 'refused, unsaid'
  /** Python reads it; here it is read otherwise, and nothing is said. */
  | 'read otherwise'
  /**
   * SQLite's own SELECT gives other rows than there were, without a word, as its integrity check shows; here
   * it is no better.
   */
  | 'lost by SELECT too'
  /** A healthy file, of which something is said. */
  | 'said of a healthy file'

export interface Case {
  kind: Kind
  base: string
  edits: string[]
  files: { path: string; bytes: Uint8Array }[]
}

export interface Failure extends Case {
  fault: Fault
  detail: string
}

export interface Fuzz {
  /** Looks at the healthy files that cases are made from. */
  bases(): Promise<Failure[]>
  /**
   * Case `i` of a seed: read here and by Python. Undefined when all is well. A failing one comes with as few
   * changes as fail.
   */
  run(kind: Kind, seed: number, i: number): Promise<Failure | undefined>
}

interface Made {
  base: string
  edits: readonly Edit[]
  build(edits: readonly Edit[]): Case['files']
}

type Verdict = Pick<Failure, 'fault' | 'detail'> | undefined

export async function makeFuzz(judge: Judge, folder: string): Promise<Fuzz> {
  const databases = await databaseBases()
  const tables = [...tableBases(), ...(judge.pyarrow ? await readAll(await judge.makeTables(folder, 1)) : [])]
  const states = new Map<string, JudgedDatabase[]>()
  const columns = new Map<string, JudgedTable>()
  return {
    async bases() {
      const failures: Failure[] = []
      for (const base of databases) failures.push(...(await healthy('database', base.name, filesOf(base))))
      if (judge.pyarrow)
        for (const base of tables)
          failures.push(...(await healthy('table', base.name, [{ path: 'fuzz.parquet', bytes: base.bytes }])))
      return failures
    },
    async run(kind, seed, i) {
      const made = makeCase(kind, makeRandom(hash(`${kind} ${seed} ${i}`)))
      let edits = made.edits
      let verdict = await look(kind, made.base, made.build(edits))
      if (!verdict) return undefined
      // a change that the fault does not need is left out
      for (const edit of made.edits) {
        const fewer = edits.filter((one) => one !== edit)
        if (fewer.length === 0) break
        const still = await look(kind, made.base, made.build(fewer))
        if (still?.fault === verdict.fault) [edits, verdict] = [fewer, still]
      }
      return {
        kind,
        base: made.base,
        edits: edits.map(({ what }) => what),
        files: made.build(edits),
        ...verdict,
      }
    },
  }

  async function healthy(kind: Kind, base: string, files: Case['files']): Promise<Failure[]> {
    const verdict = await look(kind, base, files)
    const { said } = await dropWhole(files.map(({ path, bytes }) => namedFile(path, bytes.slice())))
    const wrong =
      verdict ??
      (said.length > 0 ? { fault: 'said of a healthy file' as const, detail: said.join('\n') } : undefined)
    return wrong ? [{ kind, base, edits: [], files, ...wrong }] : []
  }

  function makeCase(kind: Kind, random: () => number): Made {
    const many = <T>(most: number, make: () => T): T[] =>
      Array.from({ length: 1 + Math.floor(random() ** 2 * most) }, make)
    switch (kind) {
      case 'database': {
        const base = pick(random, databases)
        const { wal, db, pageSize } = base
        const ofLog = new Set<Edit>()
        const edits = many(4, () => {
          if (wal && random() < 0.6) {
            const edit = logEdit(random, wal, pageSize)
            ofLog.add(edit)
            return edit
          }
          return databaseEdit(random, db, pageSize)
        })
        return {
          base: base.name,
          edits,
          build: (chosen) => [
            {
              path: 'fuzz.db',
              bytes: changed(
                db,
                chosen.filter((edit) => !ofLog.has(edit)),
              ),
            },
            ...(wal
              ? [
                  {
                    path: 'fuzz.db-wal',
                    bytes: changed(
                      wal,
                      chosen.filter((edit) => ofLog.has(edit)),
                    ),
                  },
                ]
              : []),
          ],
        }
      }
      case 'table': {
        const { name, bytes } = pick(random, tables)
        return {
          base: name,
          edits: many(3, () => tableEdit(random, bytes)),
          build: (chosen) => [{ path: 'fuzz.parquet', bytes: changed(bytes, chosen) }],
        }
      }
      case 'fragments': {
        const bytes = hostileLines(random)
        const edits =
          random() < 0.3
            ? [random() < 0.2 ? cutEdit(random, bytes.length) : anyEdit(random, bytes.length)]
            : []
        return {
          base: 'lines',
          edits,
          build: (chosen) => [{ path: 'inbox/writer/00000001.jsonl', bytes: changed(bytes, chosen) }],
        }
      }
      case 'json': {
        const payloads = Array.from({ length: 4 }, () => hostilePayload(random))
        const asText = random() < 0.5
        const edits = payloads.map(
          (payload): Edit => ({ what: new TextDecoder().decode(payload), apply: () => payload }),
        )
        return {
          base: asText ? 'text' : 'bytes',
          edits,
          build: (chosen) => [
            {
              path: 'fuzz.db',
              bytes: payloadDatabase(
                chosen.map((edit) => edit.apply(NONE)),
                asText,
              ),
            },
          ],
        }
      }
    }
  }

  /** Reads the files here and by Python. */
  async function look(kind: Kind, base: string, files: Case['files']): Promise<Verdict> {
    const place = join(folder, 'case')
    const paths = files.map(({ path }) => `${place}-${path.replaceAll('/', '-')}`)
    files.forEach(({ bytes }, f) => {
      writeFileSync(paths[f] as string, bytes)
    })
    const [path = ''] = paths
    try {
      // the judge reads while the reader does
      const [judged, read] = await Promise.all([
        kind === 'table'
          ? judge.table(path)
          : kind === 'fragments'
            ? judge.fragments(path)
            : judge.database(path, COLUMNS, kind === 'json' ? [] : TABLES),
        readHere(files),
      ])
      if (typeof read === 'string') return { fault: 'crash', detail: read }
      if (kind === 'fragments')
        return lookAtFragments(judged as Awaited<ReturnType<Judge['fragments']>>, read)
      if (kind === 'table') return lookAtTable(base, judged as JudgedTable | Refused, read)
      return lookAtDatabase(
        kind === 'json' ? undefined : await baseOf(base),
        judged as JudgedDatabase | Refused,
        read,
      )
    } finally {
      for (const one of paths)
        for (const beside of ['', '-shm', '-wal']) rmSync(`${one}${beside}`, { force: true })
    }
  }

  /**
   * What a base holds: after all commits of its log, then after fewer and fewer of them, as a log that is cut
   * leaves it.
   */
  async function baseOf(name: string): Promise<JudgedDatabase[]> {
    const known = states.get(name)
    if (known) return known
    const base = databases.find((one) => one.name === name) as DatabaseBase
    const judged: JudgedDatabase[] = []
    for (const length of base.wal ? [...commitsOf(base.wal, base.pageSize), 0] : [0]) {
      const path = join(folder, 'base.db')
      writeFileSync(path, base.db)
      if (length > 0) writeFileSync(`${path}-wal`, (base.wal as Uint8Array).subarray(0, length))
      const answer = await judge.database(path, COLUMNS, TABLES)
      for (const beside of ['', '-shm', '-wal']) rmSync(path + beside, { force: true })
      if ('refused' in answer) throw new Error(`${name}: ${answer.refused}`)
      if (answer.check[0] !== 'ok') throw new Error(`${name} is not healthy: ${answer.check}`)
      judged.push(answer)
    }
    states.set(name, judged)
    return judged
  }

  async function lookAtTable(name: string, judged: JudgedTable | Refused, read: Dropped): Promise<Verdict> {
    if (read.said.length > 0) return undefined
    let base = columns.get(name)
    if (!base) {
      const path = join(folder, 'base.parquet')
      writeFileSync(path, tables.find((one) => one.name === name)?.bytes ?? NONE)
      const whole = await judge.table(path)
      rmSync(path)
      if ('refused' in whole) throw new Error(`${name}: ${whole.refused}`)
      base = whole
      columns.set(name, base)
    }
    if ('refused' in judged) {
      const detail = difference(read, ofTable(base, undefined))
      return detail === undefined
        ? undefined
        : { fault: 'refused, unsaid', detail: `${judged.refused}: ${detail}` }
    }
    const detail = difference(read, ofTable(judged, base))
    if (detail === undefined) return undefined
    const [refused] = Object.entries(judged.refusedColumns)
    return refused
      ? { fault: 'refused, unsaid', detail: `${refused.join(': ')}: ${detail}` }
      : { fault: 'read otherwise', detail }
  }
}

/** Notices that count rows and leave the others as they are: the others have to be right all the same. */
const COUNTED = /skipped: the payload|not shown: no run name|the config of|lines? skipped/

/** `bases`: what the file held before it was damaged; undefined for one that was made as it is. */
function lookAtDatabase(
  bases: readonly JudgedDatabase[] | undefined,
  judged: JudgedDatabase | Refused,
  read: Dropped,
): Verdict {
  if (read.said.some((line) => 'refused' in judged || !COUNTED.test(line))) return undefined
  const asBase = bases?.some((base) => difference(read, ofDatabase(base)) === undefined)
  const [base] = bases ?? []
  if ('refused' in judged) {
    if (asBase) return undefined
    return base
      ? { fault: 'refused, unsaid', detail: `${judged.refused}: ${difference(read, ofDatabase(base))}` }
      : undefined
  }
  const detail =
    difference(read, ofDatabase(judged)) ??
    wrongCount(judged.rows.filter(({ name, values }) => name !== null && values === null).length, read, 'row')
  if (judged.check[0] === 'ok' || !base)
    return detail === undefined ? undefined : { fault: 'read otherwise', detail }
  if (asBase) return undefined
  if (detail !== undefined) return { fault: 'read otherwise', detail: `${judged.check[0]}: ${detail}` }
  const ids = ({ rows }: JudgedDatabase): string =>
    JSON.stringify(rows.map(({ rowid }) => rowid).sort((a, b) => a - b))
  return bases?.some((one) => ids(judged) === ids(one))
    ? undefined
    : { fault: 'lost by SELECT too', detail: judged.check.join('\n') }
}

function lookAtFragments(judged: Awaited<ReturnType<Judge['fragments']>>, read: Dropped): Verdict {
  const detail =
    difference(read, ofFragments(judged)) ??
    (judged.calls.length > 0 ? wrongCount(judged.skipped, read, 'line') : undefined)
  return detail === undefined ? undefined : { fault: 'read otherwise', detail }
}

/** Rows or lines that are said to be skipped are as many as there are. */
function wrongCount(wanted: number, { said }: Dropped, what: string): string | undefined {
  const line = said.find((one) => new RegExp(`\\d ${what}s? skipped`).test(one))
  const counted = line
    ? Number(new RegExp(`([\\d,]+) ${what}s? skipped`).exec(line)?.[1]?.replaceAll(',', ''))
    : 0
  return counted === wanted ? undefined : `${counted} ${what}s said to be skipped instead of ${wanted}`
}

/** ms in which any of these small files is read. */
const HANGS_AFTER = 10_000

const NONE = new Uint8Array(0)

async function readHere(files: Case['files']): Promise<Dropped | string> {
  const began = performance.now()
  try {
    const read = await dropWhole(files.map(({ path, bytes }) => namedFile(path, bytes.slice())))
    const took = performance.now() - began
    return took > HANGS_AFTER ? `took ${(took / 1000).toFixed(0)} s` : read
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

function filesOf({ db, wal }: DatabaseBase): Case['files'] {
  return [{ path: 'fuzz.db', bytes: db }, ...(wal ? [{ path: 'fuzz.db-wal', bytes: wal }] : [])]
}

function changed(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce((now, edit) => (now.length > 0 ? edit.apply(now) : now), bytes)
}

function hash(text: string): number {
  let sum = 2166136261
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16777619)
  return sum >>> 0
}

async function readAll(paths: readonly string[]): Promise<{ name: string; bytes: Uint8Array }[]> {
  const { readFile } = await import('node:fs/promises')
  return Promise.all(
    paths.map(async (path) => ({
      name: path.split(/[\\/]/).at(-1) ?? path,
      bytes: new Uint8Array(await readFile(path)),
    })),
  )
}

const { db, file } = await memoryDatabase(4096)
db.exec(
  'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)',
)

/** A database with a row for each payload, written by SQLite. */
function payloadDatabase(payloads: readonly Uint8Array[], asText: boolean): Uint8Array {
  db.exec('DELETE FROM metrics')
  payloads.forEach((payload, i) => {
    db.exec({
      sql: `INSERT INTO metrics (timestamp, run_id, run_name, step, metrics) VALUES (?, 'id', 'run', ?, ${asText ? 'CAST(? AS TEXT)' : '?'})`,
      bind: [`2026-08-21T10:00:0${i}.5+00:00`, i, payload],
    })
  })
  return file()
}
