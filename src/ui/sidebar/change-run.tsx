import { useApp } from '../../state/app.ts'
import { ChangeDialog } from '../components/change-dialog.tsx'
import { Name } from '../components/name.tsx'

/**
 * Renames or deletes a run where its project lies: on a trackio server that lets this page do it. Asked
 * twice, since it cannot be undone.
 */
export function ChangeRun(props: {
  what: 'rename' | 'delete'
  runKey: string
  name: string
  onClose(done: boolean): void
}) {
  const { sources } = useApp()
  const renames = () => props.what === 'rename'
  return (
    <ChangeDialog
      title={renames() ? 'Rename run' : 'Delete run'}
      name={renames() ? props.name : undefined}
      question={
        <>
          Delete{' '}
          <b>
            <Name of={props.name} />
          </b>{' '}
          and all its rows from <Name of={sources.source()?.info.name ?? ''} />? This cannot be undone. Its
          media files stay.
        </>
      }
      act={(name) => (renames() ? sources.renameRun(props.runKey, name) : sources.deleteRun(props.runKey))}
      onClose={props.onClose}
    />
  )
}
