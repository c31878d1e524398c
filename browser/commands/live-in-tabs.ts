import type { Page } from "playwright";
import type { BrowserCommandContext } from "vitest/node";
import { serveApp } from "./serve-app.js";

/** A secure context, as Web Locks need it. */
const HOST = "localhost";

/** Observations of a conversation of two members in tabs. */
export interface LifeInTabs {
  /** Results of the starts after the first ones: `undefined`, or the code of the error. */
  readonly starts: Readonly<Record<"reloaded" | "reopened" | "second" | "takingOver", string | undefined>>;
  /** Codes of the `error` events of the tab whose storage another tab has taken over. */
  readonly formerErrors: readonly string[];
  /** Epochs at the beginning, and of both members at the end. A member that comes back needs no commit. */
  readonly epochs: readonly string[];
  readonly memberCounts: readonly number[];
}

/**
 * Lives of two members in tabs over IndexedDB: one tab is reloaded, one crashes, one is taken over by a second tab. After
 * each, both members receive a message of the other one; otherwise the command times out.
 */
export async function liveInTabs({ context }: BrowserCommandContext): Promise<LifeInTabs> {
  const app = await serveApp("tabs");
  const pages: Page[] = [];

  async function newTab(): Promise<Page> {
    const page = await context.newPage();
    pages.push(page);
    return load(page);
  }

  /** Loads the application, also again. */
  async function load(page: Page): Promise<Page> {
    await page.goto(`http://${HOST}:${app.port}/`);
    await page.waitForFunction(() => "tab" in window);
    return page;
  }

  async function crash(page: Page): Promise<void> {
    const crashed = page.waitForEvent("crash");
    const session = await context.newCDPSession(page);
    // Never answers, since the page is gone.
    session.send("Page.crash").catch(() => undefined);
    await crashed;
    await page.close();
  }

  try {
    const [alice, bob] = [await newTab(), await newTab()];
    await start(alice, "alice", "create");
    await start(bob, "bob", "join");
    await alice.waitForFunction(() => window.tab.memberCount === 2);
    await talk(alice, bob);
    const first = await epochOf(alice);

    await send(bob, "before the reload");
    await load(alice);
    await send(bob, "during the reload");
    const reloaded = await start(alice, "alice", "join");
    await received(alice, "during the reload");
    await talk(alice, bob);

    await crash(bob);
    await send(alice, "during the crash");
    const bobAgain = await newTab();
    const reopened = await start(bobAgain, "bob", "join");
    await received(bobAgain, "during the crash");
    await talk(alice, bobAgain);

    const other = await newTab();
    const second = await start(other, "alice", "join");
    const takingOver = await start(other, "alice", "take over");
    await alice.evaluate(() => window.tab.send("too late").catch(() => undefined));
    await alice.waitForFunction(() => window.tab.errors.length > 0);
    await talk(other, bobAgain);

    return {
      starts: { reloaded, reopened, second, takingOver },
      formerErrors: await alice.evaluate(() => window.tab.errors),
      epochs: [first, await epochOf(other), await epochOf(bobAgain)],
      memberCounts: await Promise.all(
        [other, bobAgain].map((page) => page.evaluate(() => window.tab.memberCount)),
      ),
    };
  } finally {
    for (const page of pages) await page.close();
    await app.close();
  }
}

function start(page: Page, name: string, how: "create" | "join" | "take over"): Promise<string | undefined> {
  return page.evaluate((options) => window.tab.start(options.name, options.how), { name, how });
}

function epochOf(page: Page): Promise<string> {
  return page.evaluate(() => window.tab.epoch);
}

function send(page: Page, text: string): Promise<void> {
  return page.evaluate((sent) => window.tab.send(sent), text);
}

async function received(page: Page, text: string): Promise<void> {
  await page.waitForFunction((awaited) => window.tab.texts.includes(awaited), text);
}

let messages = 0;

/** Sends a message each way. */
async function talk(one: Page, other: Page): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const text = `message ${++messages}`;
    await send(from, text);
    await received(to, text);
  }
}
