import { formatBytes } from '../../compute/format.ts'
import { useApp } from '../../state/app.ts'

/** What left this machine, as it was counted: `1.2 MB sent to huggingface.co`. */
export function Sent() {
  const { sources } = useApp()
  const each = () => sources.sent().map(([host, bytes]) => `${formatBytes(bytes)} sent to ${host}`)
  return <span>{each().join(', ') || '0 bytes sent'}</span>
}
