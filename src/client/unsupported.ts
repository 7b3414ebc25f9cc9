import { TrackioError } from '../model/errors.ts'

const ISSUES =
  'If you need this feature, please open a GitHub issue in the Trackio repository: https://github.com/gradio-app/trackio/issues/new'

function missing(name: string, instead = ISSUES): TrackioError {
  return new TrackioError(name, `trackio.${name} is not implemented yet. ${instead}`)
}

function absent(name: string, instead?: string): (...args: unknown[]) => never {
  return () => {
    throw missing(name, instead)
  }
}

/** Parts of W&B that trackio lacks: they say so instead of doing nothing. */
export const watch = absent(
  'watch',
  'Log gradients yourself: trackio.log({ grads: new trackio.Histogram(values) }).',
)
export const unwatch = absent('unwatch')
export const define_metric = absent(
  'define_metric',
  'The dashboard lets you choose the x axis; log the value you want there as a metric.',
)
export const defineMetric = define_metric
export const sweep = absent('sweep')
export const agent = absent('agent')
export const logGpu = absent(
  'log_gpu',
  'A page cannot read GPU sensors; log what you measure with trackio.logSystem().',
)
export const logCpu = absent(
  'log_cpu',
  'A page cannot read CPU sensors; log what you measure with trackio.logSystem().',
)

/** Named by a text: a minified class has another name. */
function unsupported(name: string): new (...args: unknown[]) => never {
  return class {
    constructor() {
      throw missing(name)
    }
  } as new (
    ...args: unknown[]
  ) => never // its constructor never returns
}

export const ArtifactTTL = unsupported('ArtifactTTL')
export const Classes = unsupported('Classes')
export const Config = unsupported('Config')
export const EvalTable = unsupported('EvalTable')
export const Graph = unsupported('Graph')
export const JoinedTable = unsupported('JoinedTable')
export const Molecule = unsupported('Molecule')
export const Plotly = unsupported('Plotly')
export const Settings = unsupported('Settings')
