// What llama.cpp sends for -hf, before and since 2026-03.
import assert from 'node:assert/strict';

const headers = { 'User-Agent': 'llama-cpp/b8000', Accept: 'application/json' };

export async function llamaCpp({ test, door }) {
  await test('llama.cpp: refs, one page of the tree, HEAD and a resumed GET', async () => {
    const refs = await (await fetch(`${door}/api/models/test/many-files/refs`, { headers })).json();
    const main = refs.branches.find((branch) => branch.name === 'main');
    assert.match(main.targetCommit, /^[0-9a-f]{40}$/);
    const listed = await fetch(`${door}/api/models/test/many-files/tree/${main.targetCommit}?recursive=true`, { headers });
    const files = (await listed.json()).filter((entry) => entry.type === 'file');
    assert.equal(files.length, 230);
    for (const file of files) assert.match(file.lfs?.oid ?? file.oid, /^([0-9a-f]{40}|[0-9a-f]{64})$/);
    const url = `${door}/test/many-files/resolve/${main.targetCommit}/${files[0].path}`;
    const head = await fetch(url, { method: 'HEAD', headers });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('accept-ranges'), 'bytes');
    const rest = await fetch(url, { headers: { ...headers, Range: 'bytes=2-' } });
    assert.equal(rest.status, 206);
    assert.equal(rest.headers.get('etag'), head.headers.get('etag'));
  });

  await test('llama.cpp: a manifest that has no GGUF file says so', async () => {
    const answer = await fetch(`${door}/v2/test/tiny/manifests/latest`, { headers });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('x-error-code'), 'EntryNotFound');
  });
}
