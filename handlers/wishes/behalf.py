"""For whom a wish is said, as its words tell it; and whether that person is said to agree."""

import re
from functools import lru_cache

from bot.catalog import Catalog
from bot.router import Handler, Router
from bot.turn import Order, Turn
from bot.understanding import phrases
from bot.understanding.names import FULL_NAME
from handlers.wishes import finding, others, spoken, wording
from handlers.wishes.terms import Terms, terms
from storage import people

router = Router()

LONGEST = 80
"""Longer words are a story."""
NEAR = r"[^,，。;；!！?？\n我俺]{0,8}?"
WANTS = "(?:想(?!起|到|不通|想|必)|需要|缺|希望|盼|要(?!是|么|不))"
PLACE = r"(?:[^,，。;；\n]{0,12}的|(?:我们?|咱们?|俺们?)?[^,，。;；\n]{0,6}那[个位]|(?:我们?|咱们?|俺们?)?(?:家|屋头)?(?:隔壁|楼上|楼下|对门|对面))?"
OF_THEM = r"(?:[他她][^,，。;；!！?？\n我俺]{1,14}[,，])?"
"""谢老汉，他眼睛看不见了，想找个人: a clause that tells of them between."""
GIVES = "(?:送(?!去|到|过)|买|找|请)"
FOR_ONESELF = re.compile(
    r"[帮给替](?:我|俺)(?:们|家|屋头)?(?:自己)?的?(?:大|小|幺)?(?:儿子|女儿|闺女|孩子|娃娃?|娃儿|幺儿|孙子|孙女|孙娃|外孙女?)?"
    r"(?:也|来|再)?(?:发|许|提|登|求|说)"
)
"""帮我发个心愿, 给我女儿许个愿: one's own, and one's own child's."""
NICKED = re.compile(rf"(?<=[帮替给代])(?:我们?)?(?:家|的)?(?:隔壁|楼上|楼下|对门)?的?(?P<who>{others.NICK})")
A_WISH = re.compile(r"许(?:个|一个|下|哈|了)?(?:小|微)?(?:心愿|愿)|[发提登求说](?:个|一个|一下|下|哈)?(?:小|微)?心愿")
DENIED = r"(?<![没不未])"


@lru_cache(maxsize=4)
def _patterns(rows: Terms) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Somebody else who wants; words that say so; words that vouch for a yes."""
    kin = phrases.any_of(rows.kin)
    mine = rf"(?:我们?|俺们?|咱们?)(?:家|屋头)?的?(?P<kin>{kin})"
    other = rf"(?P<other>{wording.SOMEBODY.pattern}|{FULL_NAME})"
    wanting = rf"(?:^|[,，。;；\s]){PLACE}(?:{mine}|{other}[,，\s]*{OF_THEM}[他她]?)(?!的){NEAR}{WANTS}"
    wanting = rf"{wanting}|(?:^|[,，。;；\s想])给{PLACE}(?P<given>{wording.SOMEBODY.pattern}){GIVES}"
    return (
        re.compile(wanting),
        re.compile(wording.any_of(rows.proxies)),
        re.compile(rf"{DENIED}(?:{wording.any_of(rows.vouches)})"),
    )


@router.at_start
def ready(catalog: Catalog) -> None:
    """The patterns of whoever wishes for somebody else."""
    _patterns(terms(catalog))


@router.guard_where("alone")
def for_a_neighbour(turn: Turn) -> Handler | None:
    """ "替楼上李大爷许个心愿，他想理发" is a wish for somebody, whatever of the speaker's own is open; quick to say None."""
    said = turn.utterance
    if "愿" not in said.text or said.intent == "emergency" or len(said.text) > LONGEST:
        return None
    if not finding.said_freely(turn) or turn.quoted is not None or not A_WISH.search(said.text):
        return None
    rows = terms(turn.catalog)
    asks = spoken.asks(said.text, spoken.words(turn.catalog).bot.asking)
    proxy = _patterns(rows)[1].search(said.text) and not FOR_ONESELF.search(said.text)
    if proxy and not asks:
        turn.order = Order("wish_for", (), said.text)
    return None


def of(turn: Turn, words: str) -> str:
    """For whom these words wish: as they are called, or in general; nobody where it is the speaker's own wish."""
    rows = terms(turn.catalog)
    wanting, proxies, _ = _patterns(rows)
    found = wanting.search(words)
    if found and found["other"] and found["other"] in _own_names(turn):
        return ""
    told = turn.read(words, True).behalf
    if found is None and told is None and (not proxies.search(words) or FOR_ONESELF.search(words)):
        return ""
    return _called(found) or told or named(words, rows)


def named(words: str, rows: Terms) -> str:
    """How whoever it is for is called in these words."""
    if found := _patterns(rows)[0].search(words):
        return _called(found)
    if nicked := NICKED.search(words):
        return nicked["who"]
    called = wording.SOMEBODY.search(words) or re.search(FULL_NAME, words)
    kin = max((word for word in rows.kin if word in words), key=len, default="")
    return called[0] if called else _whole(kin) or rows.somebody


def agreed(words: str, rows: Terms) -> bool:
    """Whether whoever says these words vouches for that person's yes."""
    return bool(_patterns(rows)[2].search(words))


def _called(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    return found["other"] or found["given"] or _whole(found["kin"])


def _whole(kin: str) -> str:
    """妈 alone is 妈妈."""
    return kin * 2 if len(kin) == 1 else kin


def _own_names(turn: Turn) -> set[str]:
    account = turn.account
    if account is None:
        return set()
    known = people.get(turn.session, account.person_id).name if account.person_id else ""
    return {account.name, known}
