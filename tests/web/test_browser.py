"""The whole program in a real browser: one report from its first word to its rating."""

import re

from playwright.async_api import expect

from tests.web.chromium import Theatre, become, bubbles, needs_chromium, say, tap

SAID = "3栋2单元电梯又停了"

pytestmark = needs_chromium


def test_a_report_lives_from_its_first_word_to_its_rating(theatre: Theatre, demo: str) -> None:
    async def scene() -> None:
        async with theatre.window(demo) as page:
            await page.click("[data-try=say]")
            await expect(page.locator("#words")).to_have_value(SAID)
            resident = await page.locator("#my-name").inner_text()
            await page.click("#send")
            noted = page.locator("#lines .from-bot .bubble").last
            await expect(noted).to_contain_text(re.compile(r"\d{3,}"))
            found = re.search(r"\d{3,}", await noted.inner_text())
            assert found is not None
            number = found[0]

            await page.locator("#told-people button").filter(has_text="微网格长").first.click()
            leader = await page.locator("#my-name").inner_text()
            await expect(page.locator("#my-posts")).to_contain_text("微网格长")
            await expect(bubbles(page, number).first).to_be_visible()
            await tap(page, "接单")
            await tap(page, "到场")
            await tap(page, "办结")
            await say(page, "换了继电器，电梯恢复运行")

            await become(page, resident)
            await expect(bubbles(page, "继电器").last).to_be_visible()
            await tap(page, "解决了")
            await tap(page, "好")
            await expect(page.locator("#lines .act").last).to_contain_text("好")
            await expect(page.locator("#lines article").last).to_contain_text("记下了：好")

            await become(page, leader)
            await expect(page.locator("#lines article").last).to_contain_text("好")

    theatre.runner.run(scene())
