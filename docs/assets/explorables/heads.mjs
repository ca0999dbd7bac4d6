// Attention heads sharing keys and values, and the cache that follows.
import { bytes, explore, picture, room, show, svg, write } from "./kit.mjs";
import { groupOf, grouped, latent } from "./maths/cache.mjs";

const KINDS = { mha: "Multi-head (MHA)", gqa: "Grouped-query (GQA)", mqa: "Multi-query (MQA)", mla: "Latent (MLA)" };
const POWERS = [1, 2, 4, 8, 16];

export default function (block) {
  explore(block, {
    kind: { kind: "choice", label: "Attention", options: KINDS, value: "gqa" },
    heads: { label: "Query heads", values: POWERS, value: 8 },
    groups: { label: "KV heads", when: ({ kind }) => kind === "gqa", values: POWERS, value: 2 },
    size: { label: "Head size", values: [32, 64, 96, 128, 192, 256], value: 128 },
    rank: { label: "Latent + rotary key", when: ({ kind }) => kind === "mla", values: [288, 576, 1088], value: 576 },
    layers: { label: "Layers", min: 1, max: 128, value: 32 },
    context: { label: "Tokens", values: [1, 1024, 4096, 8192, 32768, 131072, 1048576], value: 8192 },
  }, ({ kind, heads, groups, size, rank, layers, context }) => {
    const shared = kind === "mha" ? heads : kind === "mqa" ? 1 : Math.min(groups, heads);
    const perLayer = kind === "mla" ? latent(rank, 0) : grouped(shared, size);
    const full = grouped(heads, size);
    const total = 2 * perLayer * layers * context;
    const words = `${KINDS[kind]}: ${show(perLayer, 6)} numbers for each token and layer, ${show((100 * perLayer) / full)}% of multi-head attention's; `
      + `${bytes(2 * perLayer * layers)} per token over ${layers} layers, ${bytes(total)} for ${context.toLocaleString("en-GB")} tokens in 16 bits.`;
    return { picture: sharing(kind, heads, shared, perLayer, full), words };
  });
}

function sharing(kind, heads, groups, perLayer, full) {
  const width = room(640), side = width / 16, at = (i, n) => side + ((i + 0.5) * (width - 2 * side)) / n;
  const box = (x, y, w, label, role) => [
    svg("rect", { class: `ad-shape ad-${role}`, x: x - w / 2, y: y - 15, width: w, height: 30, rx: 6 }),
    w > 30 || label.length < 3 ? write(x, y + 4, label) : null,
  ];
  const nodes = [];
  const w = Math.min(48, (width - 2 * side) / heads - 4);
  const keys = kind === "mla" ? 1 : groups;
  for (let h = 0; h < heads; h++) {
    const g = kind === "mla" ? 0 : groupOf(h, heads, groups);
    nodes.push(svg("path", { class: "ad-edge", d: `M${at(h, heads)} 50L${at(g, keys)} 105` }));
  }
  for (let h = 0; h < heads; h++) nodes.push(box(at(h, heads), 35, w, heads > 8 ? "q" : `q${h + 1}`, "attention"));
  for (let g = 0; g < keys; g++) nodes.push(box(at(g, keys), 120, kind === "mla" ? 170 : Math.min(64, (width - 2 * side) / keys - 4), kind === "mla" ? "latent + rotary key" : keys > 8 ? "kv" : `k${g + 1} v${g + 1}`, "state"));
  const top = Math.max(perLayer, full), longest = width - 150;
  nodes.push(write(side, 170, "Kept per token and layer", { anchor: "start", muted: true }));
  for (const [i, [name, n]] of [["this", perLayer], ["MHA", full]].entries()) {
    nodes.push(write(76, 197 + 26 * i, name, { anchor: "end" }),
      svg("rect", { class: `ad-bar ad-s${i ? 2 : 0}`, x: 84, y: 183 + 26 * i, width: (longest * n) / top, height: 19, rx: 2 }),
      write(92 + (longest * n) / top, 197 + 26 * i, show(n, 6), { anchor: "start" }));
  }
  return picture(width, 245, `${heads} query heads over ${keys} ${kind === "mla" ? "latent" : "key and value heads"}; ${perLayer} numbers per token and layer`, nodes);
}
