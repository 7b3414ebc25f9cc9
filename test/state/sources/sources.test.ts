import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import { AccessError, TrackioError } from '../../../src/model/errors.ts'
import type { SourceInfo, SourceLink, SourceRef } from '../../../src/model/source.ts'
import { DEFAULT_VIEW, type ViewState, type WantedFile } from '../../../src/state/address/link.ts'
import type { ViewLocation } from '../../../src/state/address/location.ts'
import type { Preferences, Recent, Stored } from '../../../src/state/address/preferences.ts'
import type { Handles } from '../../../src/state/sources/file-handles.ts'
import { createSources, type Sources } from '../../../src/state/sources/sources.ts'
import type { Tokens } from '../../../src/state/sources/tokens.ts'

const closing: (() => void)[] = []
beforeEach(() => void vi.stubGlobal('document', { hidden: false, baseURI: 'https://lite.example/' }))
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.unstubAllGlobals()
})

interface Made {
  sources: Sources
  view(): ViewState
  /** As the address names what is open. */
  links(): readonly SourceLink[]
  files(): readonly WantedFile[]
  /** All that the address names was tried. */
  started(): void
  asked: SourceRef[]
  tokens: Map<string, string>
  /** What opening a text answers; by default a source of one project of that name. */
  answers: Map<string, () => Promise<Partial<SourceInfo>>>
  handles: { reopen: Handles['reopen'] }
}

function page(
  options: {
    hub?: string | undefined
    view?: Partial<ViewState>
    files?: WantedFile[] | undefined
    starting?: boolean
  } = {},
): Made {
  const answers: Made['answers'] = new Map()
  const asked: SourceRef[] = []
  const given = new Map<string, string>()
  let ids = 0
  const engine = {
    async open(ref: SourceRef): Promise<SourceInfo> {
      asked.push(ref)
      const name = ref.kind === 'address' ? (ref.texts[0] ?? '') : ref.kind
      const id = `s${++ids}`
      const more = (await answers.get(name)?.()) ?? {}
      const project = { id: `${id}/p`, name, source: id, file: 'p.db', bytes: 1 }
      const link =
        ref.kind === 'address' && ref.as !== 'auto'
          ? { link: { as: ref.as, texts: ref.texts, ...(ref.hub && { hub: ref.hub }) } }
          : {}
      const info: SourceInfo = {
        id,
        name,
        bytes: 1,
        live: false,
        every: 0,
        local: false,
        host: 'h',
        writable: false,
        projects: [project],
        notices: [],
        ...link,
        ...more,
      }
      return {
        ...info,
        projects: info.projects.map((one) => ({ ...one, id: `${id}/${one.name}`, source: id })),
      }
    },
    close: async () => {},
    refresh: async () => Promise.reject(new DOMException('closed', 'AbortError')),
  } as Partial<EngineApi> as EngineApi
  return createRoot((dispose) => {
    closing.push(dispose)
    const [view, setView] = createSignal<ViewState>({ ...DEFAULT_VIEW, ...options.view })
    const [wantedFiles, setWantedFiles] = createSignal(options.files ?? [])
    const [starting, setStarting] = createSignal(options.starting ?? false)
    let links: readonly SourceLink[] = []
    let files: () => readonly WantedFile[] = () => []
    const location: ViewLocation = {
      pages: { all: [], home: 'metrics', open: 'open' },
      view,
      field: (key) => () => view()[key],
      follow: () => {},
      adopt: () => {},
      open: () => {},
      back: () => {},
      isFollowing: () => false,
      patch: (change) => void setView({ ...view(), ...change }),
      undo: () => {},
      redo: () => {},
      problems: () => [],
      dismissProblems: () => {},
      wanted: () => [],
      hub: () => options.hub,
      wantedFiles,
      forgetFiles: () => void setWantedFiles([]),
      setLinks: (next, nextFiles) => {
        links = next
        files = nextFiles
      },
      link: () => '',
      fullLink: () => '',
    }
    const stored: Partial<Stored> = { recents: [] }
    const preferences = { value: () => stored, addRecent: () => {} } as Partial<Preferences> as Preferences
    const tokens: Tokens = {
      has: (origin) => given.has(origin),
      set: async (origin, token) =>
        void (token === undefined ? given.delete(origin) : given.set(origin, token)),
      origins: () => [...given.keys()],
    }
    const handles = {
      keep: async () => {},
      reopen: async () => undefined,
      count: async () => 0,
      forget: async () => {},
      clear: async () => {},
    } as Handles
    const sources = createSources({
      engine,
      location,
      preferences,
      handles,
      tokens,
      demo: { name: 'demo.db', fetch: () => Promise.reject(new Error('not asked for')) },
      starting,
    })
    return {
      sources,
      view,
      links: () => links,
      files: () => files(),
      started: () => void setStarting(false),
      asked,
      tokens: given,
      answers,
      handles,
    }
  })
}

