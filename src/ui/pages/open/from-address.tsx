import { createSignal, createUniqueId, Show } from 'solid-js'
import type { AddressKind } from '../../../model/source.ts'
import { useApp } from '../../../state/app.ts'
import { Segmented } from '../../components/segmented.tsx'

type Kind = Extract<AddressKind, 'dataset' | 'bucket' | 'space' | 'db' | 'server'>

const KINDS: { value: Kind; text: string; name: string; label: string; placeholder: string; hint: string }[] =
  [
    {
      value: 'dataset',
      text: 'HF Dataset',
      name: 'HF Dataset',
      label: 'Dataset',
      placeholder: 'owner/name or huggingface.co address',
      hint: 'Only the parts a chart needs are read. Private data: a token can be given when the Hub asks for one.',
    },
    {
      value: 'bucket',
      text: 'Bucket',
      name: 'Bucket',
      label: 'Bucket',
      placeholder: 'owner/name or huggingface.co address',
      hint: 'Static exports and the live data of a Space, log fragments included.',
    },
    {
      value: 'space',
      text: 'Space',
      name: 'Space',
      label: 'Space',
      placeholder: 'owner/name, huggingface.co or hf.space address',
      hint: 'The data behind a Space is read from its bucket or dataset; the Space itself need not run.',
    },
    {
      value: 'db',
      text: 'URL',
      name: 'URL',
      label: 'URL',
      placeholder: 'Address of a .db or .parquet file',
      hint: 'Only the parts a chart needs are read. The host must allow other pages to read it (CORS).',
    },
    {
      value: 'server',
      text: 'Live server',
      name: 'Live server',
      label: 'Live server',
      placeholder: 'http://127.0.0.1:7860/',
      hint: 'trackio’s server answers only pages that it serves itself: run trackio show --frontend with this page’s build.',
    },
  ]

/**
 * Everything that is opened by a name or an address. An address is understood whatever is chosen above it.
 */
export function FromAddress() {
  const { sources, location } = useApp()
  // a link that could not be opened stands here to be corrected
  const failed =
    sources.list().length === 0 && sources.failures().length > 0 ? location.wanted()[0] : undefined
  const [kind, setKind] = createSignal<Kind>(
    KINDS.find(({ value }) => value === failed?.as)?.value ?? 'dataset',
  )
  const [text, setText] = createSignal(
    failed && (failed.as === kind() || isAddress(failed.texts[0] ?? '')) ? (failed.texts[0] ?? '') : '',
  )
  const hint = createUniqueId()
  let field: HTMLInputElement | undefined
  const chosen = () => KINDS.find(({ value }) => value === kind()) ?? KINDS[0]
  return (
    <Show when={chosen()}>
      {(one) => (
        <div class="open-from">
          <h2>From somewhere else</h2>
          <Segmented label="Where" options={KINDS} value={kind()} onChange={setKind} />
          <form
            onSubmit={(event) => {
              event.preventDefault()
              const given = text().trim()
              if (given === '') field?.focus()
              else void sources.openAddress(given, isAddress(given) && kind() !== 'server' ? 'auto' : kind())
            }}
          >
            <div class="field">
              <input
                ref={field}
                aria-label={one().label}
                aria-describedby={hint}
                inputmode="url"
                autocomplete="off"
                autocapitalize="off"
                spellcheck={false}
                placeholder={one().placeholder}
                value={text()}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            </div>
            <button type="submit" class="button">
              Open
            </button>
          </form>
          <p id={hint}>{one().hint}</p>
        </div>
      )}
    </Show>
  )
}

function isAddress(text: string): boolean {
  return /^(https?|hf):\/\//i.test(text)
}
