/** Metrics under one prefix: those directly in it, then the sections nested one level below. */
export interface Section {
  /** Full prefix: `train`, `train/layer0`; `charts` for names without one. */
  name: string
  /** Unique also where a project logged `charts/x` itself. */
  key: string
  metrics: string[]
  nested: Section[]
  /** Metrics in it, nested ones included. */
  count: number
}