const dataset = (id: string): SourceLink => ({ as: 'dataset', texts: [id] })
const projectsOf = (...names: string[]) => ({
  projects: names.map((name) => ({ id: name, name, source: '', file: `${name}.db`, bytes: 1 })),
})

describe('opening several, one after the other', () => {
  test('what failed stays told when the next one opens', async () => {
    const { sources, answers } = page()
    answers.set('me/bad', () =>
      Promise.reject(new TrackioError('me/bad', 'no such thing', 'Check the name.')),
    )
    await sources.openLink(dataset('me/bad'))
    await sources.openLink(dataset('me/good'), false)
    expect(sources.failures().map(({ text }) => text)).toEqual(['no such thing'])
    expect(sources.projects().map(({ name }) => name)).toEqual(['me/good'])
    // what a person opens next starts anew
    await sources.openAddress('me/other', 'dataset')
    expect(sources.failures()).toEqual([])
  })

  test('a token opens all that asked for one', async () => {
    const { sources, answers, tokens } = page()
    for (const id of ['me/a', 'me/b']) {
      answers.set(id, async () => {
        if (!tokens.has('https://huggingface.co'))
          throw new AccessError(id, 'private', 'Give a token.', 'https://huggingface.co')
        return {}
      })
    }
    answers.set('me/c', () => Promise.reject(new TrackioError('me/c', 'no such thing', '')))
    for (const [i, id] of ['me/a', 'me/b', 'me/c'].entries()) await sources.openLink(dataset(id), i === 0)
    expect(sources.failures().map(({ subject }) => subject)).toEqual(['me/a', 'me/b', 'me/c'])
    tokens.set('https://huggingface.co', 'hf_x')
    await sources.retry()
    expect(sources.failures().map(({ subject }) => subject)).toEqual(['me/c'])
    expect(sources.projects().map(({ name }) => name)).toEqual(['me/a', 'me/b'])
  })

  test('who opened something is told how it went, and of nothing else', async () => {
    const { sources, answers } = page()
    const files = [{ path: 'a.db', file: new File(['x'], 'a.db') }]
    sources.fail(new Error('of another'), '/data/secret.db')
    expect(await sources.openFiles({ name: 'a.db', kind: 'host', files }, false)).toMatchObject({
      kind: 'opened',
      info: { id: 's1' },
    })
    answers.set('files', () => Promise.reject(new TrackioError('a.db', 'broken', '')))
    expect(await sources.openFiles({ name: 'a.db', kind: 'host', files }, false)).toMatchObject({
      kind: 'failed',
      notice: { subject: 'a.db', text: 'broken' },
    })
  })
})

