/**
 * What names of several runs begin with, whole words: `sft-lr1e-5` of `sft-lr1e-5-s42` and `sft-lr1e-5-s43`. '' where that is less than half of the shortest name.
 */
export function sharedName(names: readonly string[]): string {
  const [first = '', ...others] = names
  let length = first.length
  for (const name of others) {
    let at = 0
    while (at < length && name[at] === first[at]) at++
    length = at
  }
  // a word that some names have more of is not what they share
  const whole = names.every((name) => name.length === length || /[-_./\s]/.test(name[length] ?? ''))
  const shared = first.slice(0, length).replace(whole ? /[-_./\s]+$/ : /[-_./\s]*[^-_./\s]*$/, '')
  const shortest = Math.min(...names.map((name) => name.length))
  return names.length > 1 && shared.length * 2 >= shortest ? shared : ''
}
