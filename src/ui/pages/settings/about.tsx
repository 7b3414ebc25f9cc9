import { Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { ownFiles } from '../../../state/data/own-files.ts'
import type { Kept } from '../../../state/pages/kept.ts'
import { copyText } from '../../common/clipboard.ts'
import { useSettings } from './model.ts'
import { Block, Row } from './row.tsx'

/** Which version this is, what it sends, and whose code is in it. */
export function About(props: { kept: Kept }) {
  const app = useApp()
  const { say } = useSettings()

  /** Versions, sizes and counts: no names and no data. */
  async function diagnostics(): Promise<string> {
    const memory = await app.ask('memory').catch((error: unknown) => String(error))
    const catalogue = app.data.catalogue()
    const { room } = props.kept
    return JSON.stringify(
      {
        version: app.version,
        browser: navigator.userAgent,
        cores: navigator.hardwareConcurrency,
        pixels: `${window.innerWidth} × ${window.innerHeight} at ${window.devicePixelRatio}`,
        storage: props.kept.why() || room(),
        kept: props.kept.places().map(({ kind, bytes }) => ({ kind, bytes })),
        preferencesLast: app.preferences.lasts(),
        sources: app.sources.list().map(({ kind, info, received }) => ({
          ...{ kind, bytes: info.bytes, live: info.live, projects: info.projects.length, received },
        })),
        project: catalogue && {
          ...{ runs: catalogue.runs.length, metrics: catalogue.metrics.length, rows: catalogue.rows },
        },
        memory:
          typeof memory === 'string'
            ? memory
            : { ...memory, projects: memory.projects.map(({ bytes }) => bytes) },
      },
      null,
      2,
    )
  }

  return (
    <Block of="about">
      <Row of="version">
        <span>{`Trackio Lite ${app.version}`}</span>
      </Row>
      <Row of="privacy">
        <p class="set-words">
          Data is read and drawn inside this page. Nothing of it is sent anywhere, unless you publish it or
          change it at a server. To open an address, the page asks its host for the parts that it shows. There
          are no cookies and no counters, and no code, fonts or pictures of others are fetched.
        </p>
      </Row>
      <Row
        of="licences"
        note="and parts by others, each with its text"
        acts={
          // one file alone has no other beside it
          <Show when={/^https?:/.test(ownFiles())}>
            <a
              class="link-button"
              href={new URL('licences.txt', ownFiles()).href}
              target="_blank"
              rel="noreferrer"
            >
              Read
            </a>
          </Show>
        }
      >
        <span>MIT</span>
      </Row>
      <Row
        of="diagnostics"
        acts={
          <button
            type="button"
            class="link-button"
            aria-label="Copy diagnostics"
            onClick={() =>
              void diagnostics()
                .then(copyText)
                .then(() => say('Diagnostics are copied'))
            }
          >
            Copy
          </button>
        }
      >
        <span class="hush">versions, sizes and counts as text; no names, no data</span>
      </Row>
    </Block>
  )
}
