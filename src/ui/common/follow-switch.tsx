import { useApp } from '../../state/app.ts'
import { Icon } from '../components/icon.tsx'

/** Whether runs that the filter leaves out are drawn. */
export function FollowSwitch() {
  const { location } = useApp()
  const follow = location.field('follow')
  return (
    <button
      type="button"
      class="icon-button"
      role="switch"
      aria-label="Charts follow filter"
      title="Charts follow the filter: runs that do not match are not drawn"
      aria-checked={follow()}
      onClick={() => location.patch({ follow: !follow() })}
    >
      <Icon name="chart" />
    </button>
  )
}
