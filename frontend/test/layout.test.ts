import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeySequence, kSequenceMs } from '../src/lib/keys';
import { treemap } from '../src/lib/treemap';
import { cleanUsername } from '../src/lib/username';
import { visibleRows } from '../src/lib/window';

test('the rows near the screen are drawn, all others keep their room', () => {
  for (const top of [-500, 0, 58 * 40, 58 * 990, 58 * 5000]) {
    const rows = visibleRows(1000, 58, { top, height: 900 });
    assert.equal(rows.before + rows.after + (rows.end - rows.first) * 58, 58_000);
    assert.ok(rows.end - rows.first <= 40, `${rows.end - rows.first} rows`);
    assert.ok(rows.end > rows.first);
  }
  assert.deepEqual(visibleRows(0, 58, { top: 0, height: 900 }), {
    first: 0,
    end: 0,
    before: 0,
    after: 0,
  });
});

test('tiles fill the map in proportion and never overlap', () => {
  const values = [521, 402, 262, 188, 163, 141, 92, 71, 0];
  const total = values.reduce((a, b) => a + b, 0);
  const tiles = treemap(
    values.map((value) => ({ value })),
    640 / 268,
  );
  assert.equal(tiles.length, 8);
  for (const tile of tiles) {
    const share = (tile.width * tile.height) / 10_000;
    assert.ok(Math.abs(share - tile.item.value / total) < 1e-9);
    assert.ok(tile.left >= -1e-9 && tile.left + tile.width <= 100 + 1e-9);
    assert.ok(tile.top >= -1e-9 && tile.top + tile.height <= 100 + 1e-9);
    for (const other of tiles) {
      if (other === tile) continue;
      const apart =
        tile.left + tile.width <= other.left + 1e-6 ||
        other.left + other.width <= tile.left + 1e-6 ||
        tile.top + tile.height <= other.top + 1e-6 ||
        other.top + other.height <= tile.top + 1e-6;
      assert.ok(apart);
    }
  }
  assert.deepEqual(treemap([], 2), []);
});

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test('g waits for its second key, but not for long', () => {
  const keys = new KeySequence();
  assert.equal(keys.press(press('g'), 0), null);
  assert.equal(keys.press(press('D'), 100), 'g d');
  assert.equal(keys.press(press('g'), 200), null);
  assert.equal(keys.press(press('d'), 200 + kSequenceMs + 1), 'd');
});

test('keys with a modifier belong to the browser', () => {
  const keys = new KeySequence();
  assert.equal(keys.press(press('k', { ctrlKey: true }), 0), null);
  assert.equal(keys.press(press('Enter'), 0), 'Enter');
});

test('a user name is made to fit the server’s rule', () => {
  assert.equal(cleanUsername('  mira \n'), 'mira');
  assert.equal(cleanUsername('a\u202eb\u0000c'), 'abc');
  assert.equal([...cleanUsername('é'.repeat(100))].length, 64);
  assert.ok(new TextEncoder().encode(cleanUsername('😀'.repeat(70))).length <= 256);
});
