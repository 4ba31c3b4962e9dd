"""The channels the bot speaks on: one file each, one line here."""

from bot.channels.base import Channel
from bot.channels.simulator import Simulator

CHANNELS: dict[str, type[Channel]] = {
    "simulator": Simulator,
}
