import { type JSX, onMount } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { giveFiles } from '../../state/sources/file-input.ts'
import { type Opener, OpenerContext } from '../common/opener.ts'

/** The file inputs, there on every page, and the way to them. */
export function FileInputs(props: { onJump(text: string): void; children: JSX.Element }) {
  const { sources } = useApp()
  let files: HTMLInputElement | undefined
  let folder: HTMLInputElement | undefined
  let source: string | undefined
  const opener: Opener = {
    chooseFiles(forSource) {
      source = forSource
      files?.click()
    },
    chooseFolder: () => folder?.click(),
    jump: (text) => props.onJump(text),
    async follow(kind) {
      try {
        const { pick } = await import('../../state/sources/pickers.ts')
        const given = await pick(kind)
        if (given) await sources.openFiles(given)
      } catch (error) {
        // browsers refuse some folders, and pickers that no click asked for
        sources.fail(error, `the ${kind} to follow`)
      }
    },
  }
  onMount(() => {
    if (folder) folder.webkitdirectory = true
  })

  function take(input: HTMLInputElement): void {
    const list = [...(input.files ?? [])]
    input.value = '' // the same file can be chosen again
    if (list.length === 0) return
    const given = giveFiles(list)
    if (source === undefined) void sources.openFiles(given)
    else void sources.refresh(source, given)
    source = undefined
  }

  return (
    <>
      <div hidden>
        <input
          type="file"
          multiple
          accept=".db,.db-wal,.sqlite,.sqlite3,.parquet,.json,.jsonl,.zip,application/vnd.sqlite3"
          aria-label="Choose files"
          ref={files}
          onChange={(event) => take(event.currentTarget)}
        />
        <input
          type="file"
          multiple
          aria-label="Choose folder"
          ref={folder}
          onChange={(event) => take(event.currentTarget)}
        />
      </div>
      <OpenerContext.Provider value={opener}>{props.children}</OpenerContext.Provider>
    </>
  )
}
