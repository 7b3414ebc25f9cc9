import { Icon } from './icon.tsx'

/** In a search field: what was found, in words, and the way from hit to hit. */
export function HitWalk(props: { words: string; none: boolean; onWalk(by: 1 | -1): void }) {
  const step = (by: 1 | -1, label: string, key: string, icon: 'left' | 'right') => (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={`${label}: ${key}`}
      disabled={props.none}
      onClick={() => props.onWalk(by)}
    >
      <Icon name={icon} />
    </button>
  )
  return (
    <>
      <span class="found" role="status">
        {props.words}
      </span>
      {step(-1, 'Previous hit', 'p', 'left')}
      {step(1, 'Next hit', 'n', 'right')}
    </>
  )
}
