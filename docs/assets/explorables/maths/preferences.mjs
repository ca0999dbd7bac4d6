// Group advantages and preference losses. References: alignment/grpo-rlvr.py and alignment/dpo.py.

/** How much better than its group an answer is; divided by the group's spread in GRPO, not so in Dr. GRPO. */
export function advantages(rewards, scale = true) {
  const mean = rewards.reduce((a, b) => a + b, 0) / rewards.length;
  const spread = Math.sqrt(rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0) / rewards.length);
  return rewards.map((r) => (r - mean) / (scale ? spread + 1e-8 : 1));
}

/** Weight of one token of each answer in the gradient at the start, where every ratio is one. */
export function tokenWeights(lengths, advantage, variant) {
  const total = lengths.reduce((a, b) => a + b, 0), longest = Math.max(...lengths);
  return advantage.map((a, i) => a / (variant === "GRPO" ? lengths.length * lengths[i] : variant === "DAPO" ? total : lengths.length * longest));
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Loss as a function of the margin by which the policy prefers the winner more than the reference does. */
export const dpo = (margin, beta) => softplus(-beta * margin);
export const ipo = (margin, beta) => (margin - 1 / (2 * beta)) ** 2;
/** KTO's loss of a wanted answer, its log-ratio taken as the margin and the reference point as 0. */
export const kto = (margin, beta) => 1 - sigmoid(beta * margin);
