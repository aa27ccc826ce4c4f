import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRepoName, validRepoName, validRevision } from '../src/lib/repo_name';

test('names and addresses are understood', () => {
  const rows: [string, string, string | undefined][] = [
    ['gpt2', 'gpt2', undefined],
    [' google/flan-t5-small ', 'google/flan-t5-small', undefined],
    ['google/flan-t5-small@v1.0', 'google/flan-t5-small', 'v1.0'],
    ['https://huggingface.co/google/flan-t5-small', 'google/flan-t5-small', undefined],
    ['https://huggingface.co/google/flan-t5-small/tree/main', 'google/flan-t5-small', 'main'],
    ['https://huggingface.co/gpt2/tree/main', 'gpt2', 'main'],
    ['https://huggingface.co/a/b/blob/v2/config.json?x=1#L3', 'a/b', 'v2'],
    ['https://huggingface.co/a/b/tree/refs%2Fpr%2F1', 'a/b', 'refs/pr/1'],
    ['huggingface.co/a/b', 'a/b', undefined],
    ['hf.co/a/b', 'a/b', undefined],
    ['http://127.0.0.1:8080/a/b/', 'a/b', undefined],
    ['hf://a/b@main', 'a/b', 'main'],
  ];
  for (const [typed, name, revision] of rows) {
    const result = parseRepoName(typed);
    assert.ok(result.ok, typed);
    assert.deepEqual([result.value.name, result.value.revision], [name, revision], typed);
  }
});

test('what is no model is told apart from what is no name', () => {
  const rows: [string, string][] = [
    ['', 'empty'],
    ['   ', 'empty'],
    ['https://huggingface.co/', 'not_a_model'],
    ['https://huggingface.co/datasets/squad', 'not_a_model'],
    ['a/b/c', 'bad_name'],
    ['a b', 'bad_name'],
    ['../etc', 'bad_name'],
    ['a--b', 'bad_name'],
    ['a/b.git', 'bad_name'],
    ['é/b', 'bad_name'],
    ['a/b@', 'bad_revision'],
    ['a/b@../x', 'bad_revision'],
    ['a/b@x.lock', 'bad_revision'],
  ];
  for (const [typed, problem] of rows) {
    const result = parseRepoName(typed);
    assert.ok(!result.ok, typed);
    assert.equal(result.problem, problem, typed);
  }
});

test('the rule for names is the server’s', () => {
  assert.ok(validRepoName(`${'a'.repeat(96)}/${'b'.repeat(96)}`));
  assert.ok(!validRepoName('a'.repeat(97)));
  assert.ok(!validRepoName('-a'));
  assert.ok(!validRepoName('a.'));
  assert.ok(!validRepoName('a\n'));
  assert.ok(validRevision('refs/pr/1'));
  assert.ok(!validRevision('/a'));
  assert.ok(!validRevision('a/'));
  assert.ok(!validRevision('a/.b'));
});
