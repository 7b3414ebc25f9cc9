import type { ConfigKey } from '../../../compute/group.ts'

type Option = { value: string; text: string }

const PLAIN: readonly Option[] = [
  { value: 'run', text: 'run' },
  { value: 'step', text: 'step' },
  { value: 'caption', text: 'caption' },
]

/** Config keys with more than one value tell values apart; the others come after them. */
function configs(keys: readonly ConfigKey[]): Option[] {
  const options = ({ path }: ConfigKey): Option => ({ value: `config:${path}`, text: path })
  return [
    ...keys.filter(({ distinct }) => distinct > 1),
    ...keys.filter(({ distinct }) => distinct <= 1),
  ].map(options)
}

export function rowOptions(keys: readonly ConfigKey[]): Option[] {
  return [...PLAIN, { value: 'none', text: 'one row' }, ...configs(keys)]
}

export function columnOptions(keys: readonly ConfigKey[]): Option[] {
  return [
    ...PLAIN,
    { value: 'none', text: 'one column' },
    { value: 'all', text: 'all steps, wrapped' },
    ...configs(keys),
  ]
}
