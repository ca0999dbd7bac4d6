// Numbers kept per token and layer by each way of sharing heads. Reference: hooks/archdata/formulas/layers.py.

/** MHA, MQA and GQA keep a key and a value for each of the groups. */
export const grouped = (groups, headSize) => 2 * groups * headSize;

/** MLA keeps one latent and one rotary key for all heads. */
export const latent = (rank, rotary) => rank + rotary;

/** Which group each of `heads` query heads reads from. */
export const groupOf = (head, heads, groups) => Math.floor((head * groups) / heads);
