import { useApp } from '../../state/app.ts'
import { ChangeDialog } from '../components/change-dialog.tsx'

/** Calls a run otherwise in this view: the link keeps it, its project is not changed. */
export function RenameRun(props: { runKey: string; name: string; onClose(done: boolean): void }) {
  const { runs } = useApp()
  return (
    <ChangeDialog
      title="Rename in this view"
      name={props.name}
      act={async (name) => {
        runs.rename(props.runKey, name === runs.loggedName(props.runKey) ? '' : name)
      }}
      onClose={props.onClose}
    />
  )
}
