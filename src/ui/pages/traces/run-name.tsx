import { splitMiddle } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'

/** The name of a run on one line: of a long one the middle is cut, as names of runs differ at their ends. */
export function RunName(props: { of: string }) {
  const parts = () => splitMiddle(visibleName(props.of), 7)
  return (
    <bdi class="name split" title={visibleName(props.of)}>
      <span>{parts()[0]}</span>
      <span>{parts()[1]}</span>
    </bdi>
  )
}
