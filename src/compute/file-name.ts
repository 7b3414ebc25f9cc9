const MOST_LETTERS = 120

/**
 * Name of a file that is handed out: its parts joined by `-`, in letters, digits, `.`, `_` and `-`; a run of
 * anything else becomes one `-`. `fileName(['gpt2', 'train/loss'], 'csv')` → `gpt2-train-loss.csv`.
 */
export function fileName(parts: readonly string[], ending: string): string {
  const safe = parts
    .map((part) => part.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, ''))
    .filter(Boolean)
  return `${[...safe.join('-')].slice(0, MOST_LETTERS).join('') || 'trackio'}.${ending}`
}
