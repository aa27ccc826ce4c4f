import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../src/lib/format';

const now = Date.UTC(2026, 10, 22, 10, 30, 0);
const before = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

test('sizes are decimal, with three significant digits', () => {
  const rows: [number, string][] = [
    [0, '0 B'],
    [663, '663 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [5_900, '5.9 kB'],
    [440e6, '440 MB'],
    [999_600, '1.00 MB'],
    [2.27e9, '2.27 GB'],
    [15.24e9, '15.2 GB'],
    [1.84e12, '1.84 TB'],
    [-1, ''],
    [Number.NaN, ''],
  ];
  for (const [bytes, text] of rows) assert.equal(format.bytes(bytes), text);
});

test('a part and its whole share a unit', () => {
  assert.deepEqual(format.bytesOf(8.99e9, 14.5e9), { done: '8.99', total: '14.50 GB' });
  assert.deepEqual(format.bytesOf(500, 2_000_000), { done: '500 B', total: '2.00 MB' });
  assert.deepEqual(format.bytesOf(0, 2_000_000), { done: '0.00', total: '2.00 MB' });
  assert.deepEqual(format.bytesOf(1, 10), { done: '1', total: '10 B' });
});

test('a hundred percent is shown only when all is there', () => {
  assert.equal(format.percent(999_999, 1_000_000), 99);
  assert.equal(format.percent(1_000_000, 1_000_000), 100);
  assert.equal(format.percent(0, 0), 0);
  assert.equal(format.percent(-1, 10), 0);
});

test('durations need one glance', () => {
  assert.equal(format.duration(0), '1 s');
  assert.equal(format.duration(47), '47 s');
  assert.equal(format.duration(1150), '19 min');
  assert.equal(format.duration(7500), '2 h 5 min');
  assert.equal(format.duration(3 * 86_400), '3 d');
  assert.equal(format.duration(Number.POSITIVE_INFINITY), '');
});

test('times say how long ago, then the day', () => {
  assert.equal(format.ago(before(0), now), 'just now');
  assert.equal(format.ago(before(12), now), '12 min ago');
  assert.equal(format.ago(before(120), now), '2 h ago');
  assert.equal(format.ago(before(24 * 60), now), 'yesterday');
  assert.equal(format.ago(before(3 * 24 * 60), now), '3 days ago');
  assert.equal(format.ago('2026-10-21T08:00:00Z', now), '21 Oct');
  assert.equal(format.ago('2025-10-21T08:00:00Z', now), '21 Oct 2025');
  assert.equal(format.ago(undefined, now), '');
  assert.equal(format.ago('nonsense', now), '');
});

test('initials come from words, names without spaces give two letters', () => {
  assert.equal(format.initials('Mira Okafor'), 'MO');
  assert.equal(format.initials('john'), 'JO');
  assert.equal(format.initials('ci-runner-3'), 'C3');
  assert.equal(format.initials('李雷'), '李雷');
  assert.equal(format.initials(''), '');
});

test('a name splits at its first slash', () => {
  assert.deepEqual(format.splitName('google/flan'), { owner: 'google/', name: 'flan' });
  assert.deepEqual(format.splitName('gpt2'), { owner: '', name: 'gpt2' });
});

test('tasks read as words, unknown ones too', () => {
  assert.equal(format.humanTask('text-generation'), 'Text generation');
  assert.equal(format.humanTask('automatic-speech-recognition'), 'Speech recognition');
  assert.equal(format.humanTask('constructor'), 'Constructor');
  assert.equal(format.humanTask(undefined), '');
});
