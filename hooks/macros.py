"""The macros a page may call, each a line or two over `archdata`; `docs/contribute/writing.md` lists them.

Those that begin with `n_`, and the others that do not return text, are for sums on a page:
`[= (2 * n_params("llama-2-7b")) | bytes =]`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import archpublish.extras
from archdata import (
    bibliography_page,
    boxes,
    checks_page,
    counted,
    explorables,
    formulas,
    glossary,
    measured,
    models,
    news,
    numbers,
    rule_examples,
    tables,
)
from archdata.errors import DataError, unknown
from archfigures.from_data import pictures
from archfigures.from_data import timeline as timeline_picture
from archmarkdown.expressions import Offering


def define_env(env: Any) -> None:
    """Register macros and filters; `mkdocs-macros` calls this with its environment, and Zensical with one like it."""
    offering, docs = Offering(env), Path(env.conf["docs_dir"])
    for offer in (_values, _costs, _memory, _work, _training, _parts, _laws, _designs, _model_tables, _lists, _checks):
        offer(offering, docs)
    offering.filter(numbers.size_in_bytes, "bytes")
    offering.filter(numbers.count, "count")
    offering.filter(numbers.number, "number")


def _page(env: Offering) -> str:
    """The path of the page that is being made, below the folder of the pages."""
    # MkDocs' page has a file; Zensical's has the path itself.
    return str(env.page.path if hasattr(env.page, "path") else env.page.file.src_uri)


def _spec(env: Offering, slug: str | None = None) -> str:
    """The design that is meant, by default the page's own."""
    found = slug or env.page.meta.get("spec")
    if not found:
        raise DataError(f"docs/{_page(env)}", 1, 1, "the page has no `spec`", "name one in its front matter")
    return str(found)


def _values(env: Offering, docs: Path) -> None:
    """What a model's file says, and its parameters."""

    @env.macro
    def value(model: str, field: str) -> str:
        found = models.get(docs, model).value(field)
        return numbers.number(found) if isinstance(found, int | float) and not isinstance(found, bool) else str(found)

    @env.macro
    def n_value(model: str, field: str) -> float:
        """As a number, for sums on a page: `[= (2 * n_value("llama-2-7b", "width")) | count =]`."""
        return models.get(docs, model).number(field)

    @env.macro
    def params(model: str, active: bool = False, exact: bool = False, **changes: int) -> str:
        """With changes: `params("llama-3.1-8b", layers=16)` are those of half of it."""
        found = models.get(docs, model).changed(**changes)
        counted = found.active_parameters if active else found.parameters
        return numbers.number(counted) if exact else numbers.count(counted)

    @env.macro
    def n_params(model: str, active: bool = False, **changes: int) -> int:
        """As a number, for sums on a page: `[= (2 * n_params("llama-2-7b")) | bytes =]`."""
        found = models.get(docs, model).changed(**changes)
        return int(found.active_parameters if active else found.parameters)

    @env.macro
    def n_counted(key: str) -> int:
        """Parameters of a network, or of a part of one, that was built and counted, for sums on a page."""
        return counted.parameters(docs, key)


def _costs(env: Offering, docs: Path) -> None:
    """Memory and work of a model, as text with a unit."""

    def in_bytes(numbers_kept: int, dtype: str) -> str:
        if dtype not in formulas.BYTES:
            raise unknown("format", dtype, formulas.BYTES)
        return numbers.size_in_bytes(formulas.bytes_of(numbers_kept, dtype))

    @env.macro
    def kv_per_token(model: str, dtype: str = "bf16", **changes: int) -> str:
        """With changes: `kv_per_token("llama-2-70b", kv_heads=64)` is what it would be with a key for each head."""
        decoder = models.get(docs, model).changed(**changes).decoder
        return in_bytes(decoder.cached_per_token, dtype)

    @env.macro
    def kv_total(model: str, tokens: int, dtype: str = "bf16", **changes: int) -> str:
        decoder = models.get(docs, model).changed(**changes).decoder
        return in_bytes(decoder.cached(tokens), dtype)

    @env.macro
    def state_size(model: str, dtype: str = "bf16") -> str:
        return in_bytes(models.get(docs, model).decoder.state, dtype)

    @env.macro
    def flops_per_token(model: str, context: int) -> str:
        return numbers.count(formulas.flops_per_token(models.get(docs, model).decoder, context))

    @env.macro
    def activation_memory(model: str, tokens: int) -> str:
        """In bf16, for a batch of so many tokens, logits left out."""
        return numbers.size_in_bytes(2 * tokens * formulas.activations_per_token(models.get(docs, model).decoder))


