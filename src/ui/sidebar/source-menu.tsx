import '../styles/source-menu.css'
import { Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { modified } from '../common/keys.ts'
import { useOpener } from '../common/opener.ts'
import { useMarkWords, wordsFor } from '../common/source-words.ts'
import { type MenuEntry, MenuGroup, MenuItems } from '../components/menu-items.tsx'

export interface SourceMenuProps {
  /** As buttons in a sheet, not as a menu. */
  plain?: boolean | undefined
  onPublish(): void
  onDownload(): void
  /** After everything but what is on or off, or leads to a dialog. */
  onDone?: (() => void) | undefined
}

/** Of more projects than this the rest are found by name, so that what stands below them stays in reach. */
const MOST_BESIDE = 6
const MOST_RECENT = 4

export const DOWNLOADS = [
  { form: 'db', text: 'Download as .db' },
  { form: 'parquet', text: 'Download as Parquet' },
  { form: 'csv', text: 'Download as CSV' },
  { form: 'html', text: 'Download as a page of one file' },
] as const

/** What can be done with the open sources, and with the project on screen. */
export function SourceMenu(props: SourceMenuProps) {
  const { sources, location, preferences, library, downloads } = useApp()
  const opener = useOpener()
  const source = () => sources.source()
  const isOpen = (name: string) => sources.list().some(({ info }) => info.name === name)
  const again = () =>
    preferences
      .value()
      .recents.filter(({ kind, name }) => kind === 'address' && !isOpen(name))
      .slice(0, MOST_RECENT)
  // a server gives out rows, not files
  const copyable = () => source() !== undefined && source()?.info.link?.as !== 'server'

  const open = (): MenuEntry[] =>
    sources.list().map(({ info }) => ({
      text: info.name,
      checked: info.id === source()?.info.id,
      onSelect: () => {
        const [first] = info.projects
        if (first) sources.select(first.id)
      },
    }))

  function compare(): MenuEntry[] {
    const others = sources.projects().filter(({ id }) => id !== sources.project()?.id)
    const beside = sources.beside()
    const isBeside = (id: string) => beside.some((one) => one.id === id)
    const listed =
      others.length > MOST_BESIDE
        ? others.filter(({ id }, i) => isBeside(id) || i < MOST_BESIDE - beside.length)
        : others
    const entries = listed.map((project): MenuEntry => {
      const on = isBeside(project.id)
      return {
        text: wordsFor(sources, project),
        checked: on,
        many: true,
        onSelect: () => sources.setBeside(project.id, !on),
      }
    })
    const left = others.length - listed.length
    return left === 0
      ? entries
      : [...entries, { text: `${left} more…`, dialog: true, onSelect: () => opener.jump('Compare with ') }]
  }

  function withProject(act: (id: string, name: string) => Promise<void>): void {
    const project = sources.project()
    if (project) void act(project.id, project.name)
  }
  const download = ({ form, text }: (typeof DOWNLOADS)[number]): MenuEntry => ({
    text,
    onSelect: () => withProject((id, name) => downloads.project(id, name, form)),
  })
  const copies = (): (MenuEntry | undefined)[] => [
    { text: 'Keep a copy in this browser', onSelect: () => withProject(library.keep) },
    { text: 'Publish to the Hub', dialog: true, onSelect: props.onPublish },
    undefined,
    { text: 'Download…', dialog: true, onSelect: props.onDownload },
    ...DOWNLOADS.map(download),
  ]

  const leaving = (items: (MenuEntry | undefined)[]): (MenuEntry | undefined)[] =>
    items.map((item) =>
      item === undefined || item.many || item.dialog
        ? item
        : {
            ...item,
            onSelect() {
              item.onSelect()
              props.onDone?.()
            },
          },
    )

  const marked = useMarkWords()
  return (
    <>
      <Show when={marked()}>
        {(words) => (
          <div class="menu-words" role="none">
            {words()}
          </div>
        )}
      </Show>
      <MenuGroup label="Sources" items={leaving(open())} plain={props.plain} />
      <Show when={sources.projects().length > 1}>
        <MenuGroup label="Compare with" items={compare()} plain={props.plain} />
      </Show>
      <Show when={again().length > 0}>
        <MenuGroup
          label="Recent"
          items={leaving(
            again().map((recent) => ({ text: recent.name, onSelect: () => void sources.openRecent(recent) })),
          )}
          plain={props.plain}
        />
      </Show>
      <MenuItems
        plain={props.plain}
        items={leaving([
          undefined,
          ...(copyable() ? copies() : DOWNLOADS.filter(({ form }) => form === 'csv').map(download)),
          undefined,
          { text: 'Open files', onSelect: () => opener.chooseFiles() },
          {
            text: 'Open another',
            note: modified('⌘O'),
            onSelect: () => location.patch({ page: location.pages.open }),
          },
          {
            text: `Close ${source()?.info.name ?? ''}`,
            onSelect: () => void sources.close(source()?.info.id ?? ''),
          },
        ])}
      />
    </>
  )
}
