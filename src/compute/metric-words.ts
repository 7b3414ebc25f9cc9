/** Which end of a metric is the good one; undefined where its name does not tell. */
export type Direction = 'min' | 'max' | undefined

const MIN = words(`
  loss losses logloss mlogloss perplexity ppl error errors err merror wer cer ter mae mse rmse mape smape msle rmsle nll bce xent
  crossentropy bpb bpc bpd brier ece eer fpr fnr fid kid lpips regret`)
const MAX = words(`
  accuracy accuracies acc reward rewards rew return returns score scores f1 fbeta precision recall sensitivity specificity auc auroc auprc
  roc bleu sacrebleu rouge rougel rougelsum meteor chrf bertscore iou miou map ap mrr ndcg dice jaccard psnr ssim mcc pearson pearsonr
  spearman spearmanr kappa r2 elbo elo em success winrate margins tpr tnr top1 top5 likelihood`)
const PHRASES: [string, Direction][] = [
  // what took it may be called anything: `Time taken: Trainer.compute_loss`
  ['time taken', undefined],
  ['win rate', 'max'],
  ['pass rate', 'max'],
  ['hit rate', 'max'],
  ['solve rate', 'max'],
  ['exact match', 'max'],
  ['explained variance', 'max'],
  ['matthews correlation', 'max'],
  ['cross entropy', 'min'],
  ['bits per', 'min'],
  ['negative log likelihood', 'min'],
]
/** With one of these a name tells of something beside the result: its spread, how often it occurs. */
const BESIDE = words('std stddev var variance frac fraction num n non neg negative entropy lr')
/**
 * The same behind the result: its weight in a sum, how long it took. Before it they only say which one:
 * `length_reward`.
 */
const BEHIND = words(`
  scale scaler scaling weight weights coef coeff coefficient ratio norm norms grad grads gradient gradients threshold clip clipped clipfrac
  count len length size time runtime seconds duration latency`)
/**
 * How or over what a value was taken. Alone behind the last slash (`Loss/train`, `accuracy_reward/mean`), the
 * part before tells what it is.
 */
const TAKEN = words('mean avg average median train training eval evaluation val valid validation test dev')

/**
 * Loss, error and their like are best when least; accuracy, reward and theirs when greatest. Whole words of
 * what stands behind the last slash are compared, the last one that tells wins: `reward_loss` is a loss. A
 * name of both or neither kind has none: `kl`, `loss_scale`, `logps/chosen`.
 */
export function directionOf(metric: string): Direction {
  return readName(metric).direction
}

interface Read {
  words: readonly string[]
  direction: Direction
}

/** A sort of 10,000 names asks 130,000 times. */
const MOST_KEPT = 50_000
const known = new Map<string, Read>()

/** The words of a metric's name that say what it is, and what they say of its good end. */
export function readName(metric: string): Read {
  const before = known.get(metric)
  if (before) return before
  const all = wordsOf(metric)
  const now = { words: all, direction: directionOfWords(all) }
  if (known.size >= MOST_KEPT) known.clear()
  known.set(metric, now)
  return now
}

/**
 * Between words, and within `camelCase`. Letters of all languages take 10 ms to be made ready for, which
 * names in ASCII need not wait for.
 */
const ASCII = [/[^a-zA-Z0-9]+/, /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/] as const
const ALL = [/[^\p{L}\p{N}]+/u, /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u] as const

/**
 * Words of a text in lower case: split at anything but letters and digits, and in `camelCase`, whose whole is
 * a word too (`mAP50` is `map50`).
 */
export function splitWords(text: string): string[] {
  const [between, camel] = /^[ -~]*$/.test(text) ? ASCII : ALL
  return text.split(between).flatMap((token) => {
    const parts = token.split(camel)
    const all = parts.length > 1 ? [...parts, token] : parts
    return all.filter((part) => part !== '').map((part) => part.toLowerCase())
  })
}

function wordsOf(metric: string): string[] {
  const parts = metric.split('/')
  const last = splitWords(parts.pop() ?? '')
  const before = parts.at(-1)
  const all =
    before !== undefined && last.length > 0 && last.every((word) => TAKEN.has(word))
      ? splitWords(before)
      : last
  // `acc1`, `map50`: a number behind a word is which one of its kind
  return all.flatMap((word) => (/\D\d+$/.test(word) ? [word, word.replace(/\d+$/, '')] : [word]))
}

function directionOfWords(all: readonly string[]): Direction {
  const text = ` ${all.join(' ')} `
  for (const [phrase, direction] of PHRASES) if (text.includes(` ${phrase} `)) return direction
  if (/ (pass|maj) (at )?(k|\d+) /.test(text)) return 'max'
  if (all.some((word) => BESIDE.has(word))) return undefined
  const at = all.findLastIndex((word) => MIN.has(word) || MAX.has(word))
  if (at === -1 || all.slice(at + 1).some((word) => BEHIND.has(word))) return undefined
  return MIN.has(all[at] ?? '') ? 'min' : 'max'
}

/** A set of words, from a text. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
