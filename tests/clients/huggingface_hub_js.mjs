// @huggingface/hub, unchanged, with hubUrl as its only setting.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  downloadFile, fileDownloadInfo, fileExists, listFiles, listModels, modelInfo, pathsInfo, snapshotDownload, whoAmI,
} from '@huggingface/hub';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const all = async (items) => {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
};

export async function huggingfaceHub({ test, door }) {
  const at = (repo, more = {}) => ({ repo, hubUrl: door, ...more });

  await test('hub.js: lists models, filtered', async () => {
    const names = (await all(listModels({ hubUrl: door, search: { query: 'tiny' } }))).map((model) => model.name);
    assert.deepEqual(names, ['test/tiny']);
    assert.ok((await all(listModels({ hubUrl: door, limit: 2 }))).length <= 2);
  });

  await test('hub.js: model info', async () => {
    const info = await modelInfo({ name: 'test/tiny', hubUrl: door, additionalFields: ['sha', 'tags', 'author'] });
    assert.equal(info.name, 'test/tiny');
    assert.match(info.sha, /^[0-9a-f]{40}$/);
    assert.ok(Array.isArray(info.tags));
    assert.ok(info.updatedAt instanceof Date && !Number.isNaN(info.updatedAt.getTime()));
    await assert.rejects(modelInfo({ name: 'test/none', hubUrl: door }), { statusCode: 404 });
  });

  await test('hub.js: lists files', async () => {
    const files = await all(listFiles(at('test/many-files', { recursive: true, expand: true })));
    assert.equal(files.filter((file) => file.type === 'file').length, 230);
    assert.ok(files.some((file) => file.type === 'directory' && file.path === 'data'));
  });

  await test('hub.js: paths info', async () => {
    const infos = await pathsInfo(at('test/tiny', { paths: ['model.safetensors', 'none'], expand: true }));
    assert.equal(infos.length, 1);
    assert.match(infos[0].lfs.oid, /^[0-9a-f]{64}$/);
    assert.match(infos[0].lastCommit.id, /^[0-9a-f]{40}$/);
  });

  await test('hub.js: downloads a file that is what its ETag says', async () => {
    const info = await fileDownloadInfo(at('test/tiny', { path: 'model.safetensors' }));
    const blob = await downloadFile(at('test/tiny', { path: 'model.safetensors' }));
    const bytes = Buffer.from(await blob.arrayBuffer());
    assert.equal(bytes.length, info.size);
    assert.equal(`"${sha256(bytes)}"`, info.etag);
    const middle = await (await downloadFile(at('test/tiny', { path: 'model.safetensors' }))).slice(100, 200).arrayBuffer();
    assert.deepEqual(Buffer.from(middle), bytes.subarray(100, 200));
  });

  await test('hub.js: a missing file is null, an empty one is empty', async () => {
    assert.equal(await downloadFile(at('test/tiny', { path: 'none.bin' })), null);
    const empty = await downloadFile(at('test/odd-names', { path: 'empty.txt' }));
    assert.equal((await empty.arrayBuffer()).byteLength, 0);
  });

  await test('hub.js: says whether a file exists', async () => {
    assert.equal(await fileExists(at('test/tiny', { path: 'config.json' })), true);
    assert.equal(await fileExists(at('test/tiny', { path: 'none' })), false);
  });

  await test('hub.js: takes a snapshot', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'modelkeep-clients-'));
    try {
      const folder = await snapshotDownload(at('test/sharded', { cacheDir }));
      const index = JSON.parse(await readFile(join(folder, 'model.safetensors.index.json'), 'utf8'));
      for (const shard of new Set(Object.values(index.weight_map))) {
        assert.ok((await readFile(join(folder, shard))).length > 0, shard);
      }
    } finally {
      await rm(cacheDir, { recursive: true, force: true });
    }
  });

  await test('hub.js: who am I', async () => {
    const me = await whoAmI({ hubUrl: door, accessToken: `hf_${'a'.repeat(34)}` });
    assert.equal(me.name, 'anonymous');
  });
}
