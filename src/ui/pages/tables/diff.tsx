import type { TablesModel } from './model.ts'

export function DiffView(props: { model: TablesModel; phone: boolean }) {
  return <p>{props.model.key()?.key}</p>
}
