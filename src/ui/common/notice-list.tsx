import { Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { Notices } from '../components/notices.tsx'
import { useOpener } from './opener.ts'

/** What went wrong or is incomplete, above the sheet; and a file that changed on disk. */
export function NoticeList() {
  const app = useApp()
  const opener = useOpener()
  // files that a person gave are theirs to give again; everything else is where it was
  function readAgain(): void {
    const source = app.sources.source()
    if (!source) return
    if (source.kind === 'file' || source.kind === 'folder' || source.kind === 'host')
      opener.chooseFiles(source.info.id)
    else void app.sources.refresh(source.info.id)
  }
  // what could not be opened is said on the sheet where that is empty
  const said = () =>
    app.sources.list().length > 0 || app.needs() === 'nothing'
      ? app.notices()
      : app.notices().filter((notice) => notice.level !== 'error' || !app.sources.failures().includes(notice))
  return (
    <>
      <Show when={app.sources.source()?.changed}>
        {(changed) => (
          <div class="notices">
            <div class="notice warn" role="status">
              <span class="mark" aria-hidden="true">
                !
              </span>
              <p>
                <b>{changed().subject}</b> {changed().text}
              </p>
              <button type="button" class="link-button" onClick={readAgain}>
                Read again
              </button>
            </div>
          </div>
        )}
      </Show>
      <Notices notices={said()} onDismiss={app.dismissNotice} />
    </>
  )
}
