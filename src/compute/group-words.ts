import type { GroupBand, GroupStatistic } from '../model/groups.ts'

/* Lines and bands of groups, as they are called. */

export const STATISTIC_WORDS: Record<GroupStatistic, string> = {
  mean: 'mean',
  median: 'median',
  iqm: 'interquartile mean',
}
export const BAND_WORDS: Record<GroupBand, string> = {
  t95: '95 % t',
  bootstrap: 'bootstrap 95 %',
  sem: 'standard error',
  std: 'standard deviation',
  quartiles: 'quartiles',
  range: 'min to max',
  none: 'no band',
}

/** Bands around the mean, whatever the line is. */
const OF_MEAN: readonly GroupBand[] = ['t95', 'sem', 'std']

/** `mean, 95 % t`, `median, 95 % t of the mean` */
export function linesWords(statistic: GroupStatistic, band: GroupBand): string {
  const around = OF_MEAN.includes(band) && statistic !== 'mean' ? ' of the mean' : ''
  return `${STATISTIC_WORDS[statistic]}, ${BAND_WORDS[band]}${around}`
}
