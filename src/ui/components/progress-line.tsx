/**
 * The thin line of a long wait. `share`: percent; undefined where the end is not known. `words`: the same for
 * those who do not see it.
 */
export function ProgressLine(props: { label: string; share: number | undefined; words: string }) {
  return (
    <i
      role="progressbar"
      aria-label={props.label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow={props.share === undefined ? undefined : Math.round(props.share)}
      aria-valuetext={props.words}
      style={{ '--at': `${props.share ?? 0}%` }}
    />
  )
}