describe('what the address names', () => {
  test('with a trackio server beside the page: nothing for it alone, it too once it is compared with something else', async () => {
    const { sources, answers, links } = page()
    answers.set('beside', async () => ({
      ...projectsOf('mine'),
      link: { as: 'server', texts: ['https://lite.example/'] },
    }))
    await sources.openBeside('server')
    expect(links()).toEqual([])
    await sources.openLink(dataset('me/other'), false)
    expect(links()).toEqual([])
    const other = sources.projects().find(({ name }) => name === 'me/other')
    sources.setBeside(other?.id ?? '', true)
    expect(links()).toEqual([{ as: 'server', texts: ['https://lite.example/'] }, dataset('me/other')])
    sources.setBeside(other?.id ?? '', false)
    expect(links()).toEqual([])
  })

  test('leads to the Hub that a name was opened at, whatever the page’s own is', async () => {
    const { sources, asked } = page({ hub: 'https://hub.example' })
    await sources.openLink(dataset('me/a'))
    const recent: Recent = { kind: 'address', name: 'x', detail: '', at: 0, link: dataset('me/b') }
    await sources.openRecent(recent)
    expect(asked).toMatchObject([{ hub: 'https://hub.example' }, { hub: 'https://huggingface.co' }])
  })

  test('carries no token that a server’s address came with', async () => {
    const { sources, asked, tokens } = page()
    await sources.openAddress('http://127.0.0.1:7860/?write_token=secret&x=1', 'server')
    expect(asked).toMatchObject([{ texts: ['http://127.0.0.1:7860/?x=1'] }])
    expect([...tokens]).toEqual([['http://127.0.0.1:7860', 'secret']])
  })
})

describe('projects side by side', () => {
  test('of one name are told apart while the page is open', async () => {
    const { sources, answers } = page()
    for (const id of ['a', 'b', 'c']) answers.set(`me/${id}`, async () => projectsOf('demo'))
    for (const id of ['a', 'b', 'c']) await sources.openLink(dataset(`me/${id}`), id === 'a')
    sources.setBeside('s3/demo', true)
    expect(sources.beside().map(({ id }) => id)).toEqual(['s3/demo'])
    sources.setBeside('s2/demo', true)
    expect(sources.beside().map(({ id }) => id)).toEqual(['s3/demo', 's2/demo'])
    sources.setBeside('s3/demo', false)
    expect(sources.beside().map(({ id }) => id)).toEqual(['s2/demo'])
  })

  test('are no longer named once their source is closed', async () => {
    const { sources, view } = page()
    for (const id of ['a', 'b', 'c']) await sources.openLink(dataset(`me/${id}`), id === 'a')
    sources.setBeside('s2/me/b', true)
    sources.setBeside('s3/me/c', true)
    expect(view().beside).toEqual(['me/b', 'me/c'])
    await sources.close('s2')
    expect([view().beside, sources.project()?.name]).toEqual([['me/c'], 'me/a'])
  })
})

test('a recent file that is gone, or that the browser refuses, says so', async () => {
  const { sources, handles } = page()
  const recent: Recent = { kind: 'file', name: 'old.db', detail: '', at: 0 }
  handles.reopen = () => Promise.reject(new DOMException('it could not be found', 'NotFoundError'))
  expect(await sources.openRecent(recent)).toBe(true)
  expect(sources.failures()).toMatchObject([{ subject: 'old.db', text: 'it could not be found' }])
  handles.reopen = async () => ({ name: 'old.db', kind: 'file', files: [] })
  await sources.openRecent(recent)
  expect(sources.failures()).toMatchObject([{ subject: 'old.db', text: 'no longer there' }])
})

test('giving a closed source its new files is nobody’s failure', async () => {
  const { sources } = page()
  await sources.openLink(dataset('me/a'))
  await sources.refresh('s1', { name: 'a', kind: 'file', files: [] })
  expect(sources.failures()).toEqual([])
})

