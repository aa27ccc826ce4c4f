// The cache view on the mount: the Hub client's own scan of its cache, its download into a cache that has everything, and
// the steps by which the Python client finds a file offline (refs, then snapshots, then the listing of the commit).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listFiles, scanCacheDir, snapshotDownload } from '@huggingface/hub';

const folderOf = (repo) => `models--${repo.replaceAll('/', '--')}`;

/** What hf_hub_download gives with HF_HUB_OFFLINE=1; null where it would raise LocalEntryNotFoundError. */
async function findOffline(cache, repo, path, revision = 'main') {
  const root = join(cache, folderOf(repo));
  const commit = /^[0-9a-f]{40}$/.test(revision)
    ? revision
    : await readFile(join(root, 'refs', revision), 'utf8').catch(() => null);
  if (commit === null) return null;
  const pointer = join(root, 'snapshots', commit, path);
  return (await stat(pointer).catch(() => null))?.isFile() ? pointer : null;
}

async function names(folder) {
  const entries = await readdir(folder, { recursive: true });
  return entries.sort();
}

export async function cacheView({ test, service, door, repos }) {
  const answer = await fetch(`${service.url}/api/models`);
  const { models } = await answer.json();
  const cache = join(dirname(models[0].path), '.modelkeep', 'hf-cache');

  await test('cache view: the client finds nothing to complain about', async () => {
    const found = await scanCacheDir(cache);
    assert.deepEqual(found.warnings, []);
    assert.deepEqual(found.repos.map((repo) => repo.id.name).sort(), [...repos].sort());
    for (const repo of found.repos) {
      const [revision] = repo.revisions;
      assert.deepEqual(revision.refs, ['main']);
      assert.match(revision.commitOid, /^[0-9a-f]{40}$/);
    }
  });

  await test('cache view: every file is found offline, and is what the door says', async () => {
    for (const repo of repos) {
      for await (const file of listFiles({ repo, hubUrl: door, recursive: true })) {
        if (file.type !== 'file') continue;
        const path = await findOffline(cache, repo, file.path);
        assert.ok(path, `${repo} ${file.path}`);
        const etag = file.lfs?.oid ?? file.oid;
        assert.ok((await readlink(path)).endsWith(`/blobs/${etag}`), path);
        const bytes = await readFile(path);
        assert.equal(bytes.length, file.size);
        if (file.lfs) assert.equal(createHash('sha256').update(bytes).digest('hex'), etag);
      }
    }
    assert.equal(await findOffline(cache, repos[0], 'none'), null);
    assert.equal(await findOffline(cache, 'test/none', 'config.json'), null);
  });

  await test('cache view: the listing of a commit names every file with size and blob', async () => {
    const root = join(cache, folderOf(repos[0]));
    const commit = await readFile(join(root, 'refs/main'), 'utf8');
    const tree = JSON.parse(await readFile(join(root, 'trees', `${commit}.json`), 'utf8'));
    assert.equal(tree.format_version, 1);
    for (const [path, entry] of Object.entries(tree.files)) {
      const at = join(root, 'snapshots', commit, path);
      assert.equal((await stat(at)).size, entry.size);
      assert.ok((await readlink(at)).endsWith(entry.lfs_sha256 ?? entry.blob_id), path);
    }
  });

  await test('cache view: a download into it finds all there and brings nothing', async () => {
    const before = await names(cache);
    const folder = await snapshotDownload({ repo: repos[0], hubUrl: door, cacheDir: cache });
    assert.equal(dirname(dirname(folder)), join(cache, folderOf(repos[0])));
    assert.deepEqual(await names(cache), before);
  });

  await test('cache view: it has no bytes of its own', async () => {
    for (const repo of repos) {
      const blobs = join(cache, folderOf(repo), 'blobs');
      for (const name of await readdir(blobs)) {
        assert.ok((await lstat(join(blobs, name))).nlink > 1, name);
      }
    }
  });

  await test('cache view: a deleted model is gone from it', async () => {
    const repo = repos.at(-1);
    const { id } = models.find((model) => model.name === repo);
    await fetch(`${service.url}/api/models/${id}`, { method: 'DELETE' });
    for (let tries = 0; tries < 100; tries += 1) {
      if (!(await stat(join(cache, folderOf(repo))).catch(() => null))) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.fail('still there after 10 s');
  });
}