def _memory(env: Offering, docs: Path) -> None:
    """What a model keeps and reads for a text, as numbers for sums on a page."""

    @env.macro
    def n_cached(model: str, **changes: int) -> int:
        """Numbers that a token adds to the cache of all layers while no window is full, for sums on a page."""
        return models.get(docs, model).changed(**changes).decoder.cached_per_token

    @env.macro
    def n_cached_bytes(model: str, tokens: int, **changes: int) -> float:
        """Bytes of the cache in bf16, as a number for sums on a page."""
        return formulas.bytes_of(models.get(docs, model).changed(**changes).decoder.cached(tokens), "bf16")

    @env.macro
    def n_state(model: str, **changes: int) -> int:
        """Numbers of recurrent state of all layers, short convolutions included, for sums on a page."""
        return models.get(docs, model).changed(**changes).decoder.state

    @env.macro
    def n_read_bytes(model: str, tokens: int) -> float:
        """Bytes in bf16 that the token after so many reads from cache and state; of selected positions only those."""
        return formulas.bytes_of(models.get(docs, model).decoder.read(tokens), "bf16")

    @env.macro
    def n_hashed(model: str) -> int:
        """Numbers in the tables that hashes of tokens point into, for sums on a page."""
        return models.get(docs, model).decoder.memories

    @env.macro
    def n_bytes_to_write(model: str, tokens: int, texts: int = 1) -> float:
        """Bytes in bf16 that are read to write so many tokens of each text: weights for each step, growing caches."""
        return formulas.bytes_to_write(models.get(docs, model).decoder, tokens, texts)


def _work(env: Offering, docs: Path) -> None:
    """Operations of a model, as numbers for sums on a page."""

    @env.macro
    def n_flops_over(model: str, tokens: int) -> int:
        """Operations for a whole sequence of so many tokens, read or written, as a number for sums on a page."""
        return formulas.prefill_flops(models.get(docs, model).decoder, tokens)

    @env.macro
    def n_mixing_flops(model: str, context: int, layer: int = 1) -> int:
        """Operations of one layer's mixing for a token that sees so many, as a number for sums on a page."""
        return formulas.layer_mixing_flops(models.get(docs, model).decoder, layer, context)

    @env.macro
    def mixing_share(model: str, context: int) -> float:
        """The share of mixing with the context in the operations for a token that sees so many."""
        return formulas.mixing_share(models.get(docs, model).decoder, context)

    @env.macro
    def experts_touched(model: str, tokens: int) -> float:
        """Experts of one layer that a batch of so many tokens reads, as a number for sums on a page."""
        found = models.get(docs, model)
        return formulas.experts_touched(found.value("experts"), found.value("experts_chosen"), tokens)

    @env.macro
    def granularity(model: str) -> float:
        """How thin a model's experts are, as a number for sums on a page."""
        found = models.get(docs, model)
        return formulas.granularity(found.value("width"), found.value("expert_width"))

    @env.macro
    def n_pair_flops(tokens: int, width: int = 128) -> int:
        """Operations on the pairs in one block of a trunk such as AlphaFold 3's, for sums on a page."""
        return formulas.pair_flops(tokens, width)

    @env.macro
    def n_pair_block_flops(tokens: int, width: int = 128) -> int:
        """Operations of the whole block."""
        return formulas.pair_block_flops(tokens, width)


