// SPDX-License-Identifier: MIT
// Opens the page of a lesson that was played, and holds it against the recording beside it (PAGE with .cast for .html).
// check_played.js BROWSER PAGE...; TAP.
"use strict";
const fs = require("fs");
const { test, same, open, wait, run } = require("./page.js");
const [browserPath, ...files] = process.argv.slice(2);

// The events of a recording, its first line left out.
function events(file, kind) {
	return fs.readFileSync(file, "utf8").split("\n").slice(1).filter((line) => line)
		.map((line) => JSON.parse(line)).filter((event) => event[1] === kind);
}

async function check(browser, file) {
	const size = JSON.parse(fs.readFileSync(file.replace(/html$/, "cast"), "utf8").split("\n")[0]);
	const marks = events(file.replace(/html$/, "cast"), "m"), keys = events(file.replace(/html$/, "cast"), "i");
	const named = (text) => `${size.width}x${size.height}: ${text}`;
	const { page, seen, close } = await open(browser, "file://" + file, {});
	const links = page.locator("nav a");

	await test(named("the recording has chapters and keys"), () => same([marks.length > 3, keys.length > 10], [true, true], "some"));
	await test(named("each step is a chapter"), async () => {
		const names = (await links.allInnerTexts()).map((text) => text.replace(/^[0-9:]+ /, ""));
		same(names, marks.map((mark) => mark[2]), "chapters");
	});
	await test(named("a chapter goes to its moment"), async () => {
		for (const [i, mark] of marks.entries()) {
			await links.nth(i).click();
			await wait(page, (at) => Math.abs(window.player.getCurrentTime() - at) < 1.5, mark[0]);
		}
	});
	await test(named("the transcript has all that is typed"), async () => {
		const text = await page.locator("#transcript").innerText();
		same(["ps ax", "uname -r"].filter((line) => !text.includes(line)), [], "left out");
	});
	await test(named("it plays to its end, and shows keys"), async () => {
		await page.evaluate((at) => window.player.seek(at), keys.at(-1)[0] - 0.3);
		await page.evaluate(() => window.player.play());
		await wait(page, () => document.querySelector(".ap-keystroke-pill"));
		await wait(page, () => new Promise((resolve) => window.player.getDuration
			&& resolve(window.player.getCurrentTime() > 0.98 * window.player.getDuration())));
	});
	await test(named("nothing is asked of any network"), async () => {
		same(seen.requests.filter((request) => !request.startsWith("data:") && !request.startsWith("file:")), [], "requests");
	});
	await test(named("nobody complains"), async () => same(seen.errors, [], "complaints"));
	await close();
}

run(browserPath, async (browser) => {
	for (const file of files)
		await check(browser, file);
});
