// What people do, from the first key to what the store is told.
import assert from 'node:assert/strict';
import { checkNoSidewaysScroll, kHostile, until } from './harness.mjs';

const kRows = 'tr[data-row]';
const rowNames = (page) => page.locator('[data-row-focus]').allTextContents();
const search = (page) => page.getByRole('searchbox', { name: 'Search models' }).first();
const posts = (state) => state.store.calls.filter((call) => !call.startsWith('GET'));
/** Types a name and waits for what it would bring. */
async function look(page, origin, name) {
  await page.goto(`${origin}/admin/downloads`);
  await page.waitForSelector('.job[data-row]');
  await page.getByLabel('Model name or address on the Hub').fill(name);
  const panel = page.getByRole('table', { name: 'What the download would bring' });
  await panel.waitFor();
  return panel;
}
const job = (page, name) => page.locator('.job', { hasText: name });

const flows = {
  'search narrows the list at once, lives in the address and survives a reload': async ({
    page,
    state,
    origin,
  }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    const before = state.store.calls.filter((call) => call.startsWith('GET /api/models')).length;
    await search(page).fill('qwen');
    await until('three rows', async () => (await rowNames(page)).length === 3);
    assert.equal(new URL(page.url()).searchParams.get('q'), 'qwen');
    const after = state.store.calls.filter((call) => call.startsWith('GET /api/models')).length;
    assert.equal(after, before, 'typing asks the server nothing');
    await page.reload();
    await page.waitForSelector(kRows);
    assert.equal((await rowNames(page)).length, 3);
    assert.equal(await search(page).inputValue(), 'qwen');
  },

  'filters come from the address, show as chips and are taken away one by one': async ({
    page,
    origin,
  }) => {
    await page.goto(`${origin}/?task=text-generation&license=apache-2.0&max=20000000000`);
    await page.waitForSelector(kRows);
    const filtered = (await rowNames(page)).length;
    assert.ok(await page.getByRole('checkbox', { name: 'Text generation' }).isChecked());
    await page.getByRole('button', { name: 'Remove filter: apache-2.0' }).click();
    await until('more rows', async () => (await rowNames(page)).length > filtered);
    assert.equal(new URL(page.url()).searchParams.get('license'), null);
    await page.getByRole('checkbox', { name: 'gguf' }).check();
    assert.equal(new URL(page.url()).searchParams.get('format'), 'gguf');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await until('all rows', async () => (await rowNames(page)).length === 15);
    assert.equal(new URL(page.url()).search, '');
  },

  'the size slider works by keyboard': async ({ page, origin }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    const slider = page.getByRole('slider', { name: 'Largest size' });
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const max = Number(new URL(page.url()).searchParams.get('max'));
    assert.ok(max > 0 && max < 65.5e9);
    assert.ok((await rowNames(page)).length < 15);
  },

  'a click on a column sorts, a second one turns the order': async ({ page, origin }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    const head = page.getByRole('columnheader', { name: 'Size' });
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    assert.match((await rowNames(page))[0], /DeepSeek-R1-Distill-Qwen-32B/);
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    assert.match((await rowNames(page))[0], /harmless-name/);
    assert.equal(new URL(page.url()).search, '?sort=largest&order=asc');
  },

  'a search from another page lands in the list': async ({ page, origin }) => {
    await page.goto(`${origin}/models/bert-base-uncased`);
    await page.waitForSelector('.file-table');
    await search(page).fill('whisper');
    await page.keyboard.press('Enter');
    await until('one row', async () => (await rowNames(page)).length === 1);
    assert.equal(new URL(page.url()).searchParams.get('q'), 'whisper');
  },

  'the keyboard alone finds, opens, copies and goes on': async ({ page, context, origin }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    await page.keyboard.press('/');
    await page.keyboard.type('flan');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.file-table');
    assert.match(page.url(), /\/models\/google\/flan-t5-small$/);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
    await page.keyboard.press('c');
    const copied = await until('a copy', () => page.evaluate(() => navigator.clipboard.readText()));
    assert.match(copied, /from_pretrained\(path\)/);
    assert.match(copied, /"\/srv\/models\/google_flan-t5-small"/);
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.waitForSelector('.job');
    await page.keyboard.press('j');
    await page.keyboard.press('p');
    await until(
      'a pause',
      async () => (await page.locator('.job', { hasText: 'Paused' }).count()) === 2,
    );
    await page.keyboard.press('n');
    await until('focus in the form', () =>
      page.evaluate(() => document.activeElement?.getAttribute('name') === 'model_name'),
    );
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').count(), 0);
  },

  'the tab key reaches the skip link first, and then the list': async ({ page, origin }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content');
    await page.keyboard.press('Enter');
    await until('focus in the content', () =>
      page.evaluate(() => document.activeElement?.id === 'content'),
    );
  },

  'enter and space work every control that has the focus': async ({ page, origin }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    await page.getByRole('button', { name: 'Cards' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.model-card');
    await page.getByRole('checkbox', { name: 'gguf' }).focus();
    await page.keyboard.press('Space');
    await until('one card', async () => (await page.locator('.model-card').count()) === 1);
    await page.getByRole('button', { name: 'Remove filter: gguf' }).focus();
    await page.keyboard.press('Enter');
    await until('all cards', async () => (await page.locator('.model-card').count()) === 15);
  },

  'single keys can be turned off': async ({ page, origin }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    await page.getByRole('button', { name: 'You are Mira Okafor' }).click();
    await page.getByLabel('Single-key shortcuts').uncheck();
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('n');
    await page.keyboard.press('?');
    assert.equal(new URL(page.url()).pathname, '/');
    assert.equal(await page.getByRole('dialog').count(), 0);
  },

  'a name is asked for, kept, and sent with what one does': async ({ page, state, origin }) => {
    const names = [];
    const { handle } = state.store;
    state.store.handle = function (method, url, body, username) {
      names.push(username);
      return handle.call(this, method, url, body, username);
    };
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    await page.getByRole('button', { name: 'You are Mira Okafor' }).click();
    await page.getByLabel('Your name').fill('  Zoë 李雷 ');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'You are Zoë 李雷' }).waitFor();
    await page.goto(`${origin}/models/bert-base-uncased`);
    await page.waitForSelector('.file-table');
    assert.equal(names.at(-1), 'Zoë 李雷');
    const link = page.getByRole('link', { name: 'Download config.json' });
    assert.match(await link.getAttribute('href'), /\?username=Zo%C3%AB%20/);
  },

  'the theme flips, is kept, and is set before the first paint': async ({ page, origin }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    await page.getByRole('button', { name: 'Switch colour theme' }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.route('**/assets/main-*', (route) => route.abort());
    await page.goto(`${origin}/`).catch(() => {});
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  },

  'a model is added, moves and becomes ready, also in the list': async ({
    page,
    state,
    origin,
  }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    await page.getByRole('link', { name: 'Add a model' }).first().click();
    const field = page.getByLabel('Model name or address on the Hub');
    await until('focus in the form', () => field.evaluate((one) => one === document.activeElement));
    assert.equal(new URL(page.url()).search, '');
    await field.fill('https://huggingface.co/demo/tiny-bert/tree/v1.0');
    await page.getByText('demo/tiny-bert at v1.0 is not in the store yet.').waitFor();
    await page.getByRole('table', { name: 'What the download would bring' }).waitFor();
    await page.getByLabel('Priority').selectOption('high');
    await page.getByText('Only some of its files').click();
    await page.getByLabel('Take only').fill('*.safetensors, *.json');
    await page.getByRole('button', { name: 'Add to queue' }).click();
    await job(page, 'demo/tiny-bert').waitFor();
    const asked = state.store.asked.at(-1);
    assert.deepEqual(asked, {
      model_name: 'demo/tiny-bert',
      revision: 'v1.0',
      priority: 'high',
      allow_patterns: ['*.safetensors', '*.json'],
      ignore_patterns: ['*.bin', 'onnx/*'],
    });
    assert.equal(await field.inputValue(), '');
    state.store.advance(0.5);
    await until('half', async () =>
      (await job(page, 'demo/tiny-bert').textContent()).includes('50%'),
    );
    await until('progress in the title', async () => /\d+% Downloads/.test(await page.title()));
    state.store.advance(0.6);
    await until(
      'gone from the queue',
      async () => (await job(page, 'demo/tiny-bert').count()) === 0,
    );
    await page.getByRole('link', { name: 'Browse the store' }).click();
    await page.locator('[data-row="demo/tiny-bert"]').waitFor();
    await until(
      'no bar',
      async () => !(await page.locator('[data-row="demo/tiny-bert"] .bar').count()),
    );
  },

  'a preview shows what is there twice and leaves it out unless told otherwise': async ({
    page,
    state,
    origin,
  }) => {
    const panel = await look(page, origin, 'demo/two-formats');
    await page.getByText('Found, not in the store yet').waitFor();
    assert.match(await panel.textContent(), /same weights as safetensors/);
    assert.match(await page.locator('.sum').textContent(), /1\.01 GBto fetch, in 7 files/);
    const twice = panel.getByRole('checkbox', { name: 'Weights pytorch' });
    assert.ok(!(await twice.isChecked()), 'what is there twice is left out from the start');
    await twice.check();
    assert.match(await page.locator('.sum').textContent(), /3\.01 GB/);
    await twice.uncheck();
    await page.getByRole('button', { name: 'Add to queue' }).click();
    await job(page, 'demo/two-formats').waitFor();
    assert.deepEqual(state.store.asked.at(-1).ignore_patterns, ['*.bin', 'onnx/*']);
    assert.equal(await panel.count(), 0, 'the form is clean again');
  },

  'kinds of files are left out by hand, but not all of them': async ({ page, state, origin }) => {
    const panel = await look(page, origin, 'demo/two-formats');
    for (const kind of ['Documentation', 'Tokenizer', 'Configuration', 'Weights safetensors']) {
      await panel.getByRole('checkbox', { name: kind }).uncheck();
    }
    await page.getByRole('button', { name: 'Add to queue' }).click();
    await page.getByText('Nothing is selected.').waitFor();
    for (const kind of ['Weights safetensors', 'Configuration']) {
      await panel.getByRole('checkbox', { name: kind }).check();
    }
    await page.getByRole('button', { name: 'Add to queue' }).click();
    await job(page, 'demo/two-formats').waitFor();
    assert.deepEqual(state.store.asked.at(-1).ignore_patterns, [
      '*.bin',
      '*.onnx',
      'tokenizer.json',
      '*.txt',
      '*.md',
    ]);
  },

  'a window that turns narrow keeps what is typed': async ({ page, origin }) => {
    const panel = await look(page, origin, 'demo/two-formats');
    await panel.getByRole('checkbox', { name: 'Documentation' }).uncheck();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.tab-bar').waitFor();
    assert.ok(!(await panel.getByRole('checkbox', { name: 'Documentation' }).isChecked()));
    const field = page.getByLabel('Model name or address on the Hub');
    assert.equal(await field.inputValue(), 'demo/two-formats');
  },

  'quantizations are chosen in the preview': async ({ page, state, origin }) => {
    const panel = await look(page, origin, 'demo/tiny-GGUF');
    await panel.getByRole('checkbox', { name: 'Weights gguf' }).uncheck();
    await panel.getByRole('checkbox', { name: 'Q4_K_M' }).check();
    assert.match(await page.locator('.sum').textContent(), /800 MBto fetch, in 4 files/);
    await page.getByRole('button', { name: 'Add to queue' }).click();
    await job(page, 'demo/tiny-GGUF').waitFor();
    assert.deepEqual(state.store.asked.at(-1).allow_patterns, ['*Q4_K_M*', '*.json', '*.md']);
  },

  'what the disk has no room for waits for it': async ({ page, state, origin }) => {
    await look(page, origin, 'demo/too-large');
    await page.getByText('More than the disk has beside its queue and reserve.').waitFor();
    await page.getByRole('button', { name: 'Wait for room' }).click();
    await job(page, 'demo/too-large').waitFor();
    assert.equal(state.store.asked.at(-1).when_full, 'wait');
  },

  'limits are seen, changed and checked before they are sent': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/downloads`);
    const opener = page.getByRole('button', { name: 'Limit: none' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Limits' });
    assert.ok(await dialog.getByLabel('Connections').isDisabled());
    await dialog.getByText('Fixed by MODELKEEP_LIMITS_CONNECTIONS').waitFor();
    await dialog.getByLabel('Speed of all together').fill('fast');
    await page.keyboard.press('Enter');
    await dialog.getByText('A speed is a number of megabytes').waitFor();
    assert.equal(posts(state).length, 0);
    await dialog.getByLabel('Speed of all together').fill('200');
    await dialog.getByLabel('Downloads at once').fill('5');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Limit: 200 MB/s' }).waitFor();
    assert.equal(state.store.settings.values['limits.downloads'], 5);
  },

  'a preview that is refused is told, and another name takes it away': async ({ page, origin }) => {
    await page.goto(`${origin}/admin/downloads`);
    await page.waitForSelector('.job[data-row]');
    const field = page.getByLabel('Model name or address on the Hub');
    await field.fill('nobody/nothing');
    await page.getByText('The Hub has no public model of this name.').waitFor();
    await field.fill('demo/gated');
    await page.getByText('Gated, and the store’s token has no access').waitFor();
    await field.fill('demo/other');
    assert.equal(await page.getByText('Gated, and the store’s token').count(), 0);
  },

  'what is newer upstream is marked, and one click fetches it': async ({ page, state, origin }) => {
    const id = 'google_flan-t5-small';
    state.store.publishUpstream(id);
    await page.goto(`${origin}/admin/models`);
    const row = page.locator(`[data-row="${id}"]`);
    await row.getByText('newer upstream').waitFor();
    await page.goto(`${origin}/models/google/flan-t5-small`);
    await page.getByText('newer upstream').waitFor();
    await page.getByRole('button', { name: 'Update' }).click();
    await until('asked', () => posts(state).includes(`POST /api/models/${id}/update`));
    await until(
      'no second asking',
      async () => (await page.getByRole('button', { name: 'Update' }).count()) === 0,
    );
  },

  'revisions are listed with what is newer, and an old one goes after a question': async ({
    page,
    state,
    origin,
  }) => {
    const id = 'google_flan-t5-small';
    state.store.publishUpstream(id);
    await page.goto(`${origin}/models/google/flan-t5-small`);
    await page.getByRole('link', { name: 'Revisions 3' }).click();
    const rows = page.locator('.revision-table tbody tr');
    await until('three rows', async () => (await rows.count()) === 3);
    const commit = state.store.models.get(id).commit.slice(0, 7);
    assert.match(await rows.nth(0).textContent(), new RegExp(`${commit}.*current.*main`));
    assert.equal(
      await rows
        .nth(0)
        .getByRole('button', { name: /^Remove/ })
        .count(),
      0,
    );
    const trash = page.getByRole('button', { name: 'Remove revision c0ffeec' });
    await trash.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Remove revision c0ffeec of google/ });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    assert.ok(await trash.evaluate((one) => one === document.activeElement), 'the focus is back');
    await trash.click();
    await dialog.getByRole('button', { name: 'Remove revision' }).click();
    await until('two rows', async () => (await rows.count()) === 2);
    await page.getByText('Revision c0ffeec of google/flan-t5-small is removed').waitFor();
    await page.locator('.newer').getByText('newer upstream').waitFor();
    await page.locator('.newer').getByRole('button', { name: 'Update' }).click();
    await until('asked', () => posts(state).includes(`POST /api/models/${id}/update`));
    await page.locator('.newer').getByRole('progressbar').waitFor();
  },

  'a wrong name, a known one and a refusal are told': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/downloads`);
    await page.waitForSelector('.job[data-row]');
    const field = page.getByLabel('Model name or address on the Hub');
    const add = page.getByRole('button', { name: 'Add to queue' });
    await add.click();
    await page.getByText('Type a name first.').waitFor();
    await field.fill('../etc/passwd');
    await add.click();
    await page.getByText('This is not a model name.').waitFor();
    await field.fill('https://huggingface.co/datasets/squad');
    await page.getByText('This address does not belong to a model.').waitFor();
    assert.deepEqual(posts(state), []);
    await field.fill('bert-base-uncased');
    await page.getByText('Already in the store.').waitFor();
    await add.click();
    await page.getByText('bert-base-uncased is already here').waitFor();
    await field.fill('demo/refused');
    await add.click();
    await page.getByText('The disk has 3.0 GB left and this needs 8.0 GB.').waitFor();
    await page.getByText('Delete models that nobody uses, or grow the disk').waitFor();
    assert.equal(await field.inputValue(), 'demo/refused');
  },

  'downloads pause, resume, start first, cancel and retry': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/downloads`);
    const mistral = job(page, 'mistralai/Mistral');
    await mistral.getByRole('button', { name: /^Pause/ }).click();
    await mistral.getByText('Paused').waitFor();
    await mistral.getByRole('button', { name: /^Resume/ }).click();
    await mistral.getByText('Downloading').waitFor();
    await job(page, 'Qwen3-8B')
      .getByRole('button', { name: /^Start first/ })
      .click();
    await until('order changed', async () => {
      const names = await page.locator('.job-name').allTextContents();
      const at = (part) => names.findIndex((name) => name.includes(part));
      return at('Qwen3-8B') < at('Qwen2.5-32B');
    });
    await job(page, 'starcoder2')
      .getByRole('button', { name: /^Retry/ })
      .click();
    await job(page, 'starcoder2').getByText('Downloading').waitFor();
    const gemma = job(page, 'gemma-2-9b-it');
    await gemma.getByRole('button', { name: /^Cancel/ }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    assert.equal(await page.getByRole('dialog').count(), 0);
    await gemma.getByRole('button', { name: /^Cancel/ }).click();
    await page.getByRole('button', { name: 'Cancel download' }).click();
    await until('gone', async () => (await gemma.count()) === 0);
    assert.deepEqual(
      posts(state).map((call) => call.replace(/^(\w+) \/api\/downloads\/\d+\/?/, '$1 ')),
      ['POST pause', 'POST resume', 'PATCH ', 'POST retry', 'POST cancel'],
    );
  },

  'the files of a download open with a bar each': async ({ page, origin }) => {
    await page.goto(`${origin}/admin/downloads`);
    const mistral = job(page, 'mistralai/Mistral');
    const opener = mistral.getByRole('button', { name: /^Files of/ });
    await opener.click();
    assert.equal(await opener.getAttribute('aria-expanded'), 'true');
    const bars = mistral.getByRole('progressbar', { name: /model-0000/ });
    assert.equal(await bars.count(), 3);
    assert.equal(await bars.first().getAttribute('aria-valuenow'), '100');
  },

  'all are paused with one button and resumed with it': async ({ page, origin }) => {
    await page.goto(`${origin}/admin/downloads`);
    await page.getByRole('button', { name: 'Pause all' }).click();
    await page.getByRole('button', { name: 'Resume all' }).waitFor();
    await page.getByRole('button', { name: 'Resume all' }).click();
    await page.getByRole('button', { name: 'Pause all' }).waitFor();
  },

  'the queue filters by state, in the address': async ({ page, origin }) => {
    await page.goto(`${origin}/admin/downloads?show=failed`);
    await page.waitForSelector('.job[data-row]');
    assert.equal(await page.locator('.job').count(), 1);
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await until('done ones', async () => (await page.locator('.job').count()) === 3);
    assert.equal(new URL(page.url()).searchParams.get('show'), 'done');
    await page.goBack();
    await until('failed again', async () => (await page.locator('.job').count()) === 1);
  },

  'one model is deleted after a question': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/models`);
    await page.waitForSelector(kRows);
    const trash = page.getByRole('button', { name: 'Delete facebook/opt-125m' });
    await trash.click();
    const dialog = page.getByRole('dialog', { name: 'Delete facebook/opt-125m?' });
    await dialog.getByText('This is final').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await until('focus is back', () => trash.evaluate((one) => one === document.activeElement));
    await trash.click();
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await until(
      'row gone',
      async () => (await page.locator('[data-row="facebook_opt-125m"]').count()) === 0,
    );
    await page.getByText('facebook/opt-125m is deleted').waitFor();
    assert.deepEqual(posts(state), ['DELETE /api/models/facebook_opt-125m']);
  },

  'several are deleted only when the word is typed': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/models?sort=name`);
    await page.waitForSelector(kRows);
    const boxes = page.locator('tbody input[type=checkbox]');
    await boxes.nth(1).click();
    await boxes.nth(4).click({ modifiers: ['Shift'] });
    await page.getByText('4 selected').waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const go = page.getByRole('button', { name: 'Delete for good' });
    assert.ok(await go.isDisabled());
    await page.getByLabel('Type delete to go on').fill('delete');
    await go.click();
    await page.getByText('4 models are deleted').waitFor();
    assert.equal(posts(state).length, 4);
  },

  'a delete that is refused keeps the row and tells why': async ({ page, state, origin }) => {
    state.store.readOnly = true;
    await page.goto(`${origin}/admin/models`);
    await page.getByRole('button', { name: 'Delete facebook/opt-125m' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('The mount is read-only.').waitFor();
    assert.equal(await page.locator('[data-row="facebook_opt-125m"]').count(), 1);
  },

  'a model is described, tagged, pinned and archived': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/models`);
    await page.getByRole('button', { name: 'Edit BAAI/bge-m3' }).click();
    await page.getByLabel('Description').fill('For search.');
    await page.getByLabel('Tags').fill(' search, multilingual ,search');
    await page.getByLabel('Pinned: marked as one to keep').check();
    await page.getByRole('button', { name: 'Archived' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('BAAI/bge-m3 is changed').waitFor();
    const row = page.locator('[data-row="BAAI_bge-m3"]');
    await row.getByText('Archived').waitFor();
    await row.getByText('pinned').waitFor();
    const model = state.store.models.get('BAAI_bge-m3');
    assert.deepEqual(model.tags, ['search', 'multilingual']);
    assert.equal(model.description, 'For search.');
  },

  'a selection is archived and made ready again': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/models`);
    await page.getByLabel('Select bert-base-uncased').click();
    await page.getByLabel('Select BAAI/bge-m3').click();
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await until('archived', () => state.store.models.get('BAAI_bge-m3').status === 'archived');
    await page.getByRole('button', { name: 'Make ready' }).click();
    await until('ready', () => state.store.models.get('bert-base-uncased').status === 'ready');
  },

  'snippets follow the chosen tool and file': async ({ page, origin }) => {
    await page.goto(`${origin}/models/Qwen/Qwen2.5-7B-Instruct`);
    const code = page.locator('.code');
    await page.getByRole('tab', { name: 'transformers' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await code.textContent(), /vllm serve \/srv\/models\/Qwen_Qwen2\.5-7B-Instruct/);
    await page.keyboard.press('End');
    assert.equal(await code.textContent(), '/srv/models/Qwen_Qwen2.5-7B-Instruct');
    await page.goto(`${origin}/models/Qwen/Qwen2.5-32B-Instruct-GGUF`);
    await page.getByLabel('File', { exact: true }).selectOption({ index: 2 });
    assert.match(await code.textContent(), /llama-cli -m .*Q8_0\.gguf/);
  },

  'checksums are copied in the form that sha256sum reads': async ({ page, context, origin }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${origin}/models/bert-base-uncased?tab=files`);
    await page.getByRole('button', { name: 'SHA256SUMS' }).click();
    const copied = await until('a copy', () => page.evaluate(() => navigator.clipboard.readText()));
    const lines = copied.trim().split('\n');
    assert.equal(lines.length, 5);
    for (const line of lines) assert.match(line, /^[0-9a-f]{64} {2}\S/);
  },

  'hostile names stay text on every screen': async ({ page, origin }) => {
    for (const path of [
      '/',
      '/models/evil/harmless-name',
      '/models/evil/harmless-name?tab=files',
      '/admin/models',
      '/admin',
    ]) {
      await page.goto(origin + path);
      await page
        .getByText('onerror')
        .first()
        .waitFor({ state: 'attached', timeout: 4000 })
        .catch(() => {});
      assert.equal(await page.locator('img').count(), 0, path);
      assert.equal(await page.evaluate(() => window.hacked), undefined, path);
    }
    await page.goto(`${origin}/models/evil/harmless-name?tab=files`);
    await page.getByText(`${kHostile}.txt`).first().waitFor();
    const link = page.getByRole('link', { name: 'with "quotes" & more.json' });
    assert.match(
      await link.getAttribute('href'),
      /^\/api\/models\/evil_harmless-name\/files\/a%20folder\/with%20%22quotes%22%20%26%20more\.json\?/,
    );
  },

  'the policy of the page refuses inline script, should a name ever become markup': async ({
    page,
    origin,
  }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    const refused = await page.evaluate(() => {
      try {
        document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
        return false;
      } catch (thrown) {
        return thrown instanceof TypeError;
      }
    });
    assert.ok(refused);
  },

  'when the store goes away the page says so, keeps what it has, and recovers': async ({
    page,
    state,
    origin,
  }) => {
    await page.goto(`${origin}/admin/downloads`);
    await page.waitForSelector('.job[data-row]');
    state.store.broken = 'gone';
    await page.getByText('No answer from the store.').waitFor();
    assert.ok((await page.locator('.job').count()) > 0);
    assert.ok(await page.getByRole('button', { name: 'Add to queue' }).isDisabled());
    assert.ok(await page.getByRole('button', { name: /^Pause mistralai/ }).isDisabled());
    state.store.broken = 'no';
    state.store.advance(0.1);
    await until(
      'recovered',
      async () => (await page.getByText('No answer from the store.').count()) === 0,
      15_000,
    );
    await until('caught up', async () =>
      (await job(page, 'Mistral').textContent()).includes('72%'),
    );
  },

  'an error keeps the old list with its age, and retry brings the new one': async ({
    page,
    state,
    origin,
  }) => {
    await page.goto(`${origin}/`);
    await page.waitForSelector(kRows);
    state.store.broken = 'error';
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
      const later = Date.now() + 60_000;
      Date.now = () => later;
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.getByText('The list of models could not be loaded.').waitFor();
    await page.getByText(/What you see is from \d\d:\d\d:\d\d/).waitFor();
    assert.equal((await rowNames(page)).length, 15);
    state.store.broken = 'no';
    await page.getByRole('button', { name: 'Retry' }).click();
    await until('no error', async () => (await page.locator('.notice').count()) === 0);
  },

  'a missing model can be asked for from its own page': async ({ page, origin }) => {
    await page.goto(`${origin}/models/nobody/has-this`);
    await page.getByRole('heading', { name: 'This store has no model nobody/has-this' }).waitFor();
    await page.getByRole('link', { name: 'Download it' }).click();
    const field = page.getByLabel('Model name or address on the Hub');
    await until('prefilled', async () => (await field.inputValue()) === 'nobody/has-this');
  },

  'back and forward keep the focus and the filters': async ({ page, origin }) => {
    await page.goto(`${origin}/?q=bert`);
    await page.waitForSelector(kRows);
    await page.locator('[data-row-focus]').first().click();
    await page.waitForSelector('.file-table');
    await page.goBack();
    await until('filter is back', async () => (await rowNames(page)).length === 1);
    assert.equal(await search(page).inputValue(), 'bert');
  },
};

