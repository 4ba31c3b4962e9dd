"""Asks the platform's API: one token for all, what each refusal means, and no secret in any error."""

import logging
import re
from collections.abc import Mapping

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from aiohttp.hdrs import RETRY_AFTER

from bot import settings
from bot.channels.base import Ears
from bot.errors import SendError

log = logging.getLogger(__name__)

PATIENCE = ClientTimeout(total=10.0, connect=5.0)
TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105 - a path
SAY = "/cgi-bin/message/custom/send"
NOBODY = "xiaoge-channels-check"
"""No OpenID of anybody's: what is said to it reaches nobody."""
BUSY, DAYS_SHARE = -1, 45009
OUTWORN = frozenset((40001, 40014, 42001))
"""The token is not, or no more, the one."""
SHUT = frozenset((45015, 45047, 48001, 48002))
"""Nothing may be said until the person speaks: over, used up, no such right for this account, or they want none."""
AWAY = frozenset((40003, 43004, 43019, 50005))
"""They do not follow, are on the account's black list, or are nobody."""
NEVER = frozenset((40008, 44004, 45002, 47001, 87014))
"""This message is wrong in itself."""
RESTS_S = {
    45009: 600.0,
    45011: 60.0,
    48004: 3600.0,
    50002: 3600.0,
    40164: 60.0,
    40013: 300.0,
    40125: 300.0,
    41004: 300.0,
}
"""The whole channel waits: the day's share or the minute's is used up, or the account is not set up right."""
TROUBLES = {
    40164: "channels/official_ip",
    40013: "channels/official_secret",
    40125: "channels/official_secret",
    41004: "channels/official_secret",
    48001: "channels/official_rights",
    45009: "channels/official_quota",
    48004: "channels/official_shut",
    50002: "channels/official_shut",
}
"""What somebody has to mend: rows of health.toml."""
ADDRESS = re.compile(r"invalid ip ([\d.]{7,15}|[\da-f:]{3,39})")

Body = Mapping[str, object]


class Answer(msgspec.Struct, frozen=True):
    """Whatever the platform answers; what is not there is empty."""

    errcode: int = 0
    errmsg: str = ""
    msgid: int | str = 0
    access_token: str = ""
    expires_in: float = 0.0
    url: str = ""


ANSWER = msgspec.json.Decoder(Answer, strict=False)
JSON = msgspec.json.Encoder()


class Refused(SendError):
    """The platform's own number beside what it means to the sender."""

    def __init__(
        self,
        code: int,
        *,
        gone: bool = False,
        final: bool = False,
        retry_after_s: float | None = None,
        everyone: bool = False,
    ) -> None:
        super().__init__(f"errcode {code}", gone=gone, final=final, retry_after_s=retry_after_s, everyone=everyone)
        self.code = code

    @property
    def shut(self) -> bool:
        """Nothing may be said to this reader until they speak."""
        return self.code in SHUT


class Platform:
    """One account's end of the API."""

    def __init__(self, of: settings.Official) -> None:
        self.api = of.api.rstrip("/")
        self._app = of.app
        self._secret = of.secret.get_secret_value()
        self._client: ClientSession | None = None
        self.trouble: tuple[str, Mapping[str, object]] | None = None
        """The row of health.toml that says what is to be mended, with its values."""

    async def ask(self, ears: Ears, path: str, body: Body) -> Answer:
        """Its answer; with a new token where it wants one, once. Raises SendError."""
        key = f"official {self._app}"
        words = await ears.token(key, lambda: self._fetch(""))
        try:
            return await self._post(f"{path}?access_token={words}", body)
        except Refused as refusal:
            if refusal.code not in OUTWORN:
                raise
        words = await ears.token(key, lambda: self._fetch(words), refused=words)
        return await self._post(f"{path}?access_token={words}", body)

    async def probe(self) -> None:
        """A token, and a word to nobody: whether the account, its secret and this machine's address are accepted, and
        whether it may say anything outside of an answer. Raises SendError."""
        token, _ = await self._fetch("")
        nothing = {"touser": NOBODY, "msgtype": "text", "text": {"content": "."}}
        try:
            await self._post(f"{SAY}?access_token={token}", nothing)
        except Refused as refusal:
            if not refusal.gone:
                raise

    async def close(self) -> None:
        """Nothing more is asked."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _fetch(self, refused: str) -> tuple[str, float]:
        """A token and how long it serves; another than the refused one, if need be by force, which may be done rarely."""
        grant = {"grant_type": "client_credential", "appid": self._app, "secret": self._secret}
        answer = await self._post(TOKEN_PATH, grant | {"force_refresh": False})
        if refused and answer.access_token == refused:
            answer = await self._post(TOKEN_PATH, grant | {"force_refresh": True})
        if not answer.access_token:
            raise SendError("no token came", everyone=True)
        return answer.access_token, answer.expires_in

    async def _post(self, path: str, body: Body) -> Answer:
        """Errors name no address: it carries the token."""
        if self._client is None:
            self._client = ClientSession(timeout=PATIENCE, headers={"Content-Type": "application/json"})
        try:
            async with self._client.post(self.api + path, data=JSON.encode(body)) as came:
                status, held, after = came.status, await came.read(), came.headers.get(RETRY_AFTER, "")
        except (ClientError, OSError) as fault:  # a time-out is one too
            raise SendError(type(fault).__name__, everyone=True) from None
        if status != 200:
            wait_s = float(after) if after.isdecimal() else None
            raise SendError(f"HTTP {status}", everyone=True, retry_after_s=wait_s)
        try:
            answer = ANSWER.decode(held)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise SendError("not an answer of the platform's", everyone=True) from None
        if not answer.errcode:
            if path != TOKEN_PATH:
                self.trouble = None
            return answer
        if row := TROUBLES.get(answer.errcode):
            found = ADDRESS.search(answer.errmsg)
            self.trouble = row, {"code": answer.errcode, "ip": found[1] if found else "?"}
            log.error("the official account is refused", extra={"code": answer.errcode})
        raise _refused(answer.errcode)


def _refused(code: int) -> Refused:
    if code in RESTS_S:
        return Refused(code, everyone=True, retry_after_s=RESTS_S[code])
    return Refused(code, gone=code in AWAY, final=code in NEVER, everyone=code in OUTWORN)
