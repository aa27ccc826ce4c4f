import assert from 'node:assert/strict';
import { test } from 'node:test';
import { match, modelPath } from '../src/router';

test('a model’s address keeps the slash of its name', () => {
  for (const name of ['gpt2', 'google/flan-t5-small', 'a/b.c-d_e', 'a_b/c', 'Qwen/Qwen2.5-0.5B']) {
    assert.deepEqual(match(modelPath(name)), { page: 'model', name });
  }
  assert.equal(modelPath('google/flan'), '/models/google/flan');
});

test('odd characters come back as they went', () => {
  for (const name of ['a/ü', 'a/b c', 'a/100%', 'a/?x#y']) {
    assert.deepEqual(match(new URL(modelPath(name), 'http://h').pathname), { page: 'model', name });
  }
});

test('pages have their addresses', () => {
  assert.deepEqual(match('/'), { page: 'browse' });
  assert.deepEqual(match('/models'), { page: 'browse' });
  assert.deepEqual(match('/models/'), { page: 'browse' });
  assert.deepEqual(match('/admin'), { page: 'admin', section: 'overview' });
  assert.deepEqual(match('/admin/downloads/'), { page: 'admin', section: 'downloads' });
  assert.deepEqual(match('/admin/models'), { page: 'admin', section: 'models' });
});

test('what is no page is lost, also when it is broken', () => {
  for (const path of [
    '/nothing',
    '/admin/nothing',
    '/admin/constructor',
    '/models/%E0%A4%A',
    '/__proto__',
  ]) {
    assert.deepEqual(match(path), { page: 'lost' }, path);
  }
});