const sized = [
  {
    name: 'flow a thousand models show fast, scroll light, and answer keys at once',
    size: 1000,
    run: async ({ page, origin }) => {
      await page.addInitScript(() => {
        window.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            if (!entry.hadRecentInput) window.shift += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(`${origin}/`);
      await page.waitForSelector(kRows);
      const shown = await page.evaluate(() => performance.now());
      await until('the whole list', async () =>
        (await page.locator('.list-count').textContent()).includes('1,000'),
      );
      const shift = await page.evaluate(() => window.shift);
      const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
      assert.ok((await nodes()) < 2500, `${await nodes()} nodes`);
      await page.evaluate(() => window.scrollTo(0, 30_000));
      await until('rows at the new place', async () =>
        page.evaluate(() => {
          const row = document.elementFromPoint(700, 450)?.closest('tr[data-row]');
          return row !== null && row !== undefined;
        }),
      );
      assert.ok((await nodes()) < 2500);
      await page.evaluate(() => window.scrollTo(0, 0));
      await search(page).click();
      const times = [];
      for (const key of ['m', 'o', 'd', 'e', 'l', '-', '7']) {
        times.push(
          await page.evaluate(async (letter) => {
            const field = document.activeElement;
            const before = performance.now();
            field.value += letter;
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            return performance.now() - before;
          }, key),
        );
      }
      const median = times.sort((a, b) => a - b)[3];
      console.log(
        `1,000 models: shown ${shown.toFixed(0)} ms, key ${median.toFixed(0)} ms, shift ${shift.toFixed(3)}`,
      );
      // Twice the budget: the machine that tests is shared and noisy.
      assert.ok(median < 100, `a key takes ${median} ms`);
      assert.ok(shift < 0.02, `layout shift ${shift}`);
    },
  },
  {
    name: 'flow a large store is asked page by page and filters on the server',
    size: 2500,
    run: async ({ page, state, origin }) => {
      await page.goto(`${origin}/`);
      await page.waitForSelector(kRows);
      await page.getByText('200 of 2,500 shown').waitFor();
      await page.getByRole('button', { name: 'Load more' }).click();
      await page.getByText('400 of 2,500 shown').waitFor();
      await page.getByRole('checkbox', { name: 'gguf' }).check();
      await page.getByText('200 of 624 shown').waitFor();
      // Values of a facet stay on offer, though the answer holds only the chosen one.
      await page.getByRole('checkbox', { name: 'onnx' }).waitFor();
      await search(page).fill('model-7');
      await until('the server searched', () =>
        state.store.calls.some(
          (call) => call.includes('search=model-7') && call.includes('format=gguf'),
        ),
      );
    },
  },
  {
    name: 'flow cards show the same models and the choice is kept',
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/`);
      await page.waitForSelector(kRows);
      await page.getByRole('button', { name: 'Cards' }).click();
      assert.equal(await page.locator('.model-card').count(), 15);
      await page.reload();
      await page.waitForSelector('.model-card');
    },
  },
  {
    name: 'flow an empty store leads to its first download',
    size: 'empty',
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/`);
      await page.getByRole('link', { name: 'Add the first download' }).click();
      await page.getByLabel('Model name or address on the Hub').fill('demo/tiny-bert');
      await page.keyboard.press('Enter');
      await job(page, 'demo/tiny-bert').waitFor();
    },
  },
  {
    name: 'flow on a phone filters are a sheet that says how many remain',
    width: 390,
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/`);
      await page.waitForSelector(kRows);
      await page.getByRole('button', { name: /^Filters/ }).click();
      const sheet = page.getByRole('dialog', { name: 'Filters' });
      await sheet.getByLabel('Feature extraction').check();
      await sheet.getByRole('button', { name: 'Show 2 models' }).click();
      assert.equal((await rowNames(page)).length, 2);
      await checkNoSidewaysScroll(page);
    },
  },
  {
    name: 'flow a page at four times the size still scrolls one way',
    width: 360,
    run: async ({ page, origin }) => {
      for (const path of [
        '/',
        '/models/Qwen/Qwen2.5-7B-Instruct',
        '/admin',
        '/admin/downloads',
        '/admin/models',
      ]) {
        await page.setViewportSize({ width: 320, height: 256 });
        await page.goto(origin + path);
        await page.waitForTimeout(500);
        await checkNoSidewaysScroll(page);
      }
    },
  },
];

const kExpected = {
  'when the store goes away the page says so, keeps what it has, and recovers': [/ERR_/],
  'an error keeps the old list with its age, and retry brings the new one': [/503/],
  'a delete that is refused keeps the row and tells why': [/503/],
  'limits are seen, changed and checked before they are sent': async ({ page, state, origin }) => {
    await page.goto(`${origin}/admin/downloads`);
    const opener = page.getByRole('button', { name: 'Limit: none' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Limits' });
    assert.ok(await dialog.getByLabel('Connections').isDisabled());
    await dialog.getByText('Fixed by MODELKEEP_LIMITS_CONNECTIONS').waitFor();
    await dialog.getByLabel('Speed of all together').fill('fast');
    await page.keyboard.press('Enter');
    await dialog.getByText('A speed is a number of megabytes').waitFor();
    assert.equal(posts(state).length, 0);
    await dialog.getByLabel('Speed of all together').fill('200');
    await dialog.getByLabel('Downloads at once').fill('5');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Limit: 200 MB/s' }).waitFor();
    assert.equal(state.store.settings.values['limits.downloads'], 5);
  },

  'a preview that is refused is told, and another name takes it away': [/404/],
  'revisions are listed with what is newer, and an old one goes after a question': async ({
    page,
    state,
    origin,
  }) => {
    const id = 'google_flan-t5-small';
    state.store.publishUpstream(id);
    await page.goto(`${origin}/models/google/flan-t5-small`);
    await page.getByRole('link', { name: 'Revisions 3' }).click();
    const rows = page.locator('.revision-table tbody tr');
    await until('three rows', async () => (await rows.count()) === 3);
    const commit = state.store.models.get(id).commit.slice(0, 7);
    assert.match(await rows.nth(0).textContent(), new RegExp(`${commit}.*current.*main`));
    assert.equal(
      await rows
        .nth(0)
        .getByRole('button', { name: /^Remove/ })
        .count(),
      0,
    );
    const trash = page.getByRole('button', { name: 'Remove revision c0ffeec' });
    await trash.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Remove revision c0ffeec of google/ });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    assert.ok(await trash.evaluate((one) => one === document.activeElement), 'the focus is back');
    await trash.click();
    await dialog.getByRole('button', { name: 'Remove revision' }).click();
    await until('two rows', async () => (await rows.count()) === 2);
    await page.getByText('Revision c0ffeec of google/flan-t5-small is removed').waitFor();
    await page.locator('.newer').getByText('newer upstream').waitFor();
    await page.locator('.newer').getByRole('button', { name: 'Update' }).click();
    await until('asked', () => posts(state).includes(`POST /api/models/${id}/update`));
    await page.locator('.newer').getByRole('progressbar').waitFor();
  },

  'a wrong name, a known one and a refusal are told': [/507/],
  'the theme flips, is kept, and is set before the first paint': [/ERR_FAILED/],
  'the policy of the page refuses inline script, should a name ever become markup': [/TrustedHTML/],
};

export const flowTests = [
  ...Object.entries(flows).map(([name, run]) => ({
    name: `flow ${name}`,
    expected: kExpected[name],
    run,
  })),
  ...sized,
];
