"""The queue of a maintainer as a conversation: one figure after the other, each accepted, corrected or skipped."""

from collections.abc import Callable

from .queue import REASON, Desk, Item

HELP = "accept (a), fix [MENTION] FIELD VALUE (no VALUE: unknown), skip (s), quit (q)"


def converse(
    desk: Desk,
    ask: Callable[[], str | None],
    show: Callable[[Item, int], None],
    say: Callable[[str], None],
    write: Callable[[], None],
    reason: str = REASON,
) -> int:
    """Go through the queue with a person. How many figures were accepted.

    `ask` gives the next answer, None at their end; `show` shows an item and how many are left; `write` keeps what was
    decided: it is called after every decision, so that an interruption loses none.
    """
    accepted = 0
    left = desk.queue()
    while left:
        item, *left = left
        show(item, len(left))
        while True:
            answer = ask()
            if answer is None:
                return accepted
            word, _, rest = answer.strip().partition(" ")
            if word in ("q", "quit"):
                return accepted
            if word in ("s", "skip"):
                break
            if word in ("a", "accept"):
                desk.accept(item)
                write()
                accepted += 1
                break
            if word not in ("f", "fix") or not rest.strip():
                say(HELP)
                continue
            if problems := desk.fix(*_correction(item, rest), reason):
                for problem in problems:
                    say(f"not corrected: found {problem.found}; expected {problem.expected}")
                continue
            write()
            again = desk.item(item.mention.mention_id)
            if again is None:  # it now is as it was accepted
                break
            item = again
            known = {mention.mention_id for mention in item.mentions}
            left = [other for other in left if other.mention.mention_id not in known]
            show(item, len(left))
    return accepted


def _correction(item: Item, words: str) -> tuple[str, dict[str, str | None]]:
    """The mention, the field and the value of a fix as it is typed."""
    first, _, rest = words.strip().partition(" ")
    mention_id = item.mention.mention_id
    if first in [mention.mention_id for mention in item.mentions]:
        mention_id = first
        first, _, rest = rest.strip().partition(" ")
    return mention_id, {first: rest.strip() or None}
