import { createComputed, createEffect, createMemo, createSignal, getOwner, lazy, Match, on, runWithOwner, Show, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { useApp } from '../../state/app.ts'
import { scrollToMetric } from '../metrics/sheet.tsx'
import { pages } from '../pages/registry.ts'
import { Sidebar } from '../sidebar/sidebar.tsx'
import { setSharing, sharing } from './clipboard.ts'
import { currentFigure } from './current-figure.ts'
import { DropTarget } from './drop-target.tsx'
import { FileInputs } from './file-inputs.tsx'
import { Header } from './header.tsx'
import { createLayout } from './layout.ts'
import type { ShortcutsOptions } from './shortcuts.ts'
import { SourceNotices } from './source-notices.tsx'
import { StatusBar } from './status-bar.tsx'

// a link needs it only where it fails, perhaps without a network by then: it is fetched once the charts stand
const OpenPage = lazy(async () => ({ default: (await import('../pages/open.tsx')).OpenPage }))
// a window has one of the three frames: the other two are not fetched
const EmbedFrame = lazy(async () => ({ default: (await import('./embed.tsx')).EmbedFrame }))
const PhoneFrame = lazy(async () => ({ default: (await import('./phone.tsx')).PhoneFrame }))
// not needed for the first chart: fetched when first opened
const SettingsPage = lazy(async () => ({ default: (await import('../pages/settings.tsx')).SettingsPage }))
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const Share = lazy(async () => ({ default: (await import('./share.tsx')).Share }))
// a question of a line that broke: it has to be here by then
const PartDialog = lazy(async () => ({ default: (await import('./part-dialog.tsx')).PartDialog }))
const ShortcutsDialog = lazy(async () => ({ default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog }))

/** The whole page: the frame for this window, and in it the page that the address names. */
export function AppShell() {
  const app = useApp()
  const layout = createLayout(app)
  const [palette, setPalette] = createSignal<string>()
  const [keys, setKeys] = createSignal(false)
  let chart: string | undefined
  const openPalette = (text = '') => {
    chart = app.view.fullscreen() ?? currentFigure()?.dataset.metric
    setPalette(text)
  }
  const shortcuts: ShortcutsOptions = {
    layout,
    openPalette,
    openList: () => setKeys(true),
    covered: () => palette() !== undefined || keys(),
    ahead: (letter) => setPalette((text) => (text !== undefined ? text + letter : text)),
  }
  // keys are of no use before there is something to see; the page is not settled without them
  let press = (_: string): boolean => false
  const owner = getOwner()
  app.settled.setBusy('keys', true)
  import('./shortcuts.ts')
    .then(({ createShortcuts }) => runWithOwner(owner, () => createShortcuts(shortcuts)))
    .then((made) => {
      if (made) press = made.press
    })
    .finally(() => app.settled.setBusy('keys', false))
  createEffect(
    on(app.settled.ready, (ready) => {
      if (!ready) return
      void OpenPage.preload()
      void PartDialog.preload()
    }),
  )
  // what is on its way is not settled
  // a link that is tried again, with a token, leaves what was typed where it is
  const opens = createMemo<boolean>(
    (before) => app.page() === 'open' || (before && app.page() !== 'settings' && app.sources.list().length === 0),
    false,
  )
  const needed = () => (opens() ? OpenPage : layout.frame() === 'embed' ? EmbedFrame : layout.frame() === 'phone' ? PhoneFrame : undefined)
  createComputed(
    on(needed, (part) => {
      app.settled.setBusy('frame', part !== undefined)
      void part?.preload().finally(() => needed() === part && app.settled.setBusy('frame', false))
    }),
  )
  // a metric without a card on the sheet is shown alone
  const goTo = (metric: string) => {
    if (!scrollToMetric(metric)) app.view.setFullscreen(metric)
  }
  const entry = () => pages.find(({ id }) => id === app.page()) ?? (app.page() === 'settings' ? undefined : pages[0])
  return (
    <FileInputs onJump={openPalette}>
      <Switch>
        <Match when={opens()}>
          <Show when={!app.probing()}>
            <OpenPage onKeys={() => setKeys(true)} onPalette={openPalette} />
          </Show>
        </Match>
        <Match when={layout.frame() === 'embed'}>
          <EmbedFrame page={entry()} />
        </Match>
        <Match when={layout.frame() === 'phone'}>
          <PhoneFrame page={entry()} settings={SettingsPage} onPalette={openPalette} />
        </Match>
        <Match when={true}>
          {/** biome-ignore lint/a11y/useValidAnchor: a skip link; the hash is the view's, so the focus is moved by hand */}
          <a class="skip" href="#charts" onClick={(event) => jumpTo(event, 'charts')}>
            Skip to charts
          </a>
          <Show when={layout.sidebar() !== 'rail'}>
            {/** biome-ignore lint/a11y/useValidAnchor: a skip link; the hash is the view's, so the focus is moved by hand */}
            <a class="skip" href="#runs" onClick={(event) => jumpTo(event, 'runs')}>
              Skip to runs
            </a>
          </Show>
          <div
            class="app"
            classList={{ rail: layout.sidebar() !== 'open', bare: app.page() === 'settings' && app.sources.list().length === 0 }}
            style={{ '--side': `${app.preferences.value().sidebarWidth}px` }}
          >
            <Show when={app.sources.list().length > 0 || app.page() !== 'settings'}>
              <Sidebar layout={layout} />
            </Show>
            <div class="main">
              <Header onJump={openPalette} />
              <Show
                when={app.page() !== 'settings'}
                fallback={
                  <div class="page">
                    <SourceNotices />
                    <SettingsPage />
                  </div>
                }
              >
                <Dynamic component={entry()?.view} frame="full" />
              </Show>
              <StatusBar />
            </div>
          </div>
        </Match>
      </Switch>
      <DropTarget />
      <Show when={palette() !== undefined}>
        <Palette
          text={palette() ?? ''}
          chart={chart}
          onClose={() => setPalette(undefined)}
          onKeys={() => setKeys(true)}
          goTo={goTo}
          press={(key) => press(key)}
        />
      </Show>
      <Show when={sharing()}>
        <Share onClose={() => setSharing(false)} />
      </Show>
      <Show when={app.parts.question()} keyed>
        {(question) => <PartDialog question={question} />}
      </Show>
      <Show when={keys()}>
        <ShortcutsDialog onClose={() => setKeys(false)} />
      </Show>
    </FileInputs>
  )
}

/** The hash is the view's, so a skip link moves the focus by itself. */
function jumpTo(event: MouseEvent, id: string): void {
  event.preventDefault()
  const target = document.getElementById(id)
  const inside = id === 'runs' ? target?.querySelector<HTMLElement>('[role="checkbox"][tabindex="0"]') : undefined
  ;(inside ?? target)?.focus()
}
