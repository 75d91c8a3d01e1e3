// SPDX-License-Identifier: MIT
// Opens the page of make_page.c in a browser and holds it against what it promises. check_page.js PAGE BROWSER; TAP.
"use strict";
const { test, same, open, wait, run } = require("./page.js");
const [file, browserPath] = process.argv.slice(2);
const url = "file://" + file;
const bad = "</script><img src=x onerror=window.hacked=1><!-- &amp; \"'";

const time = (page) => page.evaluate(() => window.player.getCurrentTime());
const until = (page, text) => wait(page, (wanted) => document.querySelector(".ap-term").innerText.includes(wanted), text);
const untilKey = (page, name) => wait(page, (wanted) => [...document.querySelectorAll(".ap-keystroke-pill")]
	.some((pill) => pill.innerText.includes(wanted)), name);

async function withScript(browser) {
	const { page, seen, close } = await open(browser, url, {});
	await test("the recording is loaded, with its first frame", () => until(page, "one process, two numbers"));
	await test("it is reached by the keyboard and plays with it", async () => {
		await page.keyboard.press("Tab");
		same(await page.evaluate(() => document.activeElement.className.includes("ap-wrapper")), true, "focus");
		await page.keyboard.press("Space");
		await wait(page, () => window.player.getCurrentTime() > 0.3);
		const one = await time(page);
		await wait(page, (before) => window.player.getCurrentTime() > before + 0.3, one);
	});
	await test("keys are shown when they are pressed", async () => {
		await untilKey(page, "K");
		await page.evaluate(() => window.player.pause()); // a slow machine gets all the time it needs
		await until(page, "bit 5 has gone");
		await until(page, "容"); // the player gives a wide character a box of its own
	});
	await test("the caption of the moment is marked in the transcript", () => wait(page,
		() => document.querySelector("[aria-current]")?.innerText.includes("KILL is dropped.")));
	await test("chapters are there, and go to their moment", async () => {
		const links = page.locator("nav a");
		same(await links.count(), 2, "chapters");
		await links.nth(0).click();
		await until(page, "one process, two numbers");
		await links.nth(1).focus();
		await page.keyboard.press("Enter");
		await until(page, "the screen says " + bad);
		const at = await time(page);
		if (at < 5.9 || at > 7.5)
			throw new Error(`chapter 2 begins at 6 s, this is ${at}`);
		same(await page.locator(".ap-marker").count(), 2, "marks on the player's bar");
	});
	await test("named keys are shown by their names", async () => {
		await page.evaluate(() => window.player.play());
		await untilKey(page, "↑");
		await until(page, "the last screen");
	});
	await test("hostile texts are texts", async () => {
		same(await page.title(), "One process " + bad, "title");
		same(await page.locator("nav a").nth(1).innerText(), "0:06 Another user " + bad, "chapter");
		same(await page.evaluate(() => [window.hacked, document.images.length]), [null, 0], "images and what they ran");
	});
	await test("the player stands on the scheme's colours", async () => {
		const colours = await page.locator(".asciinema-player, .ap-player").first().evaluate((element) => {
			const style = getComputedStyle(element);
			return [style.getPropertyValue("--term-color-background"), style.getPropertyValue("--term-color-foreground")];
		});
		same(colours.map((colour) => colour.trim()), ["#000000", "#e8e8e8"], "colours");
	});
	await test("nothing is asked of any network", async () => {
		same(seen.requests.filter((request) => !request.startsWith("data:") && request !== url), [], "requests");
	});
	await test("the page's own policy lets all of it work", async () => same(seen.errors, [], "complaints"));
	await test("what the policy forbids is refused", async () => {
		same(await page.evaluate(() => fetch("http://127.0.0.1:9/").then(() => "fetched", () => "refused")), "refused", "fetch");
		same(await page.evaluate(() => new Promise((resolve) => {
			document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
			fetch("http://127.0.0.1:9/").catch(() => {});
		})), "connect-src", "the directive");
	});
	await close();
}

async function withoutScript(browser) {
	const { page, close } = await open(browser, url, { javaScriptEnabled: false });
	await test("without JavaScript the transcript is there, with times and keys", async () => {
		const text = await page.locator("main").innerText();
		for (const part of ["Inside, sleep is alone and is number 1.", "0:03 KILL is dropped.\nOne digit changes.", "0:03 key K",
			"0:06 key PgDn", "A hostile caption: " + bad, "Alone in there"])
			if (!text.includes(part))
				throw new Error(`no ${part} in:\n${text}`);
		same(await page.locator("#player").isVisible(), false, "an empty player is visible");
	});
	await test("without JavaScript a chapter's link leads to its text", async () => {
		await page.locator("nav a").nth(1).click();
		same(new URL(page.url()).hash, "#chapter-2", "place");
		same(await page.locator("#chapter-2").count(), 1, "its text");
	});
	await close();
}

run(browserPath, async (browser) => {
	await withScript(browser);
	await withoutScript(browser);
});
