"""The simulator's page in a real browser, with a pretend bot that has learnt one conversation by heart."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.channels.simulator import Cast, CastChat, CastGrid, CastPerson, CastPost
from bot.channels.transcript import Transcript
from bot.message import Address, Delivery, Incoming, Lane
from tests.web.chromium import DESK, PHONE, Theatre, bubbles, needs_chromium, say
from tests.web.stand import Stand

THUMB_PX = 44
GRID = "510124001001001003"
NEIGHBOURS = "望丛苑3栋邻居群"
SAID = "3栋2单元电梯又停了"

pytestmark = needs_chromium


class Neighbourhood(Stand):
    """One building: a resident, a leader, their group, and a bot that hears of a lift."""

    async def cast(self) -> Cast:
        return Cast(
            grids=(CastGrid(GRID, "望丛苑3栋", "微网格", None),),
            chats=(CastChat("g-3", NEIGHBOURS, GRID, "residents"), CastChat("w-3", "望丛苑工作群", GRID, "staff")),
            people=(
                CastPerson("wang", "王奶奶", GRID, ()),
                CastPerson("he", "何丽", GRID, (CastPost("micro_lead", GRID, 1),)),
            ),
        )

    async def submit(self, incoming: Incoming) -> None:
        await super().submit(incoming)
        if incoming.text == SAID:
            await self.answer(incoming.address, "记下了,编号 1001。", quote=incoming.key)
            leader = Address("simulator", "he", private=True)
            await self.answer(leader, "【报事 1001】电梯停运", (("接单", "accept 1001"), ("转办", "pass 1001")))
        if incoming.text == "着火了":
            await self.answer(incoming.address, "先打119,走楼梯。", lane=Lane.EMERGENCY)
        if incoming.happening == "press":
            await self.answer(incoming.address, "您已接单。")

    async def answer(
        self,
        to: Address,
        text: str,
        buttons: tuple[tuple[str, str], ...] = (),
        lane: Lane = Lane.REPLY,
        quote: str | None = None,
    ) -> None:
        await self.simulator.send(Delivery(1, to, text, buttons, lane, quote))


Scene = Callable[[Neighbourhood, Page], Awaitable[None]]


class Stage:
    """Where a scene is played: a fresh neighbourhood, and a window on it."""

    def __init__(self, theatre: Theatre, path: Path) -> None:
        self.theatre = theatre
        self.path = path

    def play(self, scene: Scene, size: tuple[int, int] = DESK) -> None:
        """Open the page at this size and play the scene."""
        self.theatre.runner.run(self._play(scene, size))

    async def _play(self, scene: Scene, size: tuple[int, int]) -> None:
        neighbourhood = Neighbourhood(self.path)
        async with neighbourhood.client as client, self.theatre.window(str(client.make_url("/")), size) as page:
            await scene(neighbourhood, page)
        neighbourhood.simulator.transcript.close()


@pytest.fixture
def stage(theatre: Theatre, tmp_path: Path) -> Stage:
    return Stage(theatre, tmp_path / "transcript.jsonl")


def test_a_newcomer_follows_the_three_steps(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await page.click("[data-try=say]")
        await expect(page.locator("#my-name")).to_have_text("王奶奶")
        await expect(page.locator("#words")).to_have_value(SAID)
        await page.click("#send")
        await expect(bubbles(page, "编号 1001")).to_be_visible()
        await page.click("[data-try=switch]")
        await expect(page.locator("#my-name")).to_have_text("何丽")
        accept = page.locator(".taps button", has_text="接单")
        await accept.click()
        await expect(bubbles(page, "您已接单")).to_be_visible()
        await expect(accept).to_have_attribute("aria-pressed", "true")
        await expect(page.locator("[data-step].done")).to_have_count(3)
        press = neighbourhood.heard[-1]
        assert (press.happening, press.text, press.sender, press.chat) == ("press", "accept 1001", "he", None)

    stage.play(scene)


def test_whom_the_bot_has_told_is_one_tap_away(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        assert (await neighbourhood.post({"chat": "g-3", "user": "wang", "text": SAID})).ok
        await page.click("[data-told=he]")
        await expect(page.locator("#my-name")).to_have_text("何丽")
        await expect(bubbles(page, "【报事 1001】")).to_be_visible()
        await expect(page.locator("#told")).to_be_hidden()

    stage.play(scene)


def test_what_others_say_comes_without_reload_and_is_counted_where_nobody_looks(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await page.click(f".chat:has-text('{NEIGHBOURS}')")
        assert (await neighbourhood.post({"chat": "g-3", "user": "he", "text": "大家早"})).ok
        assert (await neighbourhood.post({"chat": "w-3", "user": "he", "text": "今天巡楼"})).ok
        await expect(bubbles(page, "大家早")).to_be_visible()
        await expect(page.locator(".chat[data-key=w-3] .unread")).to_have_text("1")
        await expect(page.locator(".chat[data-key=g-3] .unread")).to_have_count(0)

    stage.play(scene)


def test_a_card_changes_in_its_place_and_counts_as_nothing_new(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        leader = Address("simulator", "he", private=True)
        shown = neighbourhood.simulator
        first = await shown.send(
            Delivery(1, leader, "【动员 1001】防汛", (("收到", "muster_ack 1001"),), Lane.EMERGENCY)
        )
        await shown.send(Delivery(2, leader, "别的话", (), Lane.DUTY))
        await page.click("[data-told=he]")
        await page.locator(".taps button", has_text="收到").click()
        await shown.edit(first, Delivery(3, leader, "已收到", (("在途", "muster_go 1001"),), Lane.REPLY))
        await expect(bubbles(page, "已收到")).to_be_visible()
        await expect(bubbles(page, "【动员 1001】防汛")).to_have_count(0)
        await expect(page.locator("#lines .from-bot")).to_have_text(
            [re.compile("已收到"), re.compile("别的话"), re.compile("您已接单")]
        )
        await page.locator(".taps button", has_text="在途").click()
        assert neighbourhood.heard[-1].quote == first
        await page.reload()
        await page.wait_for_selector("body[data-ready]")
        await page.click(".chat[data-key=private]")
        await expect(bubbles(page, "已收到")).to_have_count(1)
        await expect(page.locator("#lines .act").first).to_have_text("我点了「收到」")

    stage.play(scene)


def test_markup_and_template_signs_show_as_typed(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        typed = "<img src=x onerror=alert(1)><b>粗</b> {{ 7*7 }} &amp; \u202e反\u200b写"
        await page.click(f".chat:has-text('{NEIGHBOURS}')")
        await say(page, typed)
        await expect(page.locator("#lines .bubble").last).to_have_text(typed)
        assert await page.locator("#lines img, #lines b").count() == 0
        assert neighbourhood.heard[-1].text == typed

    stage.play(scene)


def test_quoting_a_neighbour_sends_what_was_quoted(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await page.click(f".chat:has-text('{NEIGHBOURS}')")
        assert (await neighbourhood.post({"chat": "g-3", "user": "he", "text": "谁家的车?", "id": "m-7"})).ok
        await bubbles(page, "谁家的车").hover()
        await page.locator("article", has_text="谁家的车").get_by_role("button", name="引用").click()
        await expect(page.locator("#quoting")).to_be_visible()
        await say(page, "我家的")
        await expect(page.locator(".mine .quote-block")).to_have_text("何丽：谁家的车?")
        assert neighbourhood.heard[-1].quote == "m-7"
        await say(page, "马上挪")
        assert neighbourhood.heard[-1].quote is None

    stage.play(scene)


def test_photo_place_and_code_stand_in_for_the_real_thing(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await page.click(".chat[data-key=private]")
        for kind, words in (("photo", None), ("place", "东门岗亭"), ("scan", "building-3")):
            await page.click("#more")
            await page.click(f"[data-send={kind}]")
            if words is not None:
                await page.fill("#answer", words)
                await page.keyboard.press("Enter")
            await expect(page.locator(f".card.{kind}")).to_be_visible()
        assert [heard.happening for heard in neighbourhood.heard] == ["photo", "place", "scan"]
        assert re.fullmatch(r"photo-[0-9a-f]{4}", neighbourhood.heard[0].text)
        assert [heard.text for heard in neighbourhood.heard[1:]] == ["东门岗亭", "building-3"]

    stage.play(scene)


def test_a_new_neighbour_and_a_new_group_are_made_on_the_spot(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await page.click("#switch")
        await page.click("#stranger")
        await page.fill("#answer", "小陈")
        await page.click("#answer-ok")
        await expect(page.locator("#my-name")).to_have_text("小陈")
        await page.click("#new-chat")
        await page.fill("#answer", "5栋邻居群")
        await page.click("#answer-ok")
        await expect(page.locator("#chat-name")).to_contain_text("5栋邻居群")
        await say(page, "有人吗")
        heard = neighbourhood.heard[-1]
        assert (heard.sender_name, heard.chat_name) == ("小陈", "5栋邻居群")
        assert heard.sender not in {"wang", "he"}
        assert heard.chat not in {None, "g-3", "w-3"}

    stage.play(scene)


def test_time_moves_on_at_a_tap(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await expect(page.locator("#now")).to_contain_text("3月2日 周一 09:00")
        await page.click("[data-advance='7200']")
        await expect(page.locator("#now")).to_contain_text("11:00")

    stage.play(scene)


def test_a_long_chat_opens_at_its_end_and_older_lines_come_when_scrolled_to(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        for i in range(450):
            await neighbourhood.answer(Address("simulator", "w-3"), f"第{i}条")
        await page.click(".chat[data-key=w-3]")
        lines = page.locator("#lines article")
        await expect(lines).to_have_count(200)
        await expect(bubbles(page, "第449条")).to_be_in_viewport()
        for count in (400, 450):
            await page.locator("#lines").evaluate("box => box.scrollTop = 0")
            await expect(lines).to_have_count(count)
        assert await lines.locator(".bubble").all_text_contents() == [f"第{i}条" for i in range(450)]

    stage.play(scene)


def test_on_a_phone_everything_is_within_reach_of_a_thumb(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await expect(page.locator(".talk")).to_be_hidden()
        await _check_reach(page)
        await page.tap(".chat[data-key=g-3]")
        await expect(page.locator(".side")).to_be_hidden()
        await say(page, "着火了")
        await expect(page.locator(".message.emergency")).to_contain_text("紧急")
        await page.tap("#show-clock")
        await page.tap("#more")
        await page.tap(".message.emergency .bubble")
        await expect(page.locator(".message.emergency .side-act button")).to_be_visible()
        await _check_reach(page)
        await page.tap("#back")
        await expect(page.locator(".chat[data-key=g-3] .last")).to_contain_text("先打119")
        await page.tap("#switch")
        await _check_reach(page)

    stage.play(scene, PHONE)


async def _check_reach(page: Page) -> None:
    """Nothing is cut off at the side, every button is as high as a thumb, no word is tiny where it is typed."""
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    low = await page.evaluate(  # looked at in one moment: the page may draw itself anew in the next
        """thumb => [...document.querySelectorAll("button, input, textarea")]
            .filter(e => e.checkVisibility({visibilityProperty: true}))
            .filter(e => e.getBoundingClientRect().height < thumb)
            .map(e => e.outerHTML)""",
        THUMB_PX,
    )
    assert low == []
    sizes = await page.locator("input, textarea").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 16


def test_the_page_finds_its_way_back_after_the_house_was_closed(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        await page.click(".chat[data-key=g-3]")
        neighbourhood.simulator.close()
        await expect(page.locator("#offline")).to_be_visible()
        neighbourhood.simulator.closed = False
        assert (await neighbourhood.post({"chat": "g-3", "user": "he", "text": "又通了"})).ok
        await expect(bubbles(page, "又通了")).to_be_visible()
        await expect(page.locator("#offline")).to_be_hidden()

    stage.play(scene)


def test_a_house_that_comes_back_with_nothing_remembered_gets_a_fresh_page(stage: Stage) -> None:
    async def scene(neighbourhood: Neighbourhood, page: Page) -> None:
        assert (await neighbourhood.post({"chat": "g-3", "user": "he", "text": "昨天的话" * 50})).ok
        await page.click(".chat[data-key=g-3]")
        await expect(bubbles(page, "昨天的话")).to_be_visible()
        old = neighbourhood.simulator.transcript
        neighbourhood.simulator.close()
        await expect(page.locator("#offline")).to_be_visible()
        neighbourhood.simulator.transcript = Transcript(stage.path.with_name("another.jsonl"))
        old.close()
        neighbourhood.simulator.closed = False
        await expect(bubbles(page, "昨天的话")).to_be_hidden()
        assert (await neighbourhood.post({"chat": "g-3", "user": "he", "text": "今天"})).ok
        await expect(bubbles(page, "今天")).to_be_visible()

    stage.play(scene)
