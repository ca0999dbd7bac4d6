// The smallest adversarial game: data at 0, one generated point, a linear discriminator. Reference: architectures/classic/gan.py.

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const PULL = { saturating: (score) => sigmoid(score), "non-saturating": (score) => sigmoid(-score) };

/** Path of [theta, psi] over the steps. */
export function play({ steps = 600, rate = 0.2, penalty = 0, alternate = false, start = [1, 0.5], loss = "non-saturating" }) {
  let [theta, psi] = start;
  const path = [[theta, psi]];
  for (let i = 0; i < steps; i++) {
    const score = theta * psi;
    const psiStep = -sigmoid(score) * theta - penalty * psi;
    if (alternate) {
      psi += rate * psiStep;
      theta += rate * PULL[loss](theta * psi) * psi;
    } else {
      const thetaStep = PULL[loss](score) * psi;
      [theta, psi] = [theta + rate * thetaStep, psi + rate * psiStep];
    }
    path.push([theta, psi]);
  }
  return path;
}
