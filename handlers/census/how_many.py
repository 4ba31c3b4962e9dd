""" "两口人，好的": how many live at the speaker's home and no more, where the door is known or can be asked for."""

import re

from bot.turn import Turn
from bot.understanding import phrases
from handlers.census import doors as census_doors
from handlers.census.reading import Said, grammar
from handlers.census.rules import rules

LONGEST = 20
COUNT = re.compile(r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:口子?人?|个人|人|个)|俩口子|[俩仨](?:人|口)?")
MINE, WELL = "我家", "都好"


def answers(turn: Turn) -> tuple[Said, ...]:
    """What such words answer; in a group only those of somebody whose door is known."""
    text = turn.utterance.text
    if len(text) > LONGEST or turn.account is None:
        return ()
    counts = COUNT.findall(text)
    if len(counts) != 1:
        return ()
    table, left = rules(turn.catalog), COUNT.sub("，", text)
    if phrases.clauses(left) and not phrases.only(left, (*table.count_well, *table.count_beside)):
        return ()
    if turn.in_group and census_doors.known(turn, turn.account.id) is None:
        return ()
    well = any(word in left for word in table.count_well)
    return grammar(turn.catalog).read(f"{MINE}{counts[0]}{WELL if well else ''}")
