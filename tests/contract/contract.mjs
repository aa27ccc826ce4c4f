// Asks a running service every call of docs/openapi.json, well and badly, and holds the real answers against the
// document. MODELKEEP_URL says where it runs; MODELKEEP_CONTRACT_MODEL is a repo that its hub serves. The store
// may hold anything; what this program adds it takes away again.
import { document, faults } from './schemas.mjs';

const base = (process.env.MODELKEEP_URL ?? 'http://127.0.0.1:5000').replace(/\/$/, '');
const repo = process.env.MODELKEEP_CONTRACT_MODEL ?? 'gpt2';
const user = 'contract-test';
const readyTimeoutMs = 30_000;

let passed = 0;
let failed = 0;
const called = new Set();

function note(name, found) {
  if (found.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${name}`);
  for (const fault of found) console.log(`  ${fault}`);
}

// One call. `expected` is a status or a list of them, optionally with the code of the problem.
async function call(name, method, path, target, expected, options = {}) {
  const headers = { 'X-Username': user, ...options.headers };
  if (options.unnamed) delete headers['X-Username'];
  if (options.body !== undefined) headers['Content-Type'] ??= 'application/json';
  const response = await fetch(base + target, {
    method: method.toUpperCase(),
    headers,
    body: options.body,
    redirect: 'manual',
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  let body;
  const found = [];
  if (type.includes('json')) {
    try {
      body = JSON.parse(text);
    } catch {
      found.push(`no JSON: ${text.slice(0, 100)}`);
    }
  }
  const statuses = [expected].flat();
  if (!statuses.includes(response.status)) found.push(`${response.status} instead of ${statuses}: ${text.slice(0, 200)}`);
  if (options.code && body?.code !== options.code) found.push(`code ${body?.code} instead of ${options.code}`);
  if (!response.headers.get('x-request-id')) found.push('no X-Request-Id');
  if (body?.request_id && body.request_id !== response.headers.get('x-request-id')) {
    found.push('request_id and X-Request-Id differ');
  }
  if (path) {
    called.add(`${method} ${path}`);
    found.push(...faults(method, path, response.status, type, body));
  }
  note(`${name}: ${method} ${target}`, found);
  return { status: response.status, body, headers: response.headers, text };
}

const json = (value) => JSON.stringify(value);
const idPath = '/api/models/{id}';

async function reads() {
  await call('health', 'get', '/api/health', '/api/health', 200);
  await call('document', 'get', '/api/openapi.json', '/api/openapi.json', 200);
  await call('stats', 'get', '/api/stats', '/api/stats', 200);
  await call('all models', 'get', '/api/models', '/api/models', 200);
  for (const sort of ['name', 'size_bytes', 'downloaded_at', 'last_used_at', 'total_requests']) {
    for (const order of ['asc', 'desc']) {
      const target = `/api/models?limit=2&sort=${sort}&order=${order}`;
      const page = await call('a page', 'get', '/api/models', target, 200);
      const cursor = page.body?.next_cursor;
      if (cursor) {
        await call('the next page', 'get', '/api/models', `${target}&cursor=${encodeURIComponent(cursor)}`, 200);
      }
    }
  }
  await call('a search', 'get', '/api/models', '/api/models?search=%25&status=ready&min_size=0&limit=5', 200);
  await call('downloads', 'get', '/api/downloads', '/api/downloads', 200);
  await call('downloads since', 'get', '/api/downloads', '/api/downloads?since=0&limit=200', 200);
}

async function previews() {
  const path = '/api/preview';
  const of = (name, query, status, code) => call(name, 'get', path, `${path}?${query}`, status, { code });
  await of('a preview', `model_name=${encodeURIComponent(repo)}`, 200);
  await of('with patterns', `model_name=${encodeURIComponent(repo)}&allow_patterns=*.json&ignore_patterns=a&ignore_patterns=b`, 200);
  await of('of nothing', 'model_name=contract-test/no-such', 404);
  await of('of no revision', `model_name=${encodeURIComponent(repo)}&revision=no-such`, 404, 'revision_not_found');
  await of('without a name', '', 400, 'field_missing');
  await of('of a bad name', 'model_name=a/b/c', 400, 'repo_id_invalid');
}

async function revisions(id) {
  const path = '/api/models/{id}/revisions';
  const list = await call('revisions', 'get', path, `/api/models/${id}/revisions`, 200);
  const shown = list.body?.revisions?.find((one) => one.current);
  const one = (commit) => `/api/models/${id}/revisions/${commit}`;
  await call('of nothing', 'get', path, '/api/models/no-such-model/revisions', 404);
  await call('the shown one', 'delete', `${path}/{commit}`, one(shown.commit), 409, { code: 'state_conflict' });
  await call('none such', 'delete', `${path}/{commit}`, one('0'.repeat(40)), 404, { code: 'revision_not_found' });
  const updated = await call('update', 'post', '/api/models/{id}/update', `/api/models/${id}/update`, 202);
  note('the update ends', (await follow(updated.body?.download?.id)) === 'ready' ? [] : ['not ready']);
  await call('update nothing', 'post', '/api/models/{id}/update', '/api/models/no-such-model/update', 404);
}

async function refusals() {
  const list = (query, code) =>
    call(code, 'get', '/api/models', `/api/models?${query}`, 400, { code, unnamed: true });
  await list('limit=0', 'page_invalid');
  await list('limit=1&limit=2', 'query_duplicate');
  await list('cursor=garbage', 'page_invalid');
  await list('sort=password', 'page_invalid');
  await list(`search=${'a'.repeat(201)}`, 'query_invalid');
  await list('username=%0a', 'username_invalid');
  await call('no such model', 'get', idPath, '/api/models/no-such-model', 404, { code: 'model_not_found' });
  await call('no id', 'get', idPath, '/api/models/a%20b', 400, { code: 'model_id_invalid' });
  await call('no such download', 'get', '/api/downloads/{id}', '/api/downloads/999999999', 404, {
    code: 'download_not_found',
  });
  await call('no route', 'get', null, '/api/nothing', 404, { code: 'route_not_found' });
  const wrongMethod = await call('wrong method', 'patch', null, '/api/models', 405, { code: 'method_not_allowed' });
  note('405 has Allow', wrongMethod.headers.get('allow') ? [] : ['no Allow']);

  const ask = (name, body, status, code, headers = {}) =>
    call(name, 'post', '/api/models/download', '/api/models/download', status, { body, code, headers });
  await ask('no JSON', '{', 400, 'json_invalid');
  await ask('a list', '[]', 400, 'field_type');
  await ask('no name', '{}', 400, 'field_missing');
  await ask('a number', json({ model_name: 7 }), 400, 'field_type');
  await ask('a bad name', json({ model_name: 'a/b/c' }), 400, 'repo_id_invalid');
  await ask('a bad revision', json({ model_name: 'a', revision: '../x' }), 400, 'revision_invalid');
  await ask('twice', '{"model_name":"a","model_name":"b"}', 400, 'json_duplicate_key');
  await ask('a form', 'model_name=a', 415, 'media_type_unsupported', {
    'Content-Type': 'application/x-www-form-urlencoded',
  });
  await ask('a foreign page', json({ model_name: repo }), 403, 'origin_forbidden', { Origin: 'http://evil.example' });
  await ask('too large', `{"model_name":"${'a'.repeat(70_000)}"}`, 413, 'body_too_large');
  await call('PUT on nothing', 'put', idPath, '/api/models/no-such-model', 404, { body: '{}' });
  await call('DELETE on nothing', 'delete', idPath, '/api/models/no-such-model', 404);
  await call('PATCH on nothing', 'patch', '/api/downloads/{id}', '/api/downloads/999999999', 404, { body: '{}' });
  for (const verb of ['pause', 'resume', 'cancel', 'retry']) {
    const path = `/api/downloads/{id}/${verb}`;
    await call(`${verb} nothing`, 'post', path, `/api/downloads/999999999/${verb}`, 404);
  }
}

async function sleep(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

// Follows a download until it has ended, holding each answer against the document.
async function follow(id) {
  const deadline = Date.now() + readyTimeoutMs;
  while (true) {
    const { body } = await call('progress', 'get', '/api/downloads/{id}', `/api/downloads/${id}`, 200);
    const status = body?.download?.status;
    if (['ready', 'failed', 'cancelled', undefined].includes(status) || Date.now() > deadline) return status;
    await sleep(200);
  }
}

async function oneModel() {
  const asked = await call('ask', 'post', '/api/models/download', '/api/models/download', [200, 202], {
    body: json({ model_name: repo, username: user, priority: 'high' }),
  });
  const id = asked.body?.model?.id;
  if (!id) return;
  const wasHere = asked.status === 200;
  const download = asked.body.download?.id;
  await call('while it comes', 'get', idPath, `/api/models/${id}`, 200);
  await call('ask again', 'post', '/api/models/download', '/api/models/download', [200, 202], {
    body: json({ model_name: repo }),
  });
  if (download) {
    await call('order', 'patch', '/api/downloads/{id}', `/api/downloads/${download}`, [200, 409], {
      body: json({ priority: 'normal' }),
    });
    const status = await follow(download);
    note('it became ready', status === 'ready' ? [] : [`it is ${status}`]);
  }
  await call('ask and wait', 'post', '/api/models/download', '/api/models/download', [200, 202], {
    body: json({ model_name: repo, wait: true }),
  });
  const model = await call('the model', 'get', idPath, `/api/models/${id}`, 200);
  await changes(id, model.headers.get('etag'));
  await revisions(id);
  const file = model.body?.model?.files?.[0];
  if (file) await files(id, file);
  if (!wasHere) {
    await call('delete', 'delete', idPath, `/api/models/${id}?purge=true`, 200);
    await call('it is gone', 'get', idPath, `/api/models/${id}`, 404, { code: 'model_not_found' });
  }
}

async function changes(id, etag) {
  const put = (name, body, status, options = {}) =>
    call(name, 'put', idPath, `/api/models/${id}`, status, { body: json(body), ...options });
  await put('describe', { description: 'seen by the contract test', tags: ['contract'], pinned: true }, 200);
  await put('an old ETag', { pinned: false }, 412, { headers: { 'If-Match': etag }, code: 'etag_mismatch' });
  await put('undo', { description: '', tags: [], pinned: false }, 200);
  await put('computed', { size_bytes: 1 }, 400, { code: 'field_invalid' });
  await put('no status', { status: 'downloading' }, 400, { code: 'field_invalid' });
}

async function files(id, file) {
  const path = '/api/models/{id}/files/{path}';
  const target = `/api/models/${id}/files/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  const whole = await call('a file', 'get', path, target, 200);
  note('the file has its size', [
    ...(Number(whole.headers.get('content-length')) === file.size_bytes ? [] : ['another Content-Length']),
    ...(whole.headers.get('content-disposition')?.startsWith('attachment') ? [] : ['no attachment']),
    ...(whole.headers.get('x-content-type-options') === 'nosniff' ? [] : ['no nosniff']),
    ...(whole.headers.get('content-security-policy')?.includes('sandbox') ? [] : ['no sandbox']),
  ]);
  await call('a range', 'get', path, target, 206, { headers: { Range: 'bytes=0-0' } });
  for (const range of ['bytes=5-2', 'bytes=99999999999-']) {
    await call('no such range', 'get', null, target, 416, { headers: { Range: range } });
  }
  await call('no such file', 'get', path, `/api/models/${id}/files/no-such-file`, 404, { code: 'file_not_found' });
  await call('no path', 'get', path, `/api/models/${id}/files/a%5c..%5cb`, 400, { code: 'path_invalid' });
}

// A name that no hub has, so that its download can be stopped and started at leisure.
async function verbs() {
  const name = `contract-test/no-such-${Date.now()}`;
  const asked = await call('ask for nothing', 'post', '/api/models/download', '/api/models/download', 202, {
    body: json({ model_name: name, username: user }),
  });
  const download = asked.body?.download?.id;
  const id = asked.body?.model?.id;
  if (!download) return;
  for (const verb of ['pause', 'resume', 'pause', 'resume', 'retry']) {
    const path = `/api/downloads/{id}/${verb}`;
    await call(verb, 'post', path, `/api/downloads/${download}/${verb}`, [200, 409], { body: json({ username: user }) });
  }
  await follow(download);
  await call('its model', 'get', idPath, `/api/models/${id}`, [200, 404]);
  await call('cancel', 'post', '/api/downloads/{id}/cancel', `/api/downloads/${download}/cancel`, [200, 409]);
  await call('its end', 'delete', idPath, `/api/models/${id}`, [200, 404]);
}

// What was set before is set again at the end.
async function settings() {
  const path = '/api/settings';
  const before = await call('settings', 'get', path, path, 200);
  const own = (key) => before.body?.settings?.find((one) => one.key === key) ?? {};
  const put = (name, body, status, code) => call(name, 'put', path, path, status, { body: json(body), code });
  await put('an unknown key', { 'limits.speed': 1 }, 400, 'field_unknown');
  await put('another kind', { 'limits.downloads': '3' }, 400, 'field_type');
  await put('beyond its bounds', { 'limits.downloads': 0 }, 400, 'field_invalid');
  await put('not changeable', { mount_point: '/' }, 409, 'setting_fixed');
  const window = { days: ['mon', 'sun'], from: '23:58', to: '23:59', bytes_per_second: 1_000_000_000 };
  if (own('limits.windows').changeable) {
    await put('a window', { 'limits.windows': [window] }, 200);
    await put('no hours', { 'limits.windows': [{ downloads: 1 }] }, 400, 'field_missing');
    await put('no such hour', { 'limits.windows': [{ ...window, from: '25:00' }] }, 400, 'field_invalid');
    const was = own('limits.windows');
    await put('as it was', { 'limits.windows': was.source === 'api' ? was.value : null }, 200);
  }
  if (own('limits.connections').changeable) {
    const was = own('limits.connections');
    await put('a number', { 'limits.connections': 7, username: user }, 200);
    await put('as it was', { 'limits.connections': was.source === 'api' ? was.value : null }, 200);
  }
}

await reads();
await refusals();
await settings();
await previews();
await oneModel();
await verbs();
for (const [path, operations] of Object.entries(document.paths)) {
  for (const method of Object.keys(operations)) {
    note(`${method} ${path} was called`, called.has(`${method} ${path}`) ? [] : ['it was not']);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
