// SPDX-License-Identifier: MIT
// What the checks of a recording's page have in common: TAP, a page that is watched from its first byte on, and waiting.
"use strict";
const { chromium } = require("playwright-core");
const deadlineMs = 20000, retryMs = 50;
let count = 0, failed = 0;

async function test(name, what) {
	count++;
	try {
		await what();
		console.log(`ok ${count} - ${name}`);
	} catch (error) {
		failed++;
		console.log(`not ok ${count} - ${name}\n# ${String(error).split("\n").join("\n# ")}`);
	}
}

function same(got, expected, what) {
	if (JSON.stringify(got) !== JSON.stringify(expected))
		throw new Error(`${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}

// What the page asks for and complains about.
async function open(browser, url, options) {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	const seen = { requests: [], errors: [] };
	page.on("request", (request) => seen.requests.push(request.url().slice(0, 200)));
	page.on("pageerror", (error) => seen.errors.push(String(error)));
	page.on("console", (message) => {
		if (message.type() === "error" || message.type() === "warning")
			seen.errors.push(message.text());
	});
	await page.goto(url);
	return { page, seen, close: () => context.close() };
}

// Until the function gives true in the page.
async function wait(page, condition, arg) {
	for (const end = Date.now() + deadlineMs; Date.now() < end;) {
		if (await page.evaluate(condition, arg))
			return;
		await new Promise((resolve) => setTimeout(resolve, retryMs));
	}
	throw new Error(`never came: ${condition} ${arg ?? ""}`);
}

async function main(browserPath, checks) {
	const root = process.getuid() === 0;
	const browser = await chromium.launch({ executablePath: browserPath, args: root ? ["--no-sandbox"] : [] });
	try {
		await checks(browser);
	} finally {
		await browser.close();
	}
	console.log(`1..${count}`);
	process.exitCode = failed ? 1 : 0;
}

function run(browserPath, checks) {
	main(browserPath, checks).catch((error) => {
		console.log(`Bail out! ${error}`);
		process.exitCode = 99;
	});
}

module.exports = { test, same, open, wait, run };
