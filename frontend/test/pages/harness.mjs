// A small runner for tests in a real browser: each gets its own context, store and server.
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { load, root } from './bundle.mjs';
import { startServer } from './server.mjs';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const kTags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const kAtOnce = 2;

export const { FakeStore } = await load('test/fixtures/store.ts');
export const { kHostile } = await load('test/fixtures/seeds.ts');
export const screenshots = join(root, 'test/screenshots');

/** The page, with what went wrong in it kept for the end of the test. */
export async function openContext(browser, { width = 1440, theme = 'light', storage = {} }) {
  const context = await browser.newContext({
    viewport: { width, height: width < 800 ? 844 : 900 },
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await context.addInitScript({ content: axeSource });
  await context.addInitScript(
    (values) => {
      if (sessionStorage.getItem('seeded')) return;
      sessionStorage.setItem('seeded', '1');
      for (const [key, value] of Object.entries(values))
        localStorage.setItem(`modelkeep.${key}`, value);
    },
    { username: 'Mira Okafor', ...storage },
  );
  return context;
}

export function watch(page, origin, expected = []) {
  const troubles = [];
  const told = (text) => {
    if (!expected.some((pattern) => pattern.test(text))) troubles.push(text);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) told(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => told(`page error: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) told(`foreign request: ${url}`);
  });
  return troubles;
}

export async function checkAxe(page) {
  const found = await page.evaluate(async (tags) => {
    const { violations } = await window.axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
    });
    return violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`,
    );
  }, kTags);
  if (found.length > 0) throw new Error(`axe: ${found.join('; ')}`);
}

export async function checkNoSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  if (content > window)
    throw new Error(`the page is ${content} px wide in a window of ${window} px`);
}

/** Waits until a check holds, for what the page does in its own time. */
export async function until(what, check, timeoutMs = 6000) {
  const end = Date.now() + timeoutMs;
  let last;
  while (Date.now() < end) {
    try {
      last = await check();
      if (last) return last;
    } catch (thrown) {
      last = thrown;
    }
    await new Promise((done) => setTimeout(done, 40));
  }
  throw new Error(`did not happen: ${what} (last: ${last})`);
}

async function runOne(browser, test) {
  const state = { store: new FakeStore(test.size ?? 'some'), delayMs: 0 };
  const { server, origin } = await startServer(join(root, 'dist'), state);
  const context = await openContext(browser, test);
  const page = await context.newPage();
  const troubles = watch(page, origin, test.expected);
  try {
    await test.run({ page, context, state, origin });
    if (troubles.length > 0) throw new Error(troubles.join('\n'));
    return null;
  } catch (thrown) {
    await page
      .screenshot({ path: join(screenshots, `failed-${fileName(test.name)}.png`) })
      .catch(() => {});
    return thrown;
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
}

export const fileName = (name) => name.replace(/[^a-z0-9]+/gi, '-').toLowerCase();

/** Runs all, two at a time, and prints the last line that scripts read. */
export async function runAll(tests) {
  const wanted = process.argv.slice(2);
  const chosen = tests.filter(
    (test) => wanted.length === 0 || wanted.some((word) => test.name.includes(word)),
  );
  await mkdir(screenshots, { recursive: true });
  const browser = await launch();
  let passed = 0;
  let failed = 0;
  const queue = [...chosen];
  const worker = async () => {
    for (let test = queue.shift(); test !== undefined; test = queue.shift()) {
      const trouble = await runOne(browser, test);
      if (trouble === null) passed += 1;
      else {
        failed += 1;
        console.log(
          `FAILED ${test.name}\n  ${String(trouble.stack ?? trouble).replaceAll('\n', '\n  ')}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, worker));
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
