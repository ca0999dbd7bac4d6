"""How long a step takes: the larger of computing and reading."""


# --8<-- [start:roofline]
def step_time(flops, bytes_read, peak, bandwidth):
    """Seconds, if computing (peak, FLOP/s) and reading (bandwidth, bytes/s) overlap
    perfectly.
    """
    return max(flops / peak, bytes_read / bandwidth)


def decode(parameters, cache_bytes, batch, peak, bandwidth, bytes_each=2):
    """One token for each of `batch` sequences: weights are read once, every sequence's
    cache as well.
    """
    return step_time(
        2 * parameters * batch,
        parameters * bytes_each + batch * cache_bytes,
        peak,
        bandwidth,
    )


def prefill(parameters, tokens, peak, bandwidth, bytes_each=2):
    """A prompt of `tokens`: the weights are read once for all of them (attention left
    out).
    """
    return step_time(2 * parameters * tokens, parameters * bytes_each, peak, bandwidth)


def critical_batch(peak, bandwidth, bytes_each=2):
    """Tokens that have to share one reading of the weights before computing sets the
    pace (no cache).
    """
    return peak / bandwidth * bytes_each / 2


# --8<-- [end:roofline]


# --8<-- [start:pieces]
def mixed(parameters, cache_bytes, batch, piece, peak, bandwidth, bytes_each=2):
    """One token for each of `batch` sequences and `piece` tokens of a new prompt, in
    one step.
    """
    read = parameters * bytes_each + batch * cache_bytes
    return step_time(2 * parameters * (batch + piece), read, peak, bandwidth)


def free_piece(parameters, cache_bytes, batch, peak, bandwidth, bytes_each=2):
    """Tokens of a prompt that fit into the arithmetic a decoding step leaves idle."""
    return (
        peak
        / bandwidth
        * (parameters * bytes_each + batch * cache_bytes)
        / (2 * parameters)
        - batch
    )


# --8<-- [end:pieces]


if __name__ == "__main__":
    N, CACHE = 8.03e9, 131_072  # a dense 8B model with grouped queries, in bf16
    PEAK, BANDWIDTH = 1.97e14, 8.1e11  # one chip
    print(f"critical batch {critical_batch(PEAK, BANDWIDTH):.0f} tokens")
    for tokens in (128, 2048):
        seconds = prefill(N, tokens, PEAK, BANDWIDTH)
        print(
            f"prefill of {tokens:4d} tokens: {seconds * 1e3:6.1f} ms, {tokens / seconds:8.0f} tokens a second"
        )
    print("decoding at 2,048 tokens of context, by batch")
    for batch in (1, 16, 64, 256):
        seconds = decode(N, 2048 * CACHE, batch, PEAK, BANDWIDTH)
        used = 2 * N * batch / seconds / PEAK
        rate = batch / seconds
        print(
            f"{batch:4d}: {seconds * 1e3:6.1f} ms a step, {rate:6.0f} tokens a second, {used:5.1%} of the peak"
        )
    print("a prompt of 8,192 tokens arrives while 64 sequences are decoded")
    print(
        f"  tokens for which a step has idle arithmetic: {free_piece(N, 2048 * CACHE, 64, PEAK, BANDWIDTH):.0f}"
    )
    for piece in (8192, 2048, 512, 256):
        seconds = mixed(N, 2048 * CACHE, 64, piece, PEAK, BANDWIDTH)
        steps = 8192 // piece
        print(
            f"  pieces of {piece:4d}: a step takes {seconds * 1e3:5.1f} ms, the prompt {steps * seconds:4.2f} s"
        )
