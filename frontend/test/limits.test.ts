import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCount, readSpeed, speedTyped } from '../src/lib/limits';

test('a speed is typed in megabytes a second, and nothing is no limit', () => {
  assert.equal(readSpeed('200'), 200e6);
  assert.equal(readSpeed(' 1.5 '), 1.5e6);
  assert.equal(readSpeed('1,5'), 1.5e6);
  assert.equal(readSpeed(''), 0);
  for (const bad of ['-1', 'fast', '1e3', '1.2.3', '9'.repeat(20)])
    assert.equal(readSpeed(bad), null);
});

test('what is shown reads back as it was', () => {
  for (const speed of [0, 1.5e6, 200e6, 2.345e9]) assert.equal(readSpeed(speedTyped(speed)), speed);
});

test('a count has its bounds', () => {
  assert.equal(readCount('3', 64), 3);
  for (const bad of ['0', '65', '', '1.5', 'x']) assert.equal(readCount(bad, 64), null);
});
