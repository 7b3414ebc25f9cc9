import { visibleName } from '../../compute/visible-name.ts'

/**
 * What somebody called a run, a metric, a file: on one line, its invisible letters seen, and set apart from
 * what stands around it.
 */
export function Name(props: { of: string }) {
  return <bdi>{visibleName(props.of)}</bdi>
}
