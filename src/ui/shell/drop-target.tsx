import { createSignal, onCleanup, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { type Given, readDrop } from '../../state/sources/file-input.ts'

/**
 * Takes files and folders dropped anywhere, and frames the window while they are over it. Alt adds without
 * switching.
 */
export function DropTarget() {
  const { sources } = useApp()
  const [over, setOver] = createSignal(false)
  let last: ReturnType<typeof setTimeout> | undefined

  function isFiles(event: DragEvent): boolean {
    const types = event.dataTransfer?.types ?? []
    return types.includes('Files') || types.includes('text/uri-list')
  }

  function onDragOver(event: DragEvent): void {
    if (!isFiles(event)) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = event.altKey ? 'link' : 'copy'
    setOver(true)
    // dragleave is not sent when the pointer leaves the window by some edges; dragover comes several times a
    // second
    clearTimeout(last)
    last = setTimeout(() => setOver(false), 600)
  }

  function onDrop(event: DragEvent): void {
    clearTimeout(last)
    setOver(false)
    if (!event.dataTransfer || !isFiles(event)) return
    event.preventDefault()
    const focus = !event.altKey
    const address = event.dataTransfer.getData('text/uri-list').split('\n')[0]?.trim()
    void open(readDrop(event.dataTransfer), address, focus)
  }

  async function open(
    dropped: Promise<Given | undefined>,
    address: string | undefined,
    focus: boolean,
  ): Promise<void> {
    try {
      const given = await dropped
      if (given) await sources.openFiles(given, focus)
      else if (address) await sources.openAddress(address)
    } catch (error) {
      // a folder that the browser may not read, a file that went meanwhile
      sources.fail(error, 'what was dropped')
    }
  }

  function onDragLeave(event: DragEvent): void {
    if (event.relatedTarget === null) setOver(false)
  }

  document.addEventListener('dragenter', onDragOver)
  document.addEventListener('dragover', onDragOver)
  document.addEventListener('dragleave', onDragLeave)
  document.addEventListener('drop', onDrop)
  onCleanup(() => {
    clearTimeout(last)
    document.removeEventListener('dragenter', onDragOver)
    document.removeEventListener('dragover', onDragOver)
    document.removeEventListener('dragleave', onDragLeave)
    document.removeEventListener('drop', onDrop)
  })
  return (
    <Show when={over()}>
      <div class="drop-frame">
        <span>Drop to open, hold Alt to add</span>
      </div>
    </Show>
  )
}
