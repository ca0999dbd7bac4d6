"""Text as pixels: tokens of a page, work of the encoder, masks with a reference, and
how small print can be read.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:tokens]
def side(size, patch=16, shrink=4):
    """Tokens along one side of a square image: patches of 16 px, then four of them
    along each side become one.
    """
    return math.ceil(size // patch / shrink)


def sequence(size, tile=640, columns=1, rows=1):
    """Entries of DeepSeek-OCR's sequence: a token ends every row of the picture, and
    one more ends it all.
    """
    whole = side(size) * (side(size) + 1) + 1
    if columns * rows == 1:
        return whole
    return whole + rows * side(tile) * (columns * side(tile) + 1)


def sequence_2(tiles=0, size=1024, tile=768):
    """The second version has no ends of rows: its queries have an order of
    their own.
    """
    return side(size) ** 2 + tiles * side(tile) ** 2 + 1


# --8<-- [end:tokens]


# --8<-- [start:work]
def layer_work(tokens, width, seen, inner=4):
    """Multiply-adds of one layer: four projections, two matrices of the network, scores
    and sums of attention.
    """
    return tokens * width**2 * (4 + 2 * inner) + 2 * tokens * seen * width


def encoder_work(size=1024, window=14):
    """SAM-base on all patches, eight layers in windows and four global; then CLIP-large
    on a sixteenth of them.
    """
    patches = size // 16
    count = patches**2
    padded = math.ceil(patches / window) * window
    windows = 8 * layer_work(padded**2, 768, window**2)
    everywhere = 4 * layer_work(count, 768, count)
    after = 24 * layer_work(side(size) ** 2 + 1, 1024, side(size) ** 2 + 1)
    instead = 24 * layer_work(count + 1, 1024, count + 1)
    return {
        "windows": windows,
        "global": everywhere,
        "CLIP on 1/16": after,
        "CLIP on all": instead,
    }


# --8<-- [end:work]


# --8<-- [start:masks]
def flow_mask(image):
    """DeepEncoder V2: as many queries as image tokens. Image tokens see each other; a
    query sees the image and the queries before it.
    """
    place = np.arange(2 * image)
    is_query = place >= image
    causal = place[:, None] >= place
    return np.where(is_query[:, None], causal, ~is_query)


def reference_mask(reference, written, window):
    """Unlimited-OCR: image and prompt are causal among themselves and stay visible; of
    the output, only the last `window` tokens are.
    """
    place = np.arange(reference + written)
    causal = place[:, None] >= place
    return causal & ((place < reference) | (place[:, None] - place < window))


# --8<-- [end:masks]


# --8<-- [start:guard]
def banned(tokens, n=20, window=90, allowed=()):
    """Tokens that would complete a run of `n` tokens which the last `window` already
    contain. `allowed`: those of tables, which repeat for good reason.
    """
    if len(tokens) < n:
        return set()
    prefix, found = list(tokens[len(tokens) - n + 1 :]), set()
    for start in range(max(0, len(tokens) - window), len(tokens) - n + 1):
        run = list(tokens[start : start + n])
        if run[:-1] == prefix:
            found.add(run[-1])
    return found - set(allowed)


def steps_in_loop(period, most=2000):
    """How many tokens a text that repeats every `period` grows to before it is stopped;
    None: never within `most`.
    """
    text = []
    while len(text) < most:
        token = len(text) % period
        if token in banned(text):
            return len(text)
        text.append(token)
    return None


# --8<-- [end:guard]

# fmt: off
FONT = {
    "a": (14, 17, 17, 31, 17, 17, 17), "b": (30, 17, 17, 30, 17, 17, 30), "c": (14, 17, 16, 16, 16, 17, 14),
    "d": (30, 17, 17, 17, 17, 17, 30), "e": (31, 16, 16, 30, 16, 16, 31), "f": (31, 16, 16, 30, 16, 16, 16),
    "g": (14, 17, 16, 23, 17, 17, 14), "h": (17, 17, 17, 31, 17, 17, 17), "i": (14, 4, 4, 4, 4, 4, 14),
    "j": (1, 1, 1, 1, 17, 17, 14), "k": (17, 18, 20, 24, 20, 18, 17), "l": (16, 16, 16, 16, 16, 16, 31),
    "m": (17, 27, 21, 21, 17, 17, 17), "n": (17, 25, 21, 19, 17, 17, 17), "o": (14, 17, 17, 17, 17, 17, 14),
    "p": (30, 17, 17, 30, 16, 16, 16), "q": (14, 17, 17, 17, 21, 18, 13), "r": (30, 17, 17, 30, 20, 18, 17),
    "s": (15, 16, 16, 14, 1, 1, 30), "t": (31, 4, 4, 4, 4, 4, 4), "u": (17, 17, 17, 17, 17, 17, 14),
    "v": (17, 17, 17, 17, 17, 10, 4), "w": (17, 17, 17, 21, 21, 27, 17), "x": (17, 17, 10, 4, 10, 17, 17),
    "y": (17, 17, 10, 4, 4, 4, 4), "z": (31, 1, 2, 4, 8, 16, 31),
}
"""Capitals on a grid of 5 x 7, a row as five bits."""
LEXICON = (
    "about after again below black board bread break bring build carry chair child claim clean clear clock close coast "
    "court cover cross dream drink early earth empty enjoy every field fight floor force fresh front fruit glass grand "
    "great green group heart heavy horse hotel house human judge large laugh learn light limit local major match metal "
    "month mouth music night north novel ocean offer order paper party peace phone piece place plain plant point power "
    "press price proof queen quick quiet radio range reach ready right river round scale score sense serve seven shape "
    "sharp sheet short sleep small smile smoke solid sound south space speak speed staff stage stand start state steel "
    "stone store story sugar table taste teach thank thing think touch tower track trade train treat truck trust truth "
    "uncle under union until upper usual value visit voice watch water wheel where white whole woman world write young"
)
# fmt: on
WORDS = LEXICON.split()
FINE, ACROSS, DOWN = 12, 6, 9
"""Each dot of the font is 12 x 12 fine dots; a letter's cell is 6 x 9 dots with the
space around it.
"""


# --8<-- [start:reading]
def glyph(letter):
    """A letter's cell in fine dots, 0 for paper and 1 for ink."""
    cell = np.zeros((DOWN, ACROSS))
    cell[1:8, :5] = [[row >> 4 - i & 1 for i in range(5)] for row in FONT[letter]]
    return np.kron(cell, np.ones((FINE, FINE)))


