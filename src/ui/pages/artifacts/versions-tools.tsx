import { Show } from 'solid-js'
import { quote } from '../../../compute/csv-cells.ts'
import { fileName } from '../../../compute/file-name.ts'
import { formatPlural } from '../../../compute/format.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { Select } from '../../components/select.tsx'
import type { ArtifactsModel } from './model.ts'
import type { ViewProps } from './view-props.ts'

const ORDERS = [
  { value: '', text: 'Type, name' },
  { value: 'name', text: 'Name' },
  { value: 'newest', text: 'Newest first' },
  { value: 'largest', text: 'Largest first' },
]

/** Order of the list, a check of everything, and the list as a file. */
export function VersionsTools(props: ViewProps) {
  const { sources } = useApp()
  const { model } = props
  const versions = () => (model.all()?.artifacts ?? []).reduce((sum, one) => sum + one.versions.length, 0)
  const going = () => model.check.check()?.state === 'going'
  return (
    <>
      <span class="control">
        Sort
        <Select
          label="Sort"
          value={model.own().sort ?? ''}
          options={ORDERS}
          onChange={(sort) => model.set({ sort })}
        />
      </span>
      <span class="gap" />
      <Show when={versions() > 0}>
        <button
          type="button"
          class="text-button"
          disabled={going() || model.without() !== undefined}
          title={model.without() ?? 'Read every stored file and compare it with its SHA-256'}
          onClick={() => model.verifyAll()}
        >
          {props.narrow ? 'Verify all' : `Verify all ${formatPlural(versions(), 'version')}`}
        </button>
      </Show>
      <button
        type="button"
        class="text-button"
        title="Save all versions as CSV"
        disabled={versions() === 0}
        onClick={() =>
          save(
            new Blob([csvOf(model)], { type: 'text/csv' }),
            fileName([sources.project()?.name ?? '', 'artifacts'], 'csv'),
          )
        }
      >
        Export
      </button>
    </>
  )
}

function csvOf(model: ArtifactsModel): string {
  const head = 'type,artifact,version,aliases,bytes,files,references,created,producer,used_by,digest'
  const rows = (model.all()?.artifacts ?? []).flatMap(({ type, name, versions }) =>
    versions.map((one) =>
      [
        ...[type, name, `v${one.version}`, one.aliases.join(' ')],
        ...[one.bytes, one.files, one.references].map(String),
        ...[one.createdAt, one.producer?.name ?? ''],
        ...[String(model.links().users(one.key).length), one.digest],
      ]
        .map(quote)
        .join(','),
    ),
  )
  return `${[head, ...rows].join('\n')}\n`
}