def _training(env: Offering, docs: Path) -> None:
    """Adapters, and what an optimiser takes, as numbers for sums on a page."""

    @env.macro
    def n_adapter(model: str, rank: int) -> int:
        """Numbers of low-rank adapters on every matrix of a dense model's layers, for sums on a page."""
        return formulas.adapter(models.get(docs, model).config, rank)

    @env.macro
    def n_adaptable(model: str) -> int:
        """Weights of the matrices that `n_adapter` adds to."""
        return formulas.adaptable(models.get(docs, model).config)

    @env.macro
    def n_expert_adapters(model: str, rank: int) -> int:
        """Numbers of low-rank adapters on every matrix of every routed expert."""
        return formulas.expert_adapter(models.get(docs, model).decoder, rank)

    @env.macro
    def nf4_bits() -> float:
        """Bits of a weight in NF4 whose scales are quantised too."""
        return formulas.nf4_bits()

    @env.macro
    def n_muon_weights(model: str) -> int:
        """Weights in the matrices of the layers, those that Muon takes, for sums on a page."""
        return sum(one.weights for one in formulas.hidden_matrices(models.get(docs, model).config))

    @env.macro
    def n_muon_flops(model: str, steps: int = 5) -> int:
        """Operations that orthogonalising the updates of these matrices adds to a training step."""
        return formulas.muon_flops(models.get(docs, model).config, steps)

    @env.macro
    def n_newton_schulz_flops(inputs: int, outputs: int, steps: int = 5) -> int:
        """The same for one matrix."""
        return formulas.newton_schulz_flops(inputs, outputs, steps)


def _parts(env: Offering, docs: Path) -> None:
    """Parameters of the parts of a decoder, as numbers for sums on a page."""

    @env.macro
    def n_part(model: str, part: str) -> int:
        """Of all layers: `[= n_part("mixtral-8x7b", "experts") | count =]`."""
        if part not in formulas.PARTS:
            raise unknown("part", part, formulas.PARTS)
        return formulas.PARTS[part](models.get(docs, model).decoder)

    @env.macro
    def n_expert(model: str) -> int:
        """Of one routed expert."""
        return formulas.expert(models.get(docs, model).decoder)

    @env.macro
    def n_expert_layers(model: str) -> int:
        """How many layers have experts."""
        return formulas.expert_layers(models.get(docs, model).decoder)

    @env.macro
    def n_exchanged_bytes(model: str) -> int:
        """Bytes that a token sends to experts in 8 bits and gets back in 16, over all layers."""
        return 3 * formulas.exchanged(models.get(docs, model).decoder)

    @env.macro
    def n_mixing(model: str, layer: int = 1, **changes: int) -> int:
        """Of what mixes positions in one layer: attention or a recurrence."""
        return formulas.layer_mixing(models.get(docs, model).changed(**changes).decoder, layer)

    @env.macro
    def n_feed_forward(model: str, layer: int = 1) -> int:
        """Of one layer's feed-forward part."""
        return formulas.layer_feed_forward(models.get(docs, model).decoder, layer)

    @env.macro
    def n_layer_state(model: str, layer: int = 1) -> int:
        """Numbers of recurrent state in one layer, its short convolution included."""
        return formulas.layer_state(models.get(docs, model).decoder, layer)


def _laws(env: Offering, _docs: Path) -> None:
    """Laws that ask for no model."""

    @env.macro
    def law(name: str) -> formulas.LossLaw:
        """A published loss law, for sums on a page: `[= law("besiroglu").optimum(1e21)[0] | count =]`."""
        if name not in formulas.LAWS:
            raise unknown("law", name, formulas.LAWS)
        return formulas.LAWS[name]

    @env.macro
    def tokens_per_pass(kept: float, drafted: int) -> float:
        """Tokens that a pass of speculative decoding yields."""
        return formulas.tokens_per_pass(kept, drafted)

    @env.macro
    def speculative_gain(kept: float, drafted: int, draft: float) -> float:
        """How many times faster it is, if drafting a token costs so much of a step of the target."""
        return formulas.speculative_gain(kept, drafted, draft)

    @env.macro
    def total(*numbers: float) -> float:
        """The sum of a list."""
        return sum(numbers)

    @env.macro
    def squares(*sides: int) -> int:
        """Cells of square grids with these sides together."""
        return sum(side**2 for side in sides)

    @env.macro
    def choose(things: int, chosen: int) -> int:
        """How many sets of so many there are."""
        return formulas.choose(things, chosen)

    @env.macro
    def effective_tokens(unique: float, epochs: float) -> float:
        """Fresh tokens that repeated ones are worth, as a number for sums on a page."""
        return formulas.effective_tokens(unique, epochs)


