// What huggingface_hub for Python sends, request by request, and what it needs to find in the answers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

const headers = {
  'User-Agent': 'unknown/None; hf_hub/1.29.0; python/3.11.2',
  'X-Amzn-Trace-Id': '0b9d4f0e-0000-4000-8000-000000000000',
};
const gitOid = (bytes) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
const bare = (etag) => etag.replace(/^W\//, '').replaceAll('"', '');

/** get_hf_file_metadata: commit, etag and size must all be there. */
async function metadata(url) {
  const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', headers: { ...headers, 'Accept-Encoding': 'identity' } });
  assert.equal(answer.status, 200, url);
  assert.equal(answer.headers.get('content-encoding'), null);
  const size = answer.headers.get('x-linked-size') ?? answer.headers.get('content-length');
  const found = {
    commit: answer.headers.get('x-repo-commit'),
    etag: bare(answer.headers.get('x-linked-etag') ?? answer.headers.get('etag')),
    size: Number(size),
  };
  assert.match(found.commit, /^[0-9a-f]{40}$/);
  assert.match(found.etag, /^([0-9a-f]{40}|[0-9a-f]{64})$/);
  assert.ok(size !== null && Number.isInteger(found.size));
  return found;
}

async function tree(door, repo, revision) {
  const entries = [];
  let url = `${door}/api/models/${repo}/tree/${encodeURIComponent(revision)}?recursive=true&expand=false`;
  while (url) {
    const answer = await fetch(url, { headers });
    assert.equal(answer.status, 200, url);
    entries.push(...(await answer.json()));
    url = /<(https?:\/\/[^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return entries;
}

export async function pythonClient({ test, door }) {
  for (const repo of ['test/tiny', 'test/sharded', 'test/odd-names']) {
    await test(`Python: snapshot_download of ${repo}`, async () => {
      const info = await (await fetch(`${door}/api/models/${repo}/revision/main`, { headers })).json();
      for (const entry of await tree(door, repo, info.sha)) {
        if (entry.type !== 'file') continue;
        const path = entry.path.split('/').map(encodeURIComponent).join('/');
        const url = `${door}/${repo}/resolve/${info.sha}/${path}`;
        const found = await metadata(url);
        assert.equal(found.commit, info.sha);
        assert.equal(found.size, entry.size);
        assert.equal(found.etag, entry.lfs?.oid ?? entry.oid);
        const answer = await fetch(url, { headers: { ...headers, 'Accept-Encoding': 'gzip, deflate, br' } });
        const bytes = Buffer.from(await answer.arrayBuffer());
        assert.equal(bytes.length, entry.size, entry.path);
        const digest = entry.lfs ? createHash('sha256').update(bytes).digest('hex') : gitOid(bytes);
        assert.equal(digest, found.etag, entry.path);
        assert.ok(!('xetHash' in entry));
      }
    });
  }

  await test('Python: a file that is absent is known to be absent', async () => {
    const answer = await fetch(`${door}/test/tiny/resolve/main/adapter_config.json`, { method: 'HEAD', headers });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('x-error-code'), 'EntryNotFound');
    assert.match(answer.headers.get('x-repo-commit'), /^[0-9a-f]{40}$/);
    const templates = await fetch(
      `${door}/api/models/test/tiny/tree/main/additional_chat_templates?recursive=false&expand=false`, { headers });
    assert.equal(templates.headers.get('x-error-code'), 'EntryNotFound');
  });

  await test('Python: resumes and reads the head of a file', async () => {
    const url = `${door}/test/tiny/resolve/main/model.safetensors`;
    const whole = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
    const rest = await fetch(url, { headers: { ...headers, Range: 'bytes=1000-' } });
    assert.equal(rest.status, 206);
    assert.deepEqual(Buffer.from(await rest.arrayBuffer()), whole.subarray(1000));
    const begin = await fetch(url, { headers: { ...headers, Range: 'bytes=0-100000' } });
    assert.equal(begin.status, 206);
    assert.equal(begin.headers.get('content-range'), `bytes 0-${whole.length - 1}/${whole.length}`);
  });
}
