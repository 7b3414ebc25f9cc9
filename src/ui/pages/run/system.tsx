import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import type { RunModel } from './model.ts'
import { RunSection } from './section.tsx'

/** How the machines of the run were. */
export function RunSystem(_props: { model: RunModel }) {
  const { sideCounts } = useApp()
  const rows = () => sideCounts().find(({ table }) => table === 'system')
  const words = () => {
    const found = rows()
    if (!found) return 'No system metrics logged'
    const count = found.rows === undefined ? 'Some rows' : `${formatCount(found.rows)} rows`
    return `${count} in this project, no page for these yet`
  }
  return <RunSection place="system" title="System" note={words()} />
}
