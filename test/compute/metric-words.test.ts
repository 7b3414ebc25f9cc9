import { describe, expect, test } from 'vitest'
import { kindOf, type MetricKind } from '../../src/compute/metric-kind.ts'
import { type Direction, directionOf, splitWords } from '../../src/compute/metric-words.ts'

/**
 * Names as transformers, TRL, Lightning, ultralytics, Stable-Baselines3, CleanRL, scikit-learn and people log
 * them.
 */
const NAMES: [string, Direction, MetricKind][] = [
  // transformers
  ['train/loss', 'min', 'result'],
  ['train/grad_norm', undefined, 'other'],
  ['train/learning_rate', undefined, 'other'],
  ['train/epoch', undefined, 'counter'],
  ['train/global_step', undefined, 'counter'],
  ['train/num_input_tokens_seen', undefined, 'counter'],
  ['train/total_flos', undefined, 'counter'],
  ['train/train_runtime', undefined, 'timing'],
  ['train/train_samples_per_second', undefined, 'timing'],
  ['train/train_steps_per_second', undefined, 'timing'],
  ['train/train_loss', 'min', 'result'],
  ['eval/loss', 'min', 'result'],
  ['eval/accuracy', 'max', 'result'],
  ['eval/f1', 'max', 'result'],
  ['eval/matthews_correlation', 'max', 'result'],
  ['eval/spearmanr', 'max', 'result'],
  ['eval/rouge1', 'max', 'result'],
  ['eval/rougeLsum', 'max', 'result'],
  ['eval/bleu', 'max', 'result'],
  ['eval/gen_len', undefined, 'other'],
  ['eval/wer', 'min', 'result'],
  ['eval/cer', 'min', 'result'],
  ['eval/exact_match', 'max', 'result'],
  ['eval/perplexity', 'min', 'result'],
  ['eval/runtime', undefined, 'timing'],
  ['eval/samples_per_second', undefined, 'timing'],
  ['eval/model_preparation_time', undefined, 'timing'],
  // TRL
  ['train/mean_token_accuracy', 'max', 'result'],
  ['train/num_tokens', undefined, 'counter'],
  ['train/entropy', undefined, 'other'],
  ['train/rewards/chosen', undefined, 'other'],
  ['train/rewards/rejected', undefined, 'other'],
  ['train/rewards/accuracies', 'max', 'result'],
  ['train/rewards/margins', 'max', 'result'],
  ['train/logps/chosen', undefined, 'other'],
  ['train/logits/rejected', undefined, 'other'],
  ['train/reward', 'max', 'result'],
  ['train/reward_std', undefined, 'other'],
  ['train/frac_reward_zero_std', undefined, 'other'],
  ['train/rewards/accuracy_reward/mean', 'max', 'result'],
  ['train/rewards/accuracy_reward/std', undefined, 'other'],
  ['train/rewards/length_reward/mean', 'max', 'result'],
  ['train/rewards/tag_count_reward/mean', 'max', 'result'],
  ['train/sampling/importance_sampling_ratio/mean', undefined, 'other'],
  ['train/completions/clipped_ratio', undefined, 'other'],
  ['train/completions/mean_length', undefined, 'other'],
  ['train/completions/max_terminated_length', undefined, 'other'],
  ['train/clip_ratio/region_mean', undefined, 'other'],
  ['train/kl', undefined, 'other'],
  ['train/step_time', undefined, 'timing'],
  ['train/aux_loss', 'min', 'result'],
  ['objective/scores', 'max', 'result'],
  ['objective/rlhf_reward', 'max', 'result'],
  ['objective/non_score_reward', undefined, 'other'],
  ['policy/approxkl_avg', undefined, 'other'],
  ['val/clipfrac_avg', undefined, 'other'],
  ['episode', undefined, 'counter'],
  ['profiling/Time taken: GRPOTrainer._prepare_inputs', undefined, 'timing'],
  // Lightning
  ['train_loss_step', 'min', 'result'],
  ['train_loss_epoch', 'min', 'result'],
  ['val_acc', 'max', 'result'],
  ['valAUC', 'max', 'result'],
  ['val_BinaryF1Score', 'max', 'result'],
  ['val_MeanSquaredError', 'min', 'result'],
  ['lr-AdamW', undefined, 'other'],
  ['epoch', undefined, 'counter'],
  ['step', undefined, 'counter'],
  // ultralytics
  ['train/box_loss', 'min', 'result'],
  ['val/dfl_loss', 'min', 'result'],
  ['metrics/precision(B)', 'max', 'result'],
  ['metrics/recall(B)', 'max', 'result'],
  ['metrics/mAP50(B)', 'max', 'result'],
  ['metrics/mAP50-95(B)', 'max', 'result'],
  ['lr/pg0', undefined, 'other'],
  ['model/GFLOPs', undefined, 'other'],
  ['model/speed_PyTorch(ms)', undefined, 'timing'],
  // reinforcement learning
  ['rollout/ep_rew_mean', 'max', 'result'],
  ['rollout/ep_len_mean', undefined, 'other'],
  ['rollout/success_rate', 'max', 'result'],
  ['train/value_loss', 'min', 'result'],
  ['train/explained_variance', 'max', 'result'],
  ['train/n_updates', undefined, 'counter'],
  ['train/clip_fraction', undefined, 'other'],
  ['time/fps', undefined, 'timing'],
  ['time/total_timesteps', undefined, 'counter'],
  ['charts/episodic_return', 'max', 'result'],
  ['charts/SPS', undefined, 'timing'],
  ['losses/approx_kl', undefined, 'other'],
  ['arena/win_rate', 'max', 'result'],
  ['evalReward', 'max', 'result'],
  // by hand
  ['Loss/train', 'min', 'result'],
  ['Accuracy/val', 'max', 'result'],
  ['pass@1', 'max', 'result'],
  ['pass@k', 'max', 'result'],
  ['forward_pass', undefined, 'other'],
  ['recall@10', 'max', 'result'],
  ['acc1', 'max', 'result'],
  ['top5_error', 'min', 'result'],
  ['mIoU', 'max', 'result'],
  ['reward_loss', 'min', 'result'],
  ['cross_entropy', 'min', 'result'],
  ['bits_per_byte', 'min', 'result'],
  ['val/bpb', 'min', 'result'],
  ['rmse', 'min', 'result'],
  ['profiling/Time taken: GRPOTrainer.compute_loss', undefined, 'timing'],
  ['loss_scale', undefined, 'other'],
  ['loss.weight', undefined, 'other'],
  ['grad_scale', undefined, 'other'],
  ['accuracy_time', undefined, 'timing'],
  ['clip_loss', 'min', 'result'],
  ['entropy_loss', undefined, 'other'],
  ['memory_gb', undefined, 'other'],
  ['gpu_memory', undefined, 'other'],
  ['tokens', undefined, 'counter'],
  ['tokens_per_sec', undefined, 'timing'],
  ['time', undefined, 'timing'],
  ['scorer', undefined, 'other'],
  ['blossom', undefined, 'other'],
  ['', undefined, 'other'],
  ['a/', undefined, 'other'],
  ['train/', undefined, 'other'],
  ['損失', undefined, 'other'],
]

describe('what a name tells', () => {
  test.each(NAMES)('%s: best when %s, a %s', (metric, direction, kind) => {
    expect([directionOf(metric), kindOf(metric)]).toEqual([direction, kind])
  })
  test('letters of either case tell the same', () => {
    for (const name of ['train/loss', 'eval/accuracy', 'train/epoch', 'eval/runtime']) {
      expect(directionOf(name.toUpperCase())).toBe(directionOf(name))
      expect(kindOf(name.toUpperCase())).toBe(kindOf(name))
    }
  })
  test('words end where letters and digits do, and at a capital', () => {
    expect(splitWords('mean_token-accuracy.top 1@k')).toEqual(['mean', 'token', 'accuracy', 'top', '1', 'k'])
    expect(splitWords('evalLoss')).toEqual(['eval', 'loss', 'evalloss'])
    expect(splitWords('valAUCScore')).toEqual(['val', 'auc', 'score', 'valaucscore'])
  })
})
