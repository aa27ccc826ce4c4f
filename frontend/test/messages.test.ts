import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isMessage, t } from '../src/i18n/en';

test('plurals follow n, and numbers are written with separators', () => {
  assert.equal(t('noun.files', { n: 1 }), '1 file');
  assert.equal(t('noun.files', { n: 12_345 }), '12,345 files');
});

test('a value is put in as it is, never read as a message', () => {
  assert.equal(t('who.saved', { name: '{n} $& <b>' }), 'Saved. You are {n} $& <b>.');
  assert.ok(!isMessage('constructor'));
});

/** Keys that code puts together, such as `phase.${status}`. */
const kComposed =
  /^(status|phase|wait|next|file|theme|sort|priority|nav|integrity|health|limits)\.|^downloads\.(filter|count)\.|^(overview\.storage|overview\.activity|preview\.kind|preview\.why|model\.tab|model\.use)\./;

const read = (name: string): string => readFileSync(`src/${name}`, 'utf8');
const sources = readdirSync('src', { recursive: true }) as string[];
const keys = sources
  .filter((name) => name.startsWith('i18n/en/'))
  .flatMap((name) => [...read(name).matchAll(/^ {2}'?([\w.]+)'?:/gm)].map(([, key = '']) => key));

test('no message stands in two files', () => {
  assert.deepEqual(
    keys.filter((key, at) => keys.indexOf(key) !== at),
    [],
  );
});

test('every message is shown somewhere', () => {
  const files = sources
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('i18n/'))
    .map(read)
    .join('\n');
  assert.ok(keys.length > 200);
  for (const key of keys) {
    assert.ok(files.includes(`'${key}'`) || kComposed.test(key), `nothing shows "${key}"`);
  }
});
