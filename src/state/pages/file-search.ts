import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { noticeOf } from '../../model/errors.ts'
import type { FileHits, FileRef, FileSearch, TextEncoding } from '../../model/file.ts'
import type { Notice } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** After the last letter that is typed. */
const TYPED_MS = 200

export interface FileFind {
  /** What was found, as far as the file was searched. */
  hits: Accessor<FileHits | undefined>
  searching: Accessor<boolean>
  failed: Accessor<Notice | undefined>
}

/** Looks for a text in all of a file; what is found is told while it goes on. */
export function createFileFind(
  ask: EngineApi['ask'],
  file: FileRef,
  encoding: TextEncoding,
  search: Accessor<FileSearch | undefined>,
): FileFind {
  const [hits, setHits] = createSignal<FileHits>()
  const [searching, setSearching] = createSignal(false)
  const [failed, setFailed] = createSignal<Notice>()
  const latest = createLatest<FileHits>({
    ask(_, signal) {
      const wanted = search()
      if (!wanted) return undefined
      const onProgress = (found: FileHits): void => {
        if (!signal.aborted) setHits(found)
      }
      return ask('searchFile', { file, encoding, search: wanted }, { signal, onProgress })
    },
    answered(found) {
      setHits(found)
      setSearching(false)
    },
    failed(error) {
      setFailed(noticeOf(error, file.path))
      setSearching(false)
    },
  })
  createEffect(
    on(
      () => JSON.stringify(search()),
      (wanted) => {
        setFailed(undefined)
        setHits(undefined)
        latest.abort()
        setSearching(wanted !== undefined)
        if (wanted !== undefined) latest.ask(wanted, TYPED_MS)
      },
    ),
  )
  return { hits, searching, failed }
}
