import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  amountOf,
  type Offer,
  patternsOf,
  suggestedChoice,
  withGroup,
  withQuant,
} from '../src/lib/choice';

const group = (paths: string[], size_bytes: number, more: object = {}) => ({
  file_count: paths.length,
  size_bytes,
  stored_bytes: 0,
  files: paths.map((path) => ({ path })),
  ...more,
});

const kTwoFormats: Offer = {
  groups: [
    group(['model.safetensors'], 100, { format: 'safetensors', stored_bytes: 40 }),
    group(['pytorch_model.bin'], 100, { format: 'pytorch', duplicate_of: 'safetensors' }),
    group(['config.json', 'generation_config.json'], 2),
    group(['tokenizer.json', 'vocab.txt'], 3),
    group(['README.md', 'docs/picture[1].png'], 5),
  ],
  quants: [],
  suggested_ignore_patterns: ['*.bin'],
};

const quant = (name: string, size_bytes: number) => ({
  pattern: `*${name}*`,
  file_count: 1,
  size_bytes,
  stored_bytes: 0,
});
const kQuants: Offer = {
  groups: [
    group(['a.Q4.gguf', 'a.Q8.gguf'], 30, { format: 'gguf' }),
    group(['config.json'], 2),
    group(['README.md', '.gitattributes'], 1),
  ],
  quants: [quant('Q4', 10), quant('Q8', 20)],
  suggested_ignore_patterns: [],
};

test('what is there twice is left out from the start, in the words of the server', () => {
  const choice = suggestedChoice(kTwoFormats);
  assert.deepEqual(amountOf(kTwoFormats, choice), {
    file_count: 7,
    size_bytes: 110,
    stored_bytes: 40,
  });
  assert.deepEqual(patternsOf(kTwoFormats, choice), { allow: [], ignore: ['*.bin'] });
});

test('everything ticked asks for everything', () => {
  const choice = withGroup(kTwoFormats, suggestedChoice(kTwoFormats), 1, true);
  assert.deepEqual(patternsOf(kTwoFormats, choice), { allow: [], ignore: [] });
  assert.equal(amountOf(kTwoFormats, choice).size_bytes, 210);
});

test('a group is left out by its endings, or by name where others share them', () => {
  let choice = withGroup(kTwoFormats, suggestedChoice(kTwoFormats), 4, false);
  assert.deepEqual(patternsOf(kTwoFormats, choice)?.ignore, ['*.bin', '*.md', '*.png']);
  choice = withGroup(kTwoFormats, choice, 3, false);
  assert.deepEqual(patternsOf(kTwoFormats, choice)?.ignore, [
    '*.bin',
    'tokenizer.json',
    '*.txt',
    '*.md',
    '*.png',
  ]);
});

test('a name that looks like a pattern means itself', () => {
  const offer: Offer = {
    groups: [group(['a[1].md'], 1), group(['b.md'], 1)],
    quants: [],
    suggested_ignore_patterns: [],
  };
  const choice = withGroup(offer, suggestedChoice(offer), 0, false);
  assert.deepEqual(patternsOf(offer, choice)?.ignore, ['a?1?.md']);
});

test('one quantization comes with what else is ticked', () => {
  const choice = withQuant(suggestedChoice(kQuants), 0, { pattern: '*Q8*' }, false);
  assert.deepEqual(patternsOf(kQuants, choice), {
    allow: ['*Q4*', '*.json', '*.md', '.gitattributes'],
    ignore: [],
  });
  assert.deepEqual(amountOf(kQuants, choice), { file_count: 4, size_bytes: 13, stored_bytes: 0 });
});

test('no quantization is the whole group left out, and the group brings all back', () => {
  let choice = suggestedChoice(kQuants);
  for (const one of kQuants.quants) choice = withQuant(choice, 0, one, false);
  assert.deepEqual(patternsOf(kQuants, choice), { allow: [], ignore: ['*.gguf'] });
  choice = withGroup(kQuants, choice, 0, true);
  assert.deepEqual(patternsOf(kQuants, choice), { allow: [], ignore: [] });
});

test('more patterns than a request may have are refused', () => {
  const many = Array.from({ length: 101 }, (_, at) => `file-${at}`);
  const offer: Offer = {
    groups: [group(many, 1), group(['a'], 1)],
    quants: [],
    suggested_ignore_patterns: [],
  };
  assert.equal(patternsOf(offer, withGroup(offer, suggestedChoice(offer), 0, false)), null);
});
