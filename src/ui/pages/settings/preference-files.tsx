import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { noticeOf } from '../../../model/errors.ts'
import {
  choicesMade,
  exportChoices,
  importChoices,
  storedBytes,
  withoutChoices,
} from '../../../state/address/preference-parts.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { useSettings } from './model.ts'
import { Row } from './row.tsx'

/** What was chosen on this page and by hand elsewhere: as a file, from a file, and back to the beginning. */
export function PreferenceFiles() {
  const { preferences, sources } = useApp()
  const { say } = useSettings()
  let input: HTMLInputElement | undefined
  const stored = preferences.value
  const made = () => choicesMade(stored())

  function download(): void {
    save(new Blob([exportChoices(stored())], { type: 'application/json' }), 'trackio-lite-preferences.json')
    say('Preferences are saved, without the names of what was opened')
  }

  async function take(file: File): Promise<void> {
    try {
      const { change, ignored } = importChoices(await file.text(), file.name, stored())
      preferences.set(change)
      const taken = formatPlural(Object.keys(change).length, 'part')
      say(
        ignored.length > 0
          ? `${taken} taken from ${file.name}; not understood: ${ignored.join(', ')}`
          : `${taken} taken from ${file.name}`,
      )
    } catch (error) {
      sources.tell({ ...noticeOf(error, file.name), level: 'error' })
    }
  }

  return (
    <Row
      of="preferences"
      note={`${formatBytes(storedBytes(stored()))} with those by project`}
      reset={
        made() === 0
          ? undefined
          : () => {
              preferences.set(withoutChoices())
              say('Every choice of this page is as at the beginning')
            }
      }
      acts={
        <>
          <button type="button" class="link-button" aria-label="Export preferences" onClick={download}>
            Export
          </button>
          <button
            type="button"
            class="link-button"
            aria-label="Import preferences"
            onClick={() => input?.click()}
          >
            Import
          </button>
          <input
            ref={input}
            type="file"
            hidden
            accept=".json,application/json"
            aria-label="Preferences to import"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? []
              event.currentTarget.value = ''
              if (file) void take(file)
            }}
          />
        </>
      }
    >
      <span>{made() === 0 ? 'As everybody begins with' : formatPlural(made(), 'choice')}</span>
    </Row>
  )
}
