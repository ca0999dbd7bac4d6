// A tokeniser trained on the reader's own text.
import { el, explore, show } from "./kit.mjs";
import { encode, train, wordsOf } from "./maths/bpe.mjs";

const TEXT = "low lower lowest new newer newest wide wider widest show shows slow slower slowest";

export default function (block) {
  let trained = { text: null, merges: [] };
  explore(block, {
    text: { kind: "text", rows: 4, label: "Text to train on", value: TEXT },
    merges: { label: "Merges", min: 0, max: 200, value: 12 },
    probe: { kind: "text", rows: 2, label: "Text to cut up", value: "slowest newness lower" },
  }, ({ text, merges, probe }) => {
    text = text.slice(0, 20000);
    if (trained.text !== text) trained = { text, merges: train(text, 200) };
    const used = trained.merges.slice(0, merges);
    const pieces = wordsOf(probe.slice(0, 4000)).map((word) => encode(word, used));
    const tokens = pieces.flat().length, letters = pieces.flat().join("").length;
    const name = (piece) => piece.replace(" ", "␣");
    return {
      picture: [
        el("p", { class: "ex-pieces" }, pieces.map((word) => el("span", { class: "ex-word" }, word.map((piece, i) => el("span", { class: `ex-piece ex-p${i % 3}` }, name(piece)))))),
        el("details", {}, el("summary", {}, `The ${used.length} merges, in order`), el("p", { class: "ex-merges" }, used.map(([a, b]) => el("code", {}, `${name(a)} + ${name(b)}`)))),
      ],
      words: tokens ? `${tokens} pieces for ${letters} characters, ${show(letters / tokens)} characters per piece, after ${used.length} merges${used.length < merges ? ": nothing is left to merge" : ""}.` : "Type something to cut up.",
    };
  });
}