describe('a project that the address names and that there is not', () => {
  test('shows no other one', async () => {
    const { sources, answers, started, links } = page({ view: { project: 'gpt3' }, starting: true })
    answers.set('me/a', async () => projectsOf('one', 'two'))
    await sources.openLink(dataset('me/a'))
    started()
    expect([sources.project(), sources.asked(), sources.projects().length]).toEqual([undefined, undefined, 2])
    expect(links(), 'the address still says where').toEqual([dataset('me/a')])
    sources.select('s1/two')
    expect(sources.project()?.name).toBe('two')
  })
  test('may be in the next source that it names', async () => {
    const { sources, answers, view } = page({ view: { project: 'gpt3', metrics: 'loss' }, starting: true })
    answers.set('me/b', async () => projectsOf('gpt3'))
    await sources.openLink(dataset('me/a'))
    await sources.openLink(dataset('me/b'), false)
    expect([sources.project()?.name, view().metrics]).toEqual(['gpt3', 'loss'])
  })
  test('is forgotten when a person opens something by hand', async () => {
    const { sources, view } = page({ view: { project: 'gpt3', metrics: 'loss' } })
    await sources.openAddress('me/a', 'dataset')
    expect([sources.project()?.name, view().project, view().metrics]).toEqual(['me/a', undefined, undefined])
  })
  test('is still the one on screen when it was renamed', async () => {
    const { sources, view } = page({ view: { project: 'me/a' }, starting: true })
    await sources.openLink(dataset('me/a'))
    expect(sources.project()?.name).toBe('me/a')
    expect(view().project).toBe('me/a')
  })
})

describe('a link of files', () => {
  const given = (name: string) => ({
    name,
    kind: 'file' as const,
    files: [{ path: name, file: new File(['x'], name) }],
  })
  const source = (name: string, bytes: number, project = name.replace('.db', '')) => ({
    name,
    bytes,
    local: true,
    host: '',
    projects: [{ id: project, name: project, source: '', file: `folder/${name}`, bytes }],
  })
  const nanogpt = { name: 'nanogpt.db', bytes: 218 }

  test('has its view once the file is given, and names it again', async () => {
    const { sources, answers, view, files } = page({
      view: { project: 'nanogpt', metrics: 'loss' },
      files: [nanogpt],
    })
    answers.set('files', async () => source('nanogpt.db', 218))
    expect(sources.absent()).toEqual([nanogpt])
    await sources.openFiles(given('nanogpt.db'))
    expect([sources.project()?.name, view().metrics, sources.absent(), sources.failures()]).toEqual([
      'nanogpt',
      'loss',
      [],
      [],
    ])
    expect(files()).toEqual([nanogpt])
  })
  test('of another size it opens all the same, and that is said', async () => {
    const { sources, answers, view } = page({
      view: { project: 'nanogpt', metrics: 'loss' },
      files: [nanogpt],
    })
    answers.set('files', async () => source('nanogpt.db', 219))
    await sources.openFiles(given('nanogpt.db'))
    expect([sources.project()?.name, view().metrics]).toEqual(['nanogpt', 'loss'])
    await vi.waitFor(() => expect(sources.failures()).toHaveLength(1))
    expect(sources.failures().map(({ level, subject, text }) => `${level} ${subject}: ${text}`)).toEqual([
      'info nanogpt.db: 219 bytes here, 218 bytes in the link: it may show other rows than whoever made it saw',
    ])
  })
  test('of another name too, in the same view', async () => {
    const { sources, answers, view, files } = page({
      view: { project: 'nanogpt', metrics: 'loss' },
      files: [nanogpt],
    })
    answers.set('files', async () => source('copy.db', 218))
    await sources.openFiles(given('copy.db'))
    expect([sources.project()?.name, view().project, view().metrics]).toEqual(['copy', undefined, 'loss'])
    await vi.waitFor(() => expect(sources.failures()).toHaveLength(1))
    expect(sources.failures().map(({ text }) => text)).toEqual([
      'not the file of the link, which is of nanogpt.db, 218 bytes',
    ])
    expect(files().map(({ name }) => name)).toEqual(['copy.db'])
  })
  test('of several, each joins until all are there', async () => {
    const { sources, answers, view } = page({
      view: { project: 'b', beside: ['a'], metrics: 'loss' },
      files: [
        { name: 'a.db', bytes: 1 },
        { name: 'b.db', bytes: 2 },
      ],
    })
    answers.set('files', async () => source('a.db', 1))
    await sources.openFiles(given('a.db'))
    expect([sources.project(), sources.absent().map(({ name }) => name)]).toEqual([undefined, ['b.db']])
    answers.set('files', async () => source('b.db', 2))
    await sources.openFiles(given('b.db'))
    expect([sources.project()?.name, sources.beside().map(({ name }) => name), view().metrics]).toEqual([
      'b',
      ['a'],
      'loss',
    ])
    expect(sources.failures()).toEqual([])
  })
  test('asks for nothing any more when its reader opens something else', async () => {
    const { sources, view, files } = page({ view: { project: 'nanogpt', metrics: 'loss' }, files: [nanogpt] })
    await sources.openAddress('me/a', 'dataset')
    expect([sources.absent(), view().metrics, files(), sources.failures()]).toEqual([[], undefined, [], []])
  })
  test('a database that a person opens is named, one of an address or of another page is not', async () => {
    const { sources, answers, files } = page()
    await sources.openAddress('me/a', 'dataset')
    expect([files(), sources.onlyHere()]).toEqual([[], []])
    answers.set('files', async () => source('own.db', 7))
    await sources.openFiles(given('own.db'))
    expect(files()).toEqual([{ name: 'own.db', bytes: 7 }])
    expect(sources.onlyHere().map(({ info }) => info.name)).toEqual(['own.db'])
    await sources.openFiles({ ...given('own.db'), kind: 'host' as const })
    expect([files(), sources.onlyHere()]).toEqual([[], []])
  })
})

