"""Figures of docs/architectures/transformers/mla.md."""

from __future__ import annotations

from archfigures import Drawing, figure


@figure(
    "transformers/mla/latent",
    title="Multi-head latent attention: what is cached and what is computed from it",
    desc="A token is projected down to a latent of size d_c and, beside it, to one rotary key of size d_r. Both are "
    "cached. Every head computes its own key and value from the latent and takes the same rotary key. The query has "
    "two parts as well, one without and one with rotation.",
)
def latent() -> Drawing:
    d = Drawing(760)
    x = d.box("token\n$d$", (54, 130), role="data", w=64, h=44)
    down = d.box("latent $c$\n$d_{c}$ = 512", (214, 82), role="state", w=104, h=44)
    rope = d.box("rotary key $k^{R}$\n$d_{r}$ = 64", (214, 178), role="state", w=116, h=44)
    frame = d.frame([down, rope], "", margin=16)
    d.label("the whole cache", (214, frame.bottom[1] + 15), bold=True)
    d.arrow(x.right, down.left, via=((112, 130), (112, 82)))
    d.arrow(x.right, rope.left, via=((112, 130), (112, 178)))
    d.label("RoPE", (122, 191), size=11.5, muted=True)
    keys = d.box("key of head $h$\n$W_{h}^{K}c$", (402, 52), role="attention", w=116, h=44)
    values = d.box("value of head $h$\n$W_{h}^{V}c$", (402, 122), role="attention", w=124, h=44)
    d.arrow(down.right, keys.left, via=((304, 82), (304, 52)))
    d.arrow(down.right, values.left, via=((304, 82), (304, 122)))
    scores = d.box("$q_{h}$ · $W_{h}^{K}c$ + $q_{h}^{R}$ · $k^{R}$", (598, 116), role="attention", w=196, h=44)
    d.arrow(keys.right, scores.on("top", 0.3), "128 each", via=((scores.on("top", 0.3)[0], 52),), side=-10)
    d.arrow(
        rope.right, scores.on("bottom", 0.7), "shared by all heads", via=((scores.on("bottom", 0.7)[0], 178),), at=0.6
    )
    out = d.box("weights × values\nof each of 128 heads", (598, 256), role="attention", w=160, h=44)
    d.arrow(scores.bottom, out.top)
    d.arrow(values.bottom, out.left, via=((402, 256),))
    return d


@figure(
    "transformers/mla/absorption",
    title="Absorption: the same score with the matrix moved to the query's side",
    desc="Above, each cached latent is expanded to a key for every head and then compared with the query. Below, the "
    "query is multiplied by the transposed matrix once and compared with the cached latents themselves. The scores "
    "are equal; the work per cached token falls from an expansion to one dot product.",
)
def absorption() -> Drawing:
    d = Drawing(760)
    for y, name in ((66, "expanded"), (176, "absorbed")):
        d.label(name, (14, y), anchor="start", bold=True)
        cache = d.tensor((196, y), 7, 5, cell=8, role="state", label="cached $c$", shape="$S$ × $d_{c}$")
        q = d.box("$q_{h}$", (650, y), role="attention", w=44)
        d.label("new token", (650, y + 27), size=12, muted=True)
        meet = d.operator("·", (500, y), role="attention")
        d.label("$S$ scores", (500, y + 26), size=12, muted=True)
        if name == "expanded":
            box = d.box("$W_{h}^{K}$, for all $S$", (352, y), role="ffn", w=128)
            d.arrow(cache.right, box.left)
            d.arrow(box.right, meet.left, "$S$ × $d_{n}$", side=-10)
            d.arrow(q.left, meet.right)
        else:
            box = d.box("$W_{h}^{K⊤}$, once", (566, y), role="ffn", w=84)
            d.arrow(cache.right, meet.left, "read as it is", side=-10)
            d.arrow(q.left, box.right)
            d.arrow(box.left, meet.right)
    return d