def _designs(env: Offering, docs: Path) -> None:
    """Boxes, tables and drawings of designs and their families."""

    @env.macro
    def glance() -> str:
        return boxes.glance(docs, _spec(env), _page(env))

    @env.macro
    def models_using(slug: str | None = None) -> str:
        return boxes.models_using(docs, _spec(env, slug), _page(env))

    @env.macro
    def family_table(family: str) -> str:
        return boxes.family_table(docs, family, _page(env))

    @env.macro
    def all_designs() -> str:
        return boxes.all_designs(docs, _page(env))

    @env.macro
    def lineage(family: str) -> str:
        return pictures.lineage(docs, family)

    @env.macro
    def timeline() -> str:
        return timeline_picture.timeline(docs)

    @env.macro
    def timeline_table() -> str:
        return tables.timeline_table(docs, _page(env))

    @env.macro
    def family_trees() -> str:
        return timeline_picture.family_trees(docs)


def _model_tables(env: Offering, docs: Path) -> None:
    """Tables and drawings of models, and of what a page's script has measured."""

    @env.macro
    def layer_strip(*keys: str) -> str:
        return pictures.layer_strip(docs, keys)

    @env.macro
    def compare_models(keys: list[str]) -> str:
        if not isinstance(keys, list):
            raise DataError(None, None, None, "models are compared by a list of them", 'write `["one", "other"]`')
        return tables.compare_models(docs, keys, _page(env))

    @env.macro
    def models_table() -> str:
        return tables.models_table(docs, _page(env))

    @env.macro
    def counts_table() -> str:
        return tables.counts_table(docs, _page(env))

    @env.macro
    def stored(key: str) -> float:
        """A number that the page's own script computed and stored; `a.b` is `b` within `a`."""
        return tables.stored_number(docs, _page(env), key)

    @env.macro
    def stored_table(key: str, caption: str) -> str:
        """A table that the page's own script computed and stored."""
        return tables.stored_table(docs, _page(env), key, caption)


def _lists(env: Offering, docs: Path) -> None:
    """What the site holds: new pages, papers, terms, things to try, things to take along."""

    @env.macro
    def recent_additions(pages: int = 10) -> str:
        return news.recent_additions(docs, pages, _page(env))

    @env.macro
    def archive_and_sheets() -> str:
        return archpublish.extras.links(docs, _page(env), bool(env.conf["extra"].get("extras")))

    @env.macro
    def glossary_entries() -> str:
        return glossary.glossary_entries(docs)

    @env.macro
    def bibliography() -> str:
        return bibliography_page.bibliography(docs, _page(env))

    @env.macro
    def explorable_cards() -> str:
        return explorables.gallery(docs, _page(env))


def _checks(env: Offering, docs: Path) -> None:
    """The rules of `docscheck`, and how well they do."""

    @env.macro
    def checks_table() -> str:
        return checks_page.checks_table(docs, _page(env))

    @env.macro
    def seen() -> str:
        """What becomes of the bad example on the page of a rule."""
        return rule_examples.seen(docs, _page(env))

    @env.macro
    def measured_sets() -> str:
        return measured.sets_table(docs, _page(env))

    @env.macro
    def measured_beside() -> str:
        return measured.beside_table(docs, _page(env))

    @env.macro
    def measured_odd() -> str:
        return measured.odd_table(docs, _page(env))

    @env.macro
    def measured_sites() -> str:
        return measured.sites_table(docs, _page(env))

    @env.macro
    def measured_defects(part: str, **columns: str) -> str:
        """`columns` gives the heading of each field that stands before the counts."""
        return measured.defects_table(docs, part, columns, _page(env))

    @env.macro
    def measured_share(part: str, when: str) -> str:
        """The share of defects found `first` or `now`."""
        return measured.share(docs, part, when)

    @env.macro
    def measured_right(when: str, quarter: int) -> str:
        """The share of right findings that so many quarters of the sites fall short of."""
        return measured.right(docs, when, quarter)