describe('when the engine was started anew', () => {
  const file = (name: string) => ({ path: name, file: new File(['x'], name) })

  test('everything is opened again as it was opened, and the same projects are on screen', async () => {
    const { sources, asked, answers, links } = page()
    answers.set('me/b', async () => ({ ...projectsOf('b1', 'b2'), link: { as: 'dataset', texts: ['me/b'] } }))
    await sources.openLink(dataset('me/a'))
    await sources.openLink(dataset('me/b'), false)
    const listed = [file('run.db'), file('run.db-wal')]
    await sources.openFiles(
      { name: 'run', kind: 'folder', files: [file('run.db')], list: async () => listed },
      false,
    )
    sources.select(sources.projects().find(({ name }) => name === 'b2')?.id ?? '')
    sources.setBeside(sources.projects().find(({ name }) => name === 'me/a')?.id ?? '', true)
    const [shown, was] = [sources.asked(), links()]
    asked.length = 0
    const reopening = sources.reopen()
    // the ids of before mean nothing any more, and nobody asks by them
    expect([sources.asked(), sources.list().length]).toEqual([undefined, 3])
    await reopening
    expect(asked).toMatchObject([{ texts: ['me/a'] }, { texts: ['me/b'] }, { kind: 'files', files: listed }])
    expect(sources.list().map(({ info, kind }) => [info.id, kind])).toEqual([
      ['s4', 'address'],
      ['s5', 'address'],
      ['s6', 'folder'],
    ])
    expect([sources.project()?.id, sources.beside().map(({ id }) => id), links()]).toEqual([
      's5/b2',
      ['s4/me/a'],
      was,
    ])
    expect(sources.asked()).not.toBe(shown)
  })

  test('what cannot be had any more is said, and the rest is there', async () => {
    const { sources, answers } = page()
    for (const id of ['me/a', 'me/b']) await sources.openLink(dataset(id), id === 'me/a')
    answers.set('me/a', () => Promise.reject(new TrackioError('me/a', 'gone', '')))
    await sources.reopen()
    expect(sources.list().map(({ info }) => info.name)).toEqual(['me/b'])
    expect(sources.failures().map(({ text }) => text)).toEqual(['gone'])
    expect(sources.project()?.name).toBe('me/b')
    // where nothing can be had, what is on screen stays
    answers.set('me/b', () => Promise.reject(new TrackioError('me/b', 'gone too', '')))
    await sources.reopen()
    expect([sources.list().length, sources.asked()]).toEqual([1, sources.project()?.id])
  })

  test('what is closed or opened meanwhile stays so', async () => {
    const { sources } = page()
    for (const id of ['me/a', 'me/b']) await sources.openLink(dataset(id), id === 'me/a')
    const reopening = sources.reopen()
    await sources.close('s2')
    await sources.openLink(dataset('me/c'), false)
    await reopening
    expect(sources.list().map(({ info }) => info.name)).toEqual(['me/a', 'me/c'])
  })
})
