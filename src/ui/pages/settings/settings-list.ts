/** Sections of the page, in its order. */
export const SECTIONS = [
  { id: 'look', title: 'Look', note: 'Kept in this browser' },
  { id: 'charts', title: 'Charts', note: 'Used where a link says nothing' },
  {
    id: 'numbers',
    title: 'Numbers and time',
    note: 'Where they are read; files and copies hold them as logged',
  },
  {
    id: 'storage',
    title: 'Storage and privacy',
    note: 'Nothing leaves this browser unless you open or publish something elsewhere',
  },
  { id: 'memory', title: 'Memory', note: 'What this tab holds now' },
  { id: 'keyboard', title: 'Keyboard', note: 'Every action is in the palette with its key' },
  { id: 'about', title: 'About', note: '' },
] as const
export type SectionId = (typeof SECTIONS)[number]['id']

/** Rows of the page by section: what each is called, and other words that people look for it by. */
export const SETTINGS = {
  theme: ['look', 'Theme', 'dark light night day mode appearance system auto'],
  colors: ['look', 'Run colours', 'palette colors dashes blindness'],
  smoothing: ['charts', 'Smoothing', 'smooth average mean ema gaussian median width'],
  x: ['charts', 'X axis', 'step relative time wall clock'],
  y: ['charts', 'Y scale', 'log linear logarithmic axis'],
  range: ['charts', 'Range', 'robust full zero limits outliers'],
  columns: ['charts', 'Columns', 'layout grid charts per row'],
  shown: ['charts', 'Runs shown at start', 'latest newest all hidden'],
  lines: ['charts', 'Lines', 'raw envelope extremes alerts marks'],
  groups: ['charts', 'Groups', 'mean median band confidence interval'],
  digits: ['numbers', 'Digits', 'significant precision decimals'],
  notation: ['numbers', 'Large numbers', 'notation k M suffix scientific powers exponent'],
  marks: ['numbers', 'Marks', 'decimal comma point thousands separator locale'],
  sizes: ['numbers', 'Sizes', 'bytes kB MB KiB MiB units'],
  zone: ['numbers', 'Time zone', 'UTC local clock dates'],
  naive: ['numbers', 'Times without a zone', 'naive old trackio timestamps'],
  kept: ['storage', 'Kept here', 'quota room disk databases downloads copies OPFS space'],
  places: ['storage', 'Projects kept here', 'copies tracked hub cache downloads forget delete'],
  choices: ['storage', 'Choices by project', 'colours pins order folded notes tags forget'],
  recents: ['storage', 'Opened before', 'recent history handles files forget'],
  tokens: ['storage', 'Access tokens', 'sign in secret password hub forget remove'],
  sent: ['storage', 'Sent from here', 'bytes network privacy upload read'],
  preferences: ['storage', 'Preferences', 'export import JSON backup reset'],
  lasting: ['storage', 'Lasting', 'persist clear browser promise'],
  everything: ['storage', 'Everything', 'forget delete clear all'],
  held: ['memory', 'Held now', 'bytes columns rows RAM'],
  projects: ['memory', 'Memory by project', 'columns charts tables histograms traces pages free caches'],
  thumbnails: ['memory', 'Thumbnails, at most', 'pictures limit'],
  single: ['keyboard', 'Single keys', 'shortcuts letters off'],
  keys: ['keyboard', 'Keys', 'shortcuts hotkeys list'],
  version: ['about', 'Version', 'release'],
  privacy: ['about', 'Privacy', 'statement sent cookies tracking'],
  licences: ['about', 'Licences', 'license packages open source MIT'],
  diagnostics: ['about', 'Diagnostics', 'report bug sizes copy'],
} as const satisfies Record<string, readonly [SectionId, string, string]>
export type SettingId = keyof typeof SETTINGS

/** Names and other words of all rows of a section. */
export function wordsOfSection(id: SectionId): string {
  return Object.values(SETTINGS)
    .flatMap(([section, name, others]) => (section === id ? [name, others] : []))
    .join(' ')
    .toLowerCase()
}

/** Rows that hold all of the words, each in their names, sections or other words. */
export function findSettings(text: string): ReadonlySet<SettingId> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const titles = new Map(SECTIONS.map(({ id, title }) => [id, title]))
  const found = (Object.keys(SETTINGS) as SettingId[]).filter((id) => {
    const [section, name, others] = SETTINGS[id]
    const all = `${titles.get(section)} ${name} ${others}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
  return new Set(found)
}
