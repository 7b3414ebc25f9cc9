import '../styles/download-dialog.css'
import { createResource, createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatBytes, formatBytesOf } from '../../compute/format.ts'
import { nameInText, visibleName } from '../../compute/visible-name.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Export, ExportForm, ExportPlan } from '../../model/questions.ts'
import type { Notice } from '../../model/source.ts'
import { useApp } from '../../state/app.ts'
import { Dialog } from '../components/dialog.tsx'
import { ProgressLine } from '../components/progress-line.tsx'

const FORMS: Record<ExportForm, { name: string; text: string }> = {
  db: { name: 'Database (.db)', text: 'One file that trackio opens as it is.' },
  folder: {
    name: 'Folder (.zip)',
    text: 'The database with media, artifacts and saved files, as trackio’s own folder has them.',
  },
  parquet: { name: 'Parquet (.zip)', text: 'trackio’s static export: tables, media and artifacts.' },
  csv: { name: 'CSV', text: 'A line for each logged row, a column for each metric.' },
  html: {
    name: 'Page (.html)',
    text: 'This dashboard with the data inside: opens from disk with a double click.',
  },
}

/** Downloads the project on screen in one of the forms, and says what each holds and leaves behind. */
export function DownloadDialog(props: { onClose(): void }) {
  const { sources, downloads, jobs } = useApp()
  const project = sources.project()
  const asking = new AbortController()
  /** A download goes on when this is closed, and must not touch one that was opened since. */
  let open = true
  onCleanup(() => {
    open = false
    asking.abort()
  })
  const [plans] = createResource(() => downloads.plans(project?.id ?? '', asking.signal))
  const [form, setForm] = createSignal<ExportForm>('folder')
  const [working, setWorking] = createSignal(false)
  const [saved, setSaved] = createSignal<Pick<Export, 'name' | 'notices' | 'whole'>>()
  /** The one that is chosen, if this project can have it; else the first that it can. */
  const chosen = (): ExportPlan | undefined => {
    const all = (plans.error ? undefined : plans()) ?? []
    const possible = all.filter(({ refused }) => refused === undefined)
    return possible.find((plan) => plan.form === form()) ?? possible[0]
  }

  async function download(): Promise<void> {
    const plan = chosen()
    if (!project || !plan) return
    setWorking(true)
    try {
      await downloads.project(project.id, project.name, plan.form, (file) => {
        if (open) setSaved(file)
        return open
      })
      // what failed is told over the charts, what was stopped was stopped here
      if (open && !saved()) props.onClose()
    } finally {
      setWorking(false)
    }
  }

  return (
    <Dialog
      label="Download"
      title={`Download ${nameInText(project?.name ?? '')}`}
      class="dialog"
      onClose={props.onClose}
    >
      <Switch
        fallback={
          <form
            class="dialog-body download"
            onSubmit={(event) => {
              event.preventDefault()
              void download()
            }}
          >
            <Switch fallback={<p role="status">Looking at what there is…</p>}>
              <Match when={plans.error}>
                <p class="failure" role="alert">
                  {wordsOf(noticeOf(plans.error, project?.name ?? ''))}
                </p>
              </Match>
              <Match when={plans()}>
                {(all) => (
                  <fieldset class="forms" aria-label="Form">
                    <For each={all()}>
                      {(plan) => (
                        <FormChoice
                          plan={plan}
                          checked={plan.form === chosen()?.form}
                          onChoose={() => setForm(plan.form)}
                        />
                      )}
                    </For>
                  </fieldset>
                )}
              </Match>
            </Switch>
            <div class="buttons">
              <button type="button" class="button" onClick={() => props.onClose()}>
                Cancel
              </button>
              <button type="submit" class="button primary" disabled={!chosen()}>
                Download
              </button>
            </div>
          </form>
        }
      >
        <Match when={working()}>
          <Working />
        </Match>
        <Match when={saved()}>
          {(file) => (
            <div class="dialog-body download">
              <p role="status">
                {`${visibleName(file().name)} is with your downloads.`}
                {file().whole ? ' Everything is in it.' : ''}
              </p>
              <For each={file().notices}>{(notice) => <p class="left">{wordsOf(notice)}</p>}</For>
              <div class="buttons">
                <button type="button" class="button primary" onClick={() => props.onClose()}>
                  Done
                </button>
              </div>
            </div>
          )}
        </Match>
      </Switch>
    </Dialog>
  )

  function Working() {
    const progress = () => jobs.job()?.progress
    const words = () => {
      const now = progress()
      const text = visibleName(jobs.job()?.text ?? '')
      return now && now.totalBytes > 0 ? `${text}, ${formatBytesOf(now.bytes, now.totalBytes)}` : text
    }
    const share = () => {
      const now = progress()
      return now && now.totalBytes > 0 ? Math.min(100, (100 * now.bytes) / now.totalBytes) : undefined
    }
    return (
      <div class="dialog-body download">
        <div class="open-progress">
          {words()}
          <ProgressLine label="Writing" share={share()} words={words()} />
        </div>
        <div class="buttons">
          <button type="button" class="button" onClick={() => jobs.job()?.cancel()}>
            Stop
          </button>
        </div>
      </div>
    )
  }
}

function FormChoice(props: { plan: ExportPlan; checked: boolean; onChoose(): void }) {
  const { name, text } = FORMS[props.plan.form]
  return (
    <label class="form-choice">
      <input
        type="radio"
        name="form"
        value={props.plan.form}
        checked={props.checked}
        disabled={props.plan.refused !== undefined}
        onChange={() => props.onChoose()}
      />
      <span class="what">
        <b>{name}</b>
        <Show when={props.plan.refused === undefined && props.plan.bytes > 0}>
          <span class="size">{`from ${formatBytes(props.plan.bytes)}`}</span>
        </Show>
        <span class="words">{props.plan.refused ?? text}</span>
        <For each={props.plan.notices}>
          {(notice) => <span class="left">{visibleName(notice.text)}</span>}
        </For>
      </span>
    </label>
  )
}

function wordsOf({ subject, text, action }: Notice): string {
  return `${visibleName(subject)}: ${visibleName(text)}. ${action ?? ''}`
}
