import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  applyFilters,
  type Filterable,
  facet,
  fromQuery,
  noFilters,
  sizeHistogram,
  sizeSteps,
  toQuery,
} from '../src/lib/filters';
import { rank, search } from '../src/lib/search';

function model(name: string, more: Partial<Filterable> = {}): Filterable {
  return {
    name,
    task: 'text-generation',
    format: 'safetensors',
    license: 'mit',
    status: 'ready',
    size_bytes: 1e9,
    tags: [],
    created_at: '2026-01-01T00:00:00Z',
    stats: { total_requests: 0 },
    ...more,
  };
}

const models = [
  model('Qwen/Qwen2.5', { stats: { total_requests: 5 }, size_bytes: 15e9 }),
  model('bert-base', { task: 'fill-mask', license: 'apache-2.0', stats: { total_requests: 9 } }),
  model('a/gguf', { format: 'gguf', status: 'archived', size_bytes: 3e6 }),
];
const names = (list: readonly { name: string }[]): string[] => list.map((one) => one.name);

test('filters survive the way to the address and back', () => {
  const filters = {
    ...noFilters(),
    search: 'a & b=c',
    tasks: ['fill-mask', 'x/y'],
    formats: ['gguf'],
    licenses: ['openrail++'],
    statuses: ['failed' as const],
    minSize: 5,
    maxSize: 80e9,
    sort: 'name' as const,
    order: 'desc' as const,
  };
  assert.deepEqual(fromQuery(new URLSearchParams(toQuery(filters).toString())), filters);
  assert.equal(toQuery(noFilters()).toString(), '');
});

test('nonsense in the address is no filter', () => {
  const read = fromQuery(new URLSearchParams('sort=evil&order=up&status=x&min=-1&max=1e9'));
  assert.deepEqual(read, noFilters());
});

test('the most used come first unless told otherwise', () => {
  assert.deepEqual(names(applyFilters(models, noFilters())), [
    'bert-base',
    'Qwen/Qwen2.5',
    'a/gguf',
  ]);
  const byName = { ...noFilters(), sort: 'name' as const, order: 'asc' as const };
  assert.deepEqual(names(applyFilters(models, byName)), ['Qwen/Qwen2.5', 'a/gguf', 'bert-base']);
});

test('values of one facet widen, facets narrow', () => {
  const both = { ...noFilters(), tasks: ['fill-mask', 'text-generation'], licenses: ['mit'] };
  assert.deepEqual(names(applyFilters(models, both)), ['Qwen/Qwen2.5', 'a/gguf']);
});

test('a facet counts what a click would show', () => {
  const filters = { ...noFilters(), tasks: ['fill-mask'] };
  assert.deepEqual(facet(models, filters, 'tasks'), [
    { value: 'text-generation', count: 2 },
    { value: 'fill-mask', count: 1 },
  ]);
  assert.deepEqual(facet(models, filters, 'licenses'), [{ value: 'apache-2.0', count: 1 }]);
});

test('a chosen value stays in its facet when nothing has it', () => {
  const filters = { ...noFilters(), formats: ['onnx'] };
  assert.deepEqual(facet(models, filters, 'formats').at(-1), { value: 'onnx', count: 0 });
});

test('the size steps span what is stored', () => {
  const steps = sizeSteps(models);
  assert.ok((steps[0] ?? 0) <= 3e6);
  assert.ok((steps.at(-1) ?? 0) >= 15e9);
  const columns = sizeHistogram(models, noFilters(), steps);
  assert.equal(
    columns.reduce((sum, column) => sum + column.count, 0),
    models.length,
  );
  assert.deepEqual(sizeSteps([]), []);
  assert.deepEqual(sizeSteps([model('x', { size_bytes: 0 })]), []);
});

test('a prefix ranks before a match inside, tags before people', () => {
  const some = model('org/alpha', { tags: ['beta'], downloaded_by: 'gamma' });
  assert.equal(rank(some, 'org'), 0);
  assert.equal(rank(some, 'alp'), 0);
  assert.equal(rank(some, 'pha'), 1);
  assert.equal(rank(some, 'text gen'), 2);
  assert.equal(rank(some, 'beta'), 2);
  assert.equal(rank(some, 'gam'), 3);
  assert.equal(rank(some, 'alpha nothing'), null);
});

test('an equal rank keeps the order it had', () => {
  assert.deepEqual(names(search([model('b/x1'), model('a/x2'), model('c/0x')], 'x')), [
    'b/x1',
    'a/x2',
    'c/0x',
  ]);
});
