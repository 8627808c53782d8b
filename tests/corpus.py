"""How find_money agrees with a corpus whose quantities are tagged: python tests/corpus.py KLUE_NER_FILE.

A tagged quantity counts as money if it ends in the name of a currency (전 and 동 aside, which are games and buildings
there). Its span is compared without 약 before it and without 대 or 권 after it, which the tags hold now and then.
Prints precision, recall and F1, then every disagreement.
"""

import re
import sys
from pathlib import Path

from cn_ai_funding import find_money
from cn_ai_funding.money.vocabulary import MINOR, NAME, NEEDS_UNIT, any_of

TAGGED = re.compile(r"<([^<>]*):([A-Z]{2})>")
MONEY = re.compile(rf"[0-9십백천만억조몇수].*{any_of(set(NAME) - set(MINOR) - set(NEEDS_UNIT))}(?:대|권)?$")


def read_line(line: str) -> tuple[str, set[tuple[int, int]], set[tuple[int, int]]]:
    """The plain text of a tagged sentence, the spans of its quantities, and those of them that are money."""
    text, end, quantities, money = "", 0, set(), set()
    for tag in TAGGED.finditer(line):
        text += line[end : tag.start()]
        words = re.sub(r"^약 ?", "", tag[1])
        start = len(text) + len(tag[1]) - len(words)
        span = (start, start + len(re.sub("(?<=원)[대권]$", "", words)))
        if tag[2] == "QT":
            quantities.add(span)
            if MONEY.match(words):
                money.add(span)
        text, end = text + tag[1], tag.end()
    return text + line[end:], quantities, money


def main(path: str) -> None:
    right = found = tagged = 0
    disagreements = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if not line.startswith("## "):
            continue
        text, quantities, money = read_line(line.split("\t", 1)[-1])
        spans = {(mention.start, mention.end) for mention in find_money(text)}
        right, found, tagged = (
            right + len(spans & quantities),
            found + len(spans),
            tagged + len(money | (spans & quantities)),
        )
        for what, several in (("not tagged", spans - quantities), ("not found", money - spans)):
            disagreements += [
                f"{what}: {text[start:end]} | {text[max(0, start - 20) : end + 12]}" for start, end in sorted(several)
            ]
    print(
        f"{found} found, {tagged} tagged, {right} agree: precision {right / found:.3f}, "
        f"recall {right / tagged:.3f}, F1 {2 * right / (found + tagged):.3f}"
    )
    print(*disagreements, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
