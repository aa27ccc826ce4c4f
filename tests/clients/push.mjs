// @huggingface/hub puts a fine-tune into the store, and the requests of the Python client's upload are replayed.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { commit, createRepo, deleteRepo, downloadFile, listFiles, modelInfo, uploadFiles } from '@huggingface/hub';

const accessToken = `hf_${'a'.repeat(34)}`;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const json = { 'Content-Type': 'application/json' };

export async function push({ test, door }) {
  const at = { repo: 'team/tuned', hubUrl: door, accessToken };
  const weights = randomBytes(3_000_000);

  await test('hub.js: creates a repo, once', async () => {
    const made = await createRepo(at);
    assert.equal(made.repoUrl, `${door}/team/tuned`);
    await assert.rejects(createRepo(at), { statusCode: 409 });
  });

  await test('hub.js: uploads files', async () => {
    await uploadFiles({
      ...at,
      files: [
        { path: 'config.json', content: new Blob(['{"a":1}\n']) },
        { path: 'sub/model.safetensors', content: new Blob([weights]) },
      ],
    });
    const names = [];
    for await (const file of listFiles({ ...at, recursive: true })) names.push(file.path);
    assert.deepEqual(names.sort(), ['config.json', 'sub', 'sub/model.safetensors']);
    const bytes = Buffer.from(await (await downloadFile({ ...at, path: 'sub/model.safetensors' })).arrayBuffer());
    assert.equal(sha256(bytes), sha256(weights));
    assert.equal(await (await downloadFile({ ...at, path: 'config.json' })).text(), '{"a":1}\n');
  });

  await test('hub.js: a commit deletes and adds at once', async () => {
    const before = await modelInfo({ name: 'team/tuned', hubUrl: door, additionalFields: ['sha'] });
    await commit({
      ...at,
      title: 'Change',
      operations: [
        { operation: 'delete', path: 'config.json' },
        { operation: 'addOrUpdate', path: 'README.md', content: new Blob(['# Tuned\n']) },
      ],
    });
    const after = await modelInfo({ name: 'team/tuned', hubUrl: door, additionalFields: ['sha'] });
    assert.notEqual(after.sha, before.sha);
    assert.equal(await downloadFile({ ...at, path: 'config.json' }), null);
    assert.equal(await (await downloadFile({ ...at, path: 'README.md' })).text(), '# Tuned\n');
  });

  await test('Python: upload_folder', async () => {
    const created = await fetch(`${door}/api/repos/create`, {
      method: 'POST', headers: json, body: JSON.stringify({ name: 'py', organization: 'team', type: 'model', visibility: 'private' }),
    });
    assert.equal(created.status, 200);
    const again = await fetch(`${door}/api/repos/create`, {
      method: 'POST', headers: json, body: JSON.stringify({ name: 'py', organization: 'team', type: 'model' }),
    });
    assert.equal(again.status, 409);
    assert.equal((await again.json()).url, `${door}/team/py`);
    const bytes = randomBytes(2_000_000);
    const oid = sha256(bytes);
    const preupload = await (await fetch(`${door}/api/models/team/py/preupload/main`, {
      method: 'POST', headers: json,
      body: JSON.stringify({ files: [
        { path: 'a.txt', sample: Buffer.from('hi').toString('base64'), size: 2 },
        { path: 'w.bin', sample: bytes.subarray(0, 512).toString('base64'), size: bytes.length },
      ] }),
    })).json();
    assert.deepEqual(preupload.files.map((file) => file.uploadMode), ['regular', 'lfs']);
    const ask = () => fetch(`${door}/team/py.git/info/lfs/objects/batch`, {
      method: 'POST', headers: { 'Content-Type': 'application/vnd.git-lfs+json' },
      body: JSON.stringify({ operation: 'upload', transfers: ['basic', 'multipart'], hash_algo: 'sha256', objects: [{ oid, size: bytes.length }] }),
    }).then((answer) => answer.json());
    const batch = await ask();
    const { upload, verify } = batch.objects[0].actions;
    const wrong = await fetch(upload.href, { method: 'PUT', body: Buffer.alloc(bytes.length) });
    assert.equal(wrong.status, 400);
    assert.equal((await fetch(upload.href, { method: 'PUT', body: bytes })).status, 200);
    assert.equal((await fetch(`${upload.href}0`, { method: 'PUT', body: bytes })).status, 404);
    assert.equal((await fetch(verify.href, { method: 'POST', headers: json, body: JSON.stringify({ oid, size: bytes.length }) })).status, 200);
    assert.ok(!('actions' in (await ask()).objects[0]), 'an object that is there is not asked for again');
    const lines = [
      { key: 'header', value: { summary: 'Add', description: '' } },
      { key: 'file', value: { content: Buffer.from('hi').toString('base64'), path: 'a.txt', encoding: 'base64' } },
      { key: 'lfsFile', value: { path: 'w.bin', algo: 'sha256', oid, size: bytes.length } },
    ].map((line) => JSON.stringify(line)).join('\n') + '\n';
    const send = (body = lines) => fetch(`${door}/api/models/team/py/commit/main`, {
      method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body,
    });
    const answer = await (await send()).json();
    assert.match(answer.commitOid, /^[0-9a-f]{40}$/);
    assert.equal(answer.commitUrl, `${door}/team/py/commit/${answer.commitOid}`);
    assert.equal((await (await send()).json()).commitOid, answer.commitOid, 'told twice it is one commit');
    const absent = await send(JSON.stringify({ key: 'lfsFile', value: { path: 'x', algo: 'sha256', oid: 'a'.repeat(64) } }));
    assert.equal(absent.status, 400);
    const stale = await send(JSON.stringify({ key: 'header', value: { summary: 's', parentCommit: 'b'.repeat(40) } }) + '\n' +
      JSON.stringify({ key: 'deletedFile', value: { path: 'a.txt' } }));
    assert.equal(stale.status, 412);
    const read = await fetch(`${door}/team/py/resolve/${answer.commitOid}/w.bin`);
    assert.equal(sha256(Buffer.from(await read.arrayBuffer())), oid);
  });

  await test('Python: branches and tags', async () => {
    const post = (path, body) => fetch(`${door}/api/models/team/py/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
    assert.equal((await post('branch/dev', {})).status, 200);
    assert.equal((await post('branch/dev', {})).status, 409);
    assert.equal((await post('tag/main', { tag: 'v1' })).status, 200);
    const refs = await (await fetch(`${door}/api/models/team/py/refs`)).json();
    assert.deepEqual(refs.branches.map((ref) => ref.name), ['main', 'dev']);
    assert.deepEqual(refs.tags.map((ref) => ref.name), ['v1']);
    assert.equal((await fetch(`${door}/api/models/team/py/branch/dev`, { method: 'DELETE' })).status, 200);
    assert.equal((await fetch(`${door}/api/models/team/py/tag/v1`, { method: 'DELETE' })).status, 200);
  });

  await test('a model of the Hub takes no commit', async () => {
    const answer = await fetch(`${door}/api/models/test/tiny/commit/main`, {
      method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' },
      body: JSON.stringify({ key: 'deletedFile', value: { path: 'config.json' } }),
    });
    assert.equal(answer.status, 409);
    assert.equal((await fetch(`${door}/api/models/team/py/xet-write-token/main`)).status, 404);
  });

  await test('hub.js: deletes a repo', async () => {
    await deleteRepo(at);
    await assert.rejects(modelInfo({ name: 'team/tuned', hubUrl: door }), { statusCode: 404 });
    const answer = await fetch(`${door}/api/repos/delete`, { method: 'DELETE', headers: json, body: JSON.stringify({ name: 'py', organization: 'team', type: 'model' }) });
    assert.equal(answer.status, 200);
  });
}
