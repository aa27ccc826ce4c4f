// @huggingface/hub, unchanged, on models that nobody has stored yet.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadFile, fileDownloadInfo, fileExists, listFiles, modelInfo, snapshotDownload } from '@huggingface/hub';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export async function pullThrough({ test, door }) {
  const at = (repo, more = {}) => ({ repo, hubUrl: door, ...more });

  await test('hub.js: a model that is not stored has metadata', async () => {
    const info = await modelInfo({ name: 'test/medium', hubUrl: door, additionalFields: ['sha'] });
    assert.match(info.sha, /^[0-9a-f]{40}$/);
    assert.equal(await fileExists(at('test/medium', { path: 'config.json' })), true);
    assert.equal(await fileExists(at('test/medium', { path: 'none.json' })), false);
    await assert.rejects(modelInfo({ name: 'test/none', hubUrl: door }), { statusCode: 404 });
  });

  await test('hub.js: a file that is not stored arrives whole', async () => {
    const info = await fileDownloadInfo(at('test/medium', { path: 'model.safetensors' }));
    const file = await downloadFile(at('test/medium', { path: 'model.safetensors' }));
    const bytes = new Uint8Array(await file.arrayBuffer());
    assert.equal(bytes.length, info.size);
    assert.equal(`"${sha256(bytes)}"`, info.etag);
  });

  await test('hub.js: a snapshot of a model that is not stored is complete', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pull-through-'));
    try {
      const snapshot = await snapshotDownload(at('test/formats', { cacheDir: folder }));
      for await (const file of listFiles(at('test/formats', { recursive: true }))) {
        if (file.type !== 'file') continue;
        const bytes = await readFile(join(snapshot, file.path));
        assert.equal(bytes.length, file.size);
        if (file.lfs) assert.equal(sha256(bytes), file.lfs.oid);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
