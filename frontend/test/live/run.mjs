// The main flows in Chromium against the real service: nginx, workers, fetchers and a hub on loopback.
//   npm run test:live                    starts its own from build/
//   MODELKEEP_URL=http://... npm run test:live    uses one that runs, whose upstream is the stand-in hub
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from '../pages/browser.mjs';
import {
  checkAxe,
  checkNoSidewaysScroll,
  fileName,
  openContext,
  screenshots,
  until,
  watch,
} from '../pages/harness.mjs';
import { kContentPolicy } from '../pages/server.mjs';
import { startService } from './service.mjs';

const kUser = 'page tester';
const kSlow = 'live/slow-model';
const kDone = 60_000;

const { url, hub, stop } = await startService();
const api = async (path) => (await fetch(url + path, { headers: { 'X-Username': kUser } })).json();
const standin = (path, body) =>
  fetch(`${hub}/_standin/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
const repos = JSON.stringify(await (await fetch(`${hub}/_standin/repos`)).json());
const kTiny = repos.includes('test/tiny') ? 'test/tiny' : 'sentence-transformers/all-MiniLM-L6-v2';
const kGated = repos.includes('test/gated') ? 'test/gated' : 'meta-llama/Llama-3.2-1B';

const kQuants = repos.includes('test/formats')
  ? 'test/formats'
  : 'TheBloke/TinyLlama-1.1B-Chat-v1.0-GGUF';

const job = (page, name) => page.locator('.job', { hasText: name });
const field = (page) => page.getByLabel('Model name or address on the Hub');

async function ask(page, name) {
  await page.goto(`${url}/admin/downloads`);
  await field(page).fill(name);
  await page.getByRole('button', { name: 'Add to queue' }).click();
}

async function modelNamed(name) {
  return (await api(`/api/models?name=${encodeURIComponent(name)}`)).models[0];
}

async function ready(name) {
  await until(`${name} is ready`, async () => (await modelNamed(name))?.status === 'ready', kDone);
}

/** The order matters: later ones use what earlier ones brought in. */
const flows = {
  'the page comes with the policy it was tested under': async () => {
    const answer = await fetch(`${url}/`);
    assert.equal(answer.headers.get('content-security-policy'), kContentPolicy);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('cache-control'), /no-cache/);
    const asset = /\/assets\/main-\w+\.js/.exec(await answer.text())[0];
    const script = await fetch(url + asset, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(script.headers.get('content-encoding'), 'gzip');
    assert.match(script.headers.get('cache-control'), /immutable/);
    assert.match(script.headers.get('content-type'), /javascript/);
    for (const path of ['/admin/downloads', '/models/a/b.c', '/no/such/page']) {
      assert.equal((await fetch(url + path)).status, 200, path);
    }
  },

  'a model is added in the page and becomes ready': async ({ page }) => {
    await ask(page, kTiny);
    await page.getByText(`${kTiny} is in the queue`).waitFor();
    await ready(kTiny);
    await until('it left the queue', async () => (await job(page, kTiny).count()) === 0, kDone);
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await job(page, kTiny).waitFor();
    const { model } = await api(`/api/models/${(await modelNamed(kTiny)).id}`);
    assert.equal(model.stats.first_downloaded_by, kUser);
  },

  'the list finds it and leads to its page': async ({ page }) => {
    await page.goto(`${url}/`);
    await page.getByRole('searchbox', { name: 'Search models' }).first().fill(kTiny);
    await page.locator(`[data-row="${kTiny}"] a`).click();
    await page.waitForSelector('.file-table');
    assert.equal(new URL(page.url()).pathname, `/models/${kTiny}`);
    await page.getByText(/^Ready, (checked|verified)/).waitFor();
  },

  'its page shows what the service knows, and the folder in its snippets': async ({ page }) => {
    const { model } = await api(`/api/models/${(await modelNamed(kTiny)).id}`);
    await page.goto(`${url}/models/${kTiny}?tab=files`);
    await page.waitForSelector('.file-table');
    const rows = await page.locator('.file-table tbody tr').allTextContents();
    assert.equal(rows.length, model.files.length);
    for (const file of model.files) {
      const row = rows.find((one) => one.includes(file.path));
      assert.ok(
        row?.includes(`sha256 ${file.sha256.slice(0, 4)}…${file.sha256.slice(-4)}`),
        file.path,
      );
    }
    await page.goto(`${url}/models/${kTiny}`);
    await page.getByRole('tab', { name: 'Path' }).click();
    assert.equal(await page.locator('.code').textContent(), model.path);
    await page.getByText('127.0.0.1').first().waitFor();
  },

  'over the network the snippets name an address that Hub clients can read': async ({ page }) => {
    await page.goto(`${url}/models/${kTiny}`);
    await page.getByLabel('Read it').selectOption('hub');
    await page.getByRole('tab', { name: 'hf download' }).click();
    const code = await page.locator('.code').textContent();
    const [, door] = /HF_ENDPOINT=(\S+)\nhf download (\S+)$/.exec(code);
    const told = await (await fetch(`${door}/api/models/${kTiny}`)).json();
    assert.equal(told.sha, (await modelNamed(kTiny)).commit);
    assert.ok((await fetch(`${door}/${kTiny}/resolve/main/config.json`)).ok);
  },

  'a file that is downloaded from its page has the hash shown there': async ({ page }) => {
    const { model } = await api(`/api/models/${(await modelNamed(kTiny)).id}`);
    const file = model.files.reduce((a, b) => (a.size_bytes > b.size_bytes ? a : b));
    await page.goto(`${url}/models/${kTiny}?tab=files`);
    const arriving = page.waitForEvent('download');
    await page.getByRole('link', { name: `Download ${file.path}`, exact: true }).click();
    const stream = await (await arriving).createReadStream();
    const hash = createHash('sha256');
    for await (const piece of stream) hash.update(piece);
    assert.equal(hash.digest('hex'), file.sha256);
  },

  'asking for what is there fetches nothing and says so': async ({ page }) => {
    const before = (await modelNamed(kTiny)).stats.download_count;
    await ask(page, kTiny);
    await page.getByText(`${kTiny} is already here`).waitFor();
    assert.equal((await modelNamed(kTiny)).stats.download_count, before + 1);
  },

  'a model that upstream does not have fails with its cause': async ({ page }) => {
    await ask(page, 'nobody/has-this');
    const row = job(page, 'nobody/has-this');
    await row.getByText('Failed').waitFor({ timeout: kDone });
    assert.ok((await row.locator('.notice').textContent()).length > 20);
    await row.getByRole('button', { name: /^Cancel/ }).click();
    await page.getByRole('button', { name: 'Cancel download' }).click();
    await until('the row is gone', async () => (await row.count()) === 0);
    assert.equal(await modelNamed('nobody/has-this'), undefined);
  },

  'a gated model fails with what to do': async ({ page }) => {
    await ask(page, kGated);
    const row = job(page, kGated);
    await row.getByText('Failed').waitFor({ timeout: kDone });
    assert.match(await row.locator('.notice').textContent(), /gated|access|token/i);
  },

  'what is ticked in the preview comes, and nothing else': async ({ page }) => {
    await page.goto(`${url}/admin/downloads`);
    await field(page).fill(kQuants);
    const files = page.getByRole('table', { name: 'What the download would bring' });
    await files.getByRole('checkbox', { name: 'Weights gguf' }).uncheck();
    await files.getByRole('checkbox', { name: 'Q4_K_M' }).check();
    await files.getByRole('checkbox', { name: 'Documentation' }).uncheck();
    await checkAxe(page);
    await page.getByRole('button', { name: 'Add to queue' }).click();
    await ready(kQuants);
    const { model } = await api(`/api/models/${(await modelNamed(kQuants)).id}`);
    const paths = model.files.map((file) => file.path);
    assert.ok(
      paths.some((path) => path.includes('Q4_K_M')),
      paths.join(),
    );
    assert.ok(paths.includes('config.json'), paths.join());
    assert.ok(!paths.some((path) => /Q8_0|\.md$|\.bin$/.test(path)), paths.join());
    assert.equal(model.complete, false);
  },

  'limits are changed while the service runs': async ({ page }) => {
    await page.goto(`${url}/admin/downloads`);
    await page.getByRole('button', { name: 'Limit: none' }).click();
    await page.getByLabel('Downloads at once').fill('3');
    await page.getByLabel('Speed of all together').fill('40');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Limit: 40.0 MB/s' }).waitFor();
    const { limits_now: now, changes } = await api('/api/settings');
    assert.deepEqual([now.downloads, now.bytes_per_second], [3, 40e6]);
    assert.equal(changes[0].changed_by, kUser);
    await page.getByRole('button', { name: 'Limit: 40.0 MB/s' }).click();
    await page.getByLabel('Speed of all together').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Limit: none' }).waitFor();
  },

  'a slow download shows its progress, pauses, resumes and is cancelled': async ({ page }) => {
    const made = await standin('repos', {
      id: kSlow,
      files: [
        { path: 'model.safetensors', size: 8_000_000, seed: 7 },
        { path: 'config.json', text: '{}' },
      ],
    });
    assert.ok(made.ok, await made.text());
    const slowed = await standin('faults', {
      kind: 'drip',
      match: `${kSlow}/model.safetensors`,
      times: -1,
      after_bytes: 1_000_000,
      bytes_per_s: 300_000,
    });
    assert.ok(slowed.ok, await slowed.text());
    await ask(page, kSlow);
    const row = job(page, kSlow);
    await row.getByText('Downloading').waitFor({ timeout: kDone });
    await row.getByRole('button', { name: /^Files of/ }).click();
    await row.getByRole('progressbar', { name: 'Progress of model.safetensors' }).waitFor();
    await row.getByRole('button', { name: /^Pause/ }).click();
    await row.getByText('Paused').waitFor();
    await row.getByRole('button', { name: /^Resume/ }).click();
    await row
      .getByText(/Queued|Resolving|Downloading/)
      .first()
      .waitFor();
    await page.goto(`${url}/`);
    await page.locator(`[data-row="${kSlow}"] [role=progressbar]`).waitFor({ timeout: kDone });
    await page.goto(`${url}/admin/downloads`);
    await row.getByRole('button', { name: /^Cancel/ }).click();
    await page.getByRole('button', { name: 'Cancel download' }).click();
    await until('the row is gone', async () => (await row.count()) === 0);
    assert.equal(await modelNamed(kSlow), undefined);
  },

  'an update brings another revision, and the one before it is removed': async ({ page }) => {
    const { id, commit: before } = await modelNamed(kTiny);
    const moved = await standin('faults', { kind: 'branch_moves', match: kTiny, times: 1 });
    assert.ok(moved.ok, await moved.text());
    const asked = await fetch(`${url}/api/models/${id}/update`, { method: 'POST' });
    assert.equal(asked.status, 202);
    await page.goto(`${url}/models/${kTiny}?tab=revisions`);
    const rows = page.locator('.revision-table tbody tr');
    await until('both are held', async () => (await rows.count()) === 2, kDone);
    const { commit } = await modelNamed(kTiny);
    assert.notEqual(commit, before);
    assert.match(await rows.nth(0).textContent(), new RegExp(`${commit.slice(0, 7)}.*current`));
    await page.getByRole('button', { name: `Remove revision ${before.slice(0, 7)}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove revision' }).click();
    await until('one is left', async () => (await rows.count()) === 1);
    const { revisions } = await api(`/api/models/${id}/revisions`);
    assert.deepEqual(
      revisions.map((one) => [one.commit, one.current]),
      [[commit, true]],
    );
  },

  'description, tags, pin and status are kept': async ({ page }) => {
    await page.goto(`${url}/admin/models`);
    await page.getByRole('button', { name: `Edit ${kTiny}` }).click();
    await page.getByLabel('Description').fill('Kept <b>as text</b>.');
    await page.getByLabel('Tags').fill('one, two');
    await page.getByLabel('Pinned: marked as one to keep').check();
    await page.getByRole('button', { name: 'Archived' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`${kTiny} is changed`).waitFor();
    const model = await modelNamed(kTiny);
    assert.deepEqual(
      [model.description, model.tags, model.pinned, model.status],
      ['Kept <b>as text</b>.', ['one', 'two'], true, 'archived'],
    );
    await page.goto(`${url}/models/${kTiny}`);
    await page.getByText('Kept <b>as text</b>.').waitFor();
  },

  'the overview shows the figures of the service and who did what': async ({ page }) => {
    await page.goto(`${url}/admin`);
    const { stats } = await api('/api/stats');
    const shown = await page.locator('.kpi dd').first();
    await until('the number of models', async () =>
      (await shown.textContent()).startsWith(String(stats.total_models)),
    );
    await until('the activity', async () => {
      const rows = await page.locator('.activity tbody tr').allTextContents();
      return rows.some(
        (row) => row.includes('update') && row.includes(kTiny) && row.includes(kUser),
      );
    });
    await page.getByRole('button', { name: /healthy|Degraded/ }).waitFor();
  },

  'a model is deleted for good': async ({ page }) => {
    await page.goto(`${url}/admin/models`);
    await page.getByRole('button', { name: `Delete ${kTiny}` }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText(`${kTiny} is deleted`).waitFor();
    assert.equal(await modelNamed(kTiny), undefined);
    await page.goto(`${url}/models/${kTiny}`);
    await page.getByRole('heading', { name: `This store has no model ${kTiny}` }).waitFor();
  },
};

for (const [name, path] of [
  ['browse', '/'],
  ['downloads', '/admin/downloads'],
  ['models', '/admin/models'],
  ['overview', '/admin'],
]) {
  flows[`real data on ${name} is accessible and fits`] = async ({ page }) => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 860 });
      await page.goto(url + path);
      await page.waitForSelector('h1');
      await page.waitForTimeout(600);
      await page.screenshot({
        path: join(screenshots, `live-${name}-${width}.png`),
        fullPage: true,
      });
      await checkAxe(page);
      await checkNoSidewaysScroll(page);
    }
  };
}

await mkdir(screenshots, { recursive: true });
const browser = await launch();
let passed = 0;
let failed = 0;
for (const [name, run] of Object.entries(flows)) {
  const context = await openContext(browser, { storage: { username: kUser } });
  const page = await context.newPage();
  const troubles = watch(page, url);
  try {
    await run({ page, context });
    assert.deepEqual(troubles, []);
    passed += 1;
  } catch (thrown) {
    failed += 1;
    await page
      .screenshot({ path: join(screenshots, `failed-live-${fileName(name)}.png`) })
      .catch(() => {});
    console.log(
      `FAILED live ${name}\n  ${String(thrown.stack ?? thrown).replaceAll('\n', '\n  ')}`,
    );
  }
  await context.close();
}
await browser.close();
await fetch(`${hub}/_standin/faults`, { method: 'DELETE' }).catch(() => {});
await stop();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
