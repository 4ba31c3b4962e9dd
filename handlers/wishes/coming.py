""" "有人来教我了没得": whoever has wishes open asks whether somebody has come, and means the one that is named."""

from collections.abc import Sequence

from bot.turn import Turn
from handlers.wishes import finding, one_of_mine, spoken
from storage import matters
from storage.matters import ENDED, Matter
from storage.wishes import KIND

REPAIRS = ("修", "换", "装")
"""What somebody comes for after a report as well."""
PARTICLES = "嘛哦啊呢哈嘞哟呀咯？?。.!！~ "


def meant(turn: Turn) -> list[Matter] | None:
    """The wishes of the speaker's own that may be asked about; None where nothing of the kind is asked."""
    text, rows = turn.utterance.text, spoken.words(turn.catalog)
    if spoken.found(text, rows.questions.coming) is None:
        return None
    if not spoken.asks(text.rstrip(PARTICLES), rows.bot.asking) and not text.endswith(rows.bot.asking):
        return None
    mine = finding.of_speaker(turn)
    found = _named(turn, mine, text) if mine else []
    return found if found and not _of_a_report(turn, text) else None


def _named(turn: Turn, mine: Sequence[Matter], text: str) -> list[Matter]:
    """Those whose thing stands in the words; else, where nothing else is named, those whose deed does: 教, 借, 修."""
    rows = spoken.words(turn.catalog).questions
    deeds = [deed for deed in rows.deeds if deed in text]
    alike = [one for one in mine if any(deed in one.text for deed in deeds)]
    named = [one for one, words in one_of_mine.named(turn, mine, text) if len(words.strip(rows.beside_deeds)) > 1]
    if named:
        return [one for one in named if one in alike] or named
    bare = not text.strip(PARTICLES).translate(dict.fromkeys(map(ord, rows.beside_deeds + "".join(rows.deeds))))
    return alike if bare else []


def _of_a_report(turn: Turn, text: str) -> bool:
    """Whether a report of the speaker's that is open may be meant as well."""
    found = matters.of_account(turn.session, turn.account.id) if turn.account else []
    everyday = spoken.words(turn.catalog).bot.everyday
    living = [one for one in found if one.kind != KIND and one.state not in ENDED]
    deeds = [deed for deed in spoken.words(turn.catalog).questions.deeds if deed in text]
    if living and any(deed in REPAIRS for deed in deeds):
        return True
    return any(finding.alike(one.text, text, everyday) or any(deed in one.text for deed in deeds) for one in living)
