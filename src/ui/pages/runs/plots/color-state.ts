import { createMemo } from 'solid-js'
import { plotAxis } from '../../../../compute/plot-axis.ts'
import { useApp } from '../../../../state/app.ts'
import { readTokens } from '../../../charts/design-tokens.ts'
import type { RunsModel } from '../model.ts'
import type { Choices } from './choices.ts'
import { columnColors, ownColors, type RunColors } from './colors.ts'

/** The colours of all runs as chosen; undefined while their column is computed. */
export function createColors(model: RunsModel, choices: Choices) {
  const { runs, theme } = useApp()
  const column = createMemo(() => {
    const spec = choices.color()
    return spec && model.columnOf(spec)
  })
  const axis = createMemo(() => {
    const of = column()
    const data = of?.data()
    const summary = of?.summary()?.summary
    return (
      of &&
      data &&
      summary &&
      plotAxis(data, summary, choices.isLog(of.spec, summary), of.spec.kind === 'config')
    )
  })
  const colors = createMemo((): RunColors | undefined => {
    const now = theme()
    const neutral = readTokens(now).ink3
    if (!column())
      return ownColors(
        model.all().length,
        (run) => runs.styled(model.all()[run]?.key ?? '')?.style.color ?? neutral,
      )
    const scale = axis()
    return scale && columnColors(scale, now, neutral, column()?.direction === 'min')
  })
  return { column, axis, colors }
}

export type ColorState = ReturnType<typeof createColors>
