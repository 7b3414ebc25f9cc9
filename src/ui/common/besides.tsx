import { createMemo, Show } from 'solid-js'
import { sentenceBeside, wordsBeside } from '../../compute/besides.ts'
import { useApp } from '../../state/app.ts'

/**
 * What the project holds beside numbers: said, with where it stands. Of what is still being read, the
 * numbers are not known.
 */
export function Besides() {
  const { data } = useApp()
  const words = createMemo(() =>
    data.ended() ? sentenceBeside(wordsBeside(data.catalogue()?.others ?? [])) : '',
  )
  return (
    <Show when={words()}>
      <span class="besides" title={words()}>
        {words()}
      </span>
    </Show>
  )
}
