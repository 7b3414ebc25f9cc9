import { TrackioError } from '../../model/errors.ts'
import { stringText } from './stored-json.ts'

/**
 * A report in Markdown.
 *
 * @example trackio.log({ summary: new trackio.Markdown('# Epoch 3\n\nLoss fell to **0.2**.') })
 */
export class Markdown {
  readonly text: string

  constructor(text = '') {
    if (typeof text !== 'string') throw new TrackioError('Markdown', 'Markdown text must be a string')
    this.text = text
  }

  /** JSON of the stored value. */
  json(): string {
    return `{"_type":"trackio.markdown","_value":${stringText(this.text)}}`
  }
}
