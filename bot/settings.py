"""What an operator may set: the environment with the prefix XIAOGE_, or xiaoge.toml."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

PROJECT = Path(__file__).resolve().parent.parent


class _Part(BaseModel):
    """The settings of one channel."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Telegram(_Part):
    """A Telegram bot; without `secret` it asks for updates (long polling) instead of being called."""

    token: SecretStr
    """From @BotFather."""
    secret: SecretStr = Field(default=SecretStr(""), validation_alias=AliasChoices("webhook_secret", "secret"))
    """1-256 of A-Z a-z 0-9 _ -; every call of the web hook /hooks/telegram carries it."""
    name: str = ""
    """The bot's user name without @, for the link by which people begin a private chat; asked at the start if unset."""
    hook: str = ""
    """Where Telegram reaches /hooks/telegram (https://example.org/hooks/telegram): told to it at every start."""
    api: str = "https://api.telegram.org"
    """Another address: a Bot API server of one's own."""

    @field_validator("token")
    @classmethod
    def _as_botfather_gives_it(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token.get_secret_value()):
            raise ValueError("no bot token: @BotFather gives one like 123456:ABC-def")
        return token

    @field_validator("secret")
    @classmethod
    def _as_telegram_takes_it(cls, secret: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
            raise ValueError("the web hook's secret is 1 to 256 of A-Z a-z 0-9 _ -")
        return secret


class WeCom(_Part):
    """A WeCom app 自建应用, for staff."""

    corp: str = Field(validation_alias=AliasChoices("corp_id", "corp"))
    """企业ID."""
    agent: int = Field(validation_alias=AliasChoices("agent_id", "agent"))
    """AgentId."""
    secret: SecretStr
    token: SecretStr
    """The callback's Token; it is called at /hooks/wecom."""
    aes_key: SecretStr
    """The callback's EncodingAESKey, 43 letters."""
    robots: dict[str, SecretStr] = {}
    """Group robots 消息推送: the webhook's key by the code of the grid whose staff group it sits in."""
    groups: tuple[str, ...] = ()
    """Grids whose staff get a group made by the app 应用群聊: their codes. The app has to be visible to the root department."""
    customers: bool = False
    """Customer groups 客户群 of neighbours in WeChat are counted and told by hand; the app has to be one of those that may
    call 客户联系."""
    api: str = "https://qyapi.weixin.qq.com"


class Aibot(_Part):
    """A WeCom bot 智能机器人 of groups: called at /hooks/aibot (`token`, `aes_key`), or on a line of its own (`bot`, `secret`)."""

    name: str = "小格"
    """Its name in WeCom, which people write behind the @."""
    token: SecretStr = SecretStr("")
    """The callback's Token."""
    aes_key: SecretStr = SecretStr("")
    """The callback's EncodingAESKey, 43 letters."""
    bot: str = Field(default="", validation_alias=AliasChoices("bot_id", "bot"))
    """BotID, for the long connection 长连接, which needs no public address."""
    secret: SecretStr = SecretStr("")
    """The long connection's Secret."""
    api: str = "wss://openws.work.weixin.qq.com"

    @model_validator(mode="after")
    def _heard_somehow(self) -> "Aibot":
        """One way at least, and each wholly."""
        called, lined = (self.token, self.aes_key), (self.bot, self.secret.get_secret_value())
        halves = (any(pair) != all(pair) for pair in ([one.get_secret_value() for one in called], lined))
        if any(halves) or not (self.bot or self.token.get_secret_value()):
            raise ValueError("aibot needs token and aes_key (callback), or bot_id and secret (long connection)")
        return self


class Official(_Part):
    """A WeChat Official Account 公众号, for residents; it is called at /hooks/wechat."""

    app: str = Field(validation_alias=AliasChoices("app_id", "app"))
    """AppID."""
    secret: SecretStr
    """AppSecret."""
    token: SecretStr
    aes_key: SecretStr = SecretStr("")
    """EncodingAESKey; without it the account is in plain mode."""
    templates: dict[str, str] = {}
    """Template or subscription messages: the platform's template id by lane (emergency, duty, notice)."""
    api: str = "https://api.weixin.qq.com"


class Settings(BaseSettings):
    """Every setting with its default; unknown names in xiaoge.toml are refused."""

    model_config = SettingsConfigDict(
        env_prefix="XIAOGE_",
        env_nested_delimiter="__",
        toml_file="xiaoge.toml",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///var/xiaoge.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    timezone: str = "Asia/Shanghai"
    secret_key: str = ""
    """Signs the codes on the doors; without it the deployment makes one for itself. Another key makes them all invalid."""
    templates: Path = PROJECT / "templates"
    """The folder a community may edit."""
    phones: Path = Path("var/phones")
    """Where the simulator keeps what its pretend phones show; nothing of the bot's own."""
    kits: Path = Path("var/kit")
    """Where the daily kit is printed to: phones and doors, for its owner's eyes only."""
    human: str = "社区服务站 12345"
    """How to reach a person: said in the greeting and whenever somebody asks for 人工."""
    code_link: str = ""
    """Where the printed squares lead, with {code}: https://example.org/start?code={code}; without it they hold the code."""
    address: str = ""
    """Where browsers reach this program, for links in the chat: https://example.org; without it the host and port."""
    workers: int = Field(default=2, ge=1, le=32)
    """Writers at once on PostgreSQL; SQLite has one. More of them commit fewer messages at once, which costs more work."""
    processor: int | None = Field(default=None, ge=0)
    """Keeps the process to one processor (0 is the first), which then does some 5 % more; one process for each, and one
    left for the database. None: wherever the system puts it."""
    telegram: Telegram | None = None
    wecom: WeCom | None = None
    aibot: Aibot | None = None
    official: Official | None = None
    wechat: Official | None = None
    """Another name for `official`."""
    keep_inbox_days: int = Field(default=14, ge=2)
    keep_outbox_days: int = Field(default=90, ge=7)

    @model_validator(mode="before")
    @classmethod
    def _one_account(cls, values: dict[str, object]) -> dict[str, object]:
        """The official account under either name."""
        given = values.get("official") or values.get("wechat")
        return values | {"official": given, "wechat": None} if given else values

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError) as fault:
            raise ValueError(f"{name!r} is no time zone; an example: Asia/Shanghai") from fault
        return name

    @property
    def site(self) -> str:
        """The beginning of every link to a page of this program."""
        return self.address.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def zone(self) -> ZoneInfo:
        """The community's own time."""
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then xiaoge.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