def photograph(fine, pixel, shift):
    """Means over squares of `pixel` fine dots; the grid of the camera is moved against
    that of the page.
    """
    down, right = shift
    height, width = (math.ceil((n + pixel) / pixel) * pixel for n in fine.shape)
    page = np.zeros((height, width))
    page[down : down + fine.shape[0], right : right + fine.shape[1]] = fine
    return page.reshape(height // pixel, pixel, width // pixel, pixel).mean((1, 3))


def letter_pictures(pixel, shift, length=5):
    """The picture of every letter at every place of a word. Ink adds up, so a word is
    the sum of its letters.
    """
    out = np.zeros(
        (
            length,
            26,
            *photograph(
                np.zeros((DOWN * FINE, length * ACROSS * FINE)), pixel, shift
            ).shape,
        )
    )
    for place in range(length):
        for index, letter in enumerate(sorted(FONT)):
            fine = np.zeros((DOWN * FINE, length * ACROSS * FINE))
            fine[:, place * ACROSS * FINE : (place + 1) * ACROSS * FINE] = glyph(letter)
            out[place, index] = photograph(fine, pixel, shift)
    return out


def spell(word):
    return np.array([ord(letter) - ord("a") for letter in word])


def read_letters(picture, letters, rounds=3):
    """Letter by letter, the rest of the word being as guessed so far (at first, an
    average letter everywhere).
    """
    parts = letters.mean(1)
    for _ in range(rounds):
        guess = []
        for place in range(len(letters)):
            rest = parts.sum(0) - parts[place]
            guess.append(
                int(((picture - rest - letters[place]) ** 2).sum((1, 2)).argmin())
            )
            parts[place] = letters[place, guess[-1]]
    return np.array(guess)


def read_with_language(picture, letters, words, doubt=0.01, noise=0.1):
    """The likelier of two: the nearest word of a list, or the letters as they look,
    which are taken to be no word of the list with probability `doubt`.
    """
    pictures = sum(letters[place, words[:, place]] for place in range(len(letters)))
    misses = ((picture - pictures) ** 2).sum((1, 2))
    looks = read_letters(picture, letters)
    miss = (
        (picture - sum(letters[place, looks[place]] for place in range(len(letters))))
        ** 2
    ).sum()
    known = -misses.min() / (2 * noise**2) + np.log((1 - doubt) / len(words))
    spelled = -miss / (2 * noise**2) + np.log(doubt) - len(letters) * np.log(26)
    return words[misses.argmin()] if known > spelled else looks


# --8<-- [end:reading]


def pixels_of_a_letter(pixel):
    return DOWN * ACROSS * FINE**2 / pixel**2


def compression(pixel, letters_of_a_token=4):
    """Text tokens for one vision token of 64 x 64 px on a page full of letters."""
    return 64**2 / pixels_of_a_letter(pixel) / letters_of_a_token


def legibility(pixel, count=80, noise=0.1, seed=0):
    """Share of letters read correctly, of real words and of scrambled ones, by shape
    alone and with a language.
    """
    rng = np.random.default_rng([seed, pixel])
    words = np.array([spell(word) for word in WORDS])
    right = dict.fromkeys(
        (
            "words by shape",
            "scrambled by shape",
            "words with language",
            "scrambled with language",
        ),
        0,
    )
    for _ in range(4):
        letters = letter_pictures(pixel, rng.integers(pixel, size=2))
        for _ in range(count // 4):
            word = words[rng.integers(len(words))]
            for kind, true in (("words", word), ("scrambled", rng.permutation(26)[:5])):
                picture = sum(letters[place, true[place]] for place in range(5))
                picture = picture + noise * rng.normal(size=picture.shape)
                right[f"{kind} by shape"] += (
                    read_letters(picture, letters) == true
                ).mean()
                right[f"{kind} with language"] += (
                    read_with_language(picture, letters, words) == true
                ).mean()
    return {name: round(value / count, 4) for name, value in right.items()}


PIXELS = (8, 12, 16, 20, 24, 28, 32, 36, 42, 48)
"""Sides of a camera pixel in fine dots; 12 is one pixel for each dot of the font."""
MODES = {"Tiny": 512, "Small": 640, "Base": 1024, "Large": 1280}


def experiment():
    return {
        "compression": [round(compression(pixel), 2) for pixel in PIXELS],
        "read": {str(pixel): legibility(pixel) for pixel in PIXELS},
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        results["flow"] = flow_mask(5).astype(int).tolist()
        results["reference"] = reference_mask(5, 9, 3).astype(int).tolist()
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print("mode        pixels   vision tokens   in the sequence")
    for name, size in MODES.items():
        print(f"  {name:6s} {size:5d}^2 {side(size) ** 2:12d} {sequence(size):14d}")
    tiled = sequence(1024, 640, 2, 3)
    print(
        f"  Gundam, 2 x 3 tiles of 640 and 1024: {6 * side(640) ** 2 + side(1024) ** 2}, in the sequence {tiled}"
    )
    print(
        f"  version 2, no tile and six: {sequence_2(0) - 1}, {sequence_2(6) - 1}, in the sequence one more"
    )
    print("multiply-adds of the encoder for 1024 x 1024, in 10^9")
    for name, value in encoder_work().items():
        print(f"  {name:14s} {value / 1e9:7.0f}")
    print(
        "a text repeating every so many tokens is stopped after:",
        ", ".join(f"{period}: {steps_in_loop(period)}" for period in (1, 20, 71, 72)),
    )
    print(
        "compression  px a letter   by shape: words  scrambled    with language: words  scrambled"
    )
    for pixel in PIXELS:
        shares = list(results["read"][str(pixel)].values())
        print(
            f"  {compression(pixel):7.1f} {pixels_of_a_letter(pixel):12.0f}"
            f" {shares[0]:20.0%} {shares[1]:10.0%} {shares[2]:21.0%} {shares[3]:10.0%}"
        )
