// Every screen in both themes and three widths: looks, accessibility, no sideways scroll, nothing foreign.
import { join } from 'node:path';
import { checkAxe, checkNoSidewaysScroll, screenshots } from './harness.mjs';

const kRows = 'tr[data-row]';
const kRevisions = '/models/google/flan-t5-small?tab=revisions';
const kQwen = '/models/Qwen/Qwen2.5-7B-Instruct';

const screens = [
  { name: 'browse', path: '/', ready: kRows },
  {
    name: 'browse-filtered',
    path: '/?task=text-generation&license=apache-2.0&max=80000000000',
    ready: kRows,
  },
  {
    name: 'browse-cards',
    path: '/',
    ready: '.model-card, tr[data-row]',
    storage: { view: 'cards' },
  },
  { name: 'browse-empty', path: '/', ready: '.empty', size: 'empty' },
  { name: 'browse-no-match', path: '/?q=nothing-has-this-name&format=gguf', ready: '.empty' },
  {
    name: 'browse-broken',
    path: '/',
    ready: '.notice',
    before: (state) => {
      state.store.broken = 'error';
    },
    expected: [/503/],
  },
  { name: 'browse-loading', path: '/', ready: '.skeletons', delayMs: 4000 },
  {
    name: 'filters-sheet',
    shown: 'dialog[open]',
    path: '/',
    ready: kRows,
    widths: [320, 390],
    act: (page) => page.getByRole('button', { name: /^Filters/ }).click(),
  },
  { name: 'model', path: kQwen, ready: '.file-table' },
  {
    name: 'model-network',
    shown: 'text=HF_ENDPOINT',
    path: kQwen,
    ready: '.file-table',
    act: (page) => page.getByLabel('Read it').selectOption('hub'),
  },
  {
    name: 'model-cache',
    shown: 'text=HF_HUB_CACHE',
    path: kQwen,
    ready: '.file-table',
    act: (page) => page.getByLabel('Read it').selectOption('cache'),
  },
  { name: 'model-files', path: `${kQwen}?tab=files`, ready: '.file-table' },
  { name: 'model-revisions', path: kRevisions, ready: '.revision-table' },
  {
    name: 'model-newer',
    path: kRevisions,
    ready: '.newer',
    before: (state) => state.store.publishUpstream('google_flan-t5-small'),
  },
  {
    name: 'revision-dialog',
    shown: 'dialog[open]',
    path: kRevisions,
    ready: '.revision-table',
    act: (page) => page.getByRole('button', { name: 'Remove revision c0ffeec' }).click(),
  },
  { name: 'model-gguf', path: '/models/Qwen/Qwen2.5-32B-Instruct-GGUF', ready: '.file-table' },
  {
    name: 'model-downloading',
    path: '/models/mistralai/Mistral-7B-Instruct-v0.3',
    ready: '.arriving',
  },
  { name: 'model-hostile', path: '/models/evil/harmless-name', ready: '.file-table' },
  {
    name: 'model-failed',
    path: '/models/bigcode/starcoder2-15b',
    ready: 'text=accepted the licence',
  },
  { name: 'model-missing', path: '/models/nobody/has-this', ready: '.empty' },
  { name: 'lost', path: '/no/such/page', ready: '.empty' },
  {
    name: 'who-menu',
    shown: '.menu:popover-open',
    path: '/',
    ready: kRows,
    act: (page) => page.getByRole('button', { name: 'You are Mira Okafor' }).click(),
  },
  {
    name: 'key-help',
    shown: 'dialog[open]',
    path: '/',
    ready: kRows,
    act: (page) => page.keyboard.press('?'),
  },
  {
    name: 'downloads',
    shown: '.job-files .bar',
    path: '/admin/downloads',
    ready: '.job[data-row]',
    act: (page) =>
      page.getByRole('button', { name: 'Files of mistralai/Mistral-7B-Instruct-v0.3' }).click(),
  },
  { name: 'downloads-done', path: '/admin/downloads?show=done', ready: '.job[data-row]' },
  { name: 'downloads-empty', path: '/admin/downloads', ready: '.empty', size: 'empty' },
  {
    name: 'downloads-bad-name',
    shown: '.verdict .bad-text',
    path: '/admin/downloads',
    ready: '.job[data-row]',
    act: async (page) => {
      await page.getByLabel('Model name or address on the Hub').fill('not a name');
      await page.getByText('Only some of its files').click();
      await page.getByRole('button', { name: 'Add to queue' }).click();
    },
  },
  {
    name: 'downloads-preview',
    shown: '.preview-files',
    path: '/admin/downloads',
    ready: '.job[data-row]',
    act: (page) =>
      page.getByLabel('Model name or address on the Hub').fill('mistralai/Mixtral-8x7B'),
  },
  {
    name: 'downloads-quants',
    shown: '.preview-files',
    path: '/admin/downloads',
    ready: '.job[data-row]',
    act: async (page) => {
      await page.getByLabel('Model name or address on the Hub').fill('demo/tiny-GGUF');
      await page.getByLabel('Q8_0').uncheck();
    },
  },
  {
    name: 'downloads-too-large',
    shown: '.disk-bar.tight',
    path: '/admin/downloads',
    ready: '.job[data-row]',
    act: (page) => page.getByLabel('Model name or address on the Hub').fill('demo/too-large'),
  },
  {
    name: 'limits-dialog',
    shown: 'dialog[open]',
    path: '/admin/downloads',
    ready: '.job[data-row]',
    act: (page) => page.getByRole('button', { name: 'Limit: none' }).click(),
  },
  {
    name: 'cancel-dialog',
    shown: 'dialog[open]',
    path: '/admin/downloads',
    ready: '.job[data-row]',
    act: (page) => page.getByRole('button', { name: 'Cancel google/gemma-2-9b-it' }).click(),
  },
  { name: 'models-admin', path: '/admin/models', ready: kRows },
  {
    name: 'models-selected',
    shown: '.bulk',
    path: '/admin/models',
    ready: kRows,
    act: async (page) => {
      await page.getByLabel('Select bert-base-uncased').click();
      await page.getByLabel('Select BAAI/bge-m3').click();
    },
  },
  {
    name: 'edit-dialog',
    shown: 'dialog[open]',
    path: '/admin/models',
    ready: kRows,
    act: (page) => page.getByRole('button', { name: 'Edit Qwen/Qwen2.5-7B-Instruct' }).click(),
  },
  {
    name: 'delete-dialog',
    shown: 'dialog[open]',
    path: '/admin/models',
    ready: kRows,
    act: async (page) => {
      await page.getByLabel('Select bert-base-uncased').click();
      await page.getByLabel('Select BAAI/bge-m3').click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
    },
  },
  { name: 'overview', path: '/admin', ready: '.activity tbody td.when' },
  {
    name: 'overview-table',
    shown: 'text=Show as map',
    path: '/admin',
    ready: '.tree',
    act: (page) => page.getByRole('button', { name: 'Show as table' }).click(),
  },
  { name: 'overview-empty', path: '/admin', ready: '.kpi', size: 'empty' },
  {
    name: 'health-dialog',
    shown: 'dialog[open]',
    path: '/admin',
    ready: '.chip-button',
    act: (page) => page.getByRole('button', { name: 'All systems healthy' }).click(),
  },
];

/** One load a width; the theme changes under the open page, as it does for people. */
async function look(screen, width, { page, state, origin }) {
  screen.before?.(state);
  state.delayMs = screen.delayMs ?? 0;
  await page.goto(origin + screen.path);
  await page.waitForSelector(screen.ready);
  await screen.act?.(page);
  if (screen.shown) await page.waitForSelector(screen.shown);
  // A control half below the sticky bar is no finding.
  await page.evaluate(() => window.scrollTo(0, 0));
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.waitForTimeout(150);
    const file = `${screen.name}-${width}-${theme}.png`;
    await page.screenshot({ path: join(screenshots, file), fullPage: true });
    await checkAxe(page);
  }
  const headings = await page.locator('h1').count();
  if (headings !== 1) throw new Error(`${headings} headings of the first order`);
  await checkNoSidewaysScroll(page);
  if (await page.evaluate(() => window.hacked)) throw new Error('a hostile name became code');
}

export const screenTests = screens.flatMap((screen) =>
  (screen.widths ?? [320, 390, 1440]).map((width) => ({
    name: `screen ${screen.name} ${width}`,
    width,
    size: screen.size,
    storage: screen.storage,
    expected: screen.expected,
    run: (bench) => look(screen, width, bench),
  })),
);
