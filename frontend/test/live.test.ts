import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DownloadPage, DownloadQuery } from '../src/api/client';
import { DownloadFeed, kBusyMs, kFullMs, kIdleMs } from '../src/api/live';
import type { Download } from '../src/api/types';

function job(id: number, status: Download['status']): Download {
  return {
    id,
    model_id: `m${id}`,
    model_name: `m${id}`,
    revision: 'main',
    status,
    priority: 'normal',
    bytes_done: 0,
    attempts: 1,
    requested_by: [],
    created_at: '2026-01-01T00:00:00Z',
  };
}

/** A feed on a clock that the test moves. */
class Bench {
  asked: DownloadQuery[] = [];
  events: string[] = [];
  answers: (DownloadPage | Error)[] = [];
  seen = true;
  private time = 0;
  private timer: { at: number; run: () => void } | null = null;
  readonly feed = new DownloadFeed(
    {
      downloads: async (query) => {
        this.asked.push(query);
        const next = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
        if (next instanceof Error || next === undefined) throw next ?? new Error('nothing');
        return next;
      },
      visible: () => this.seen,
    },
    {
      now: () => this.time,
      after: (ms, run) => {
        this.timer = { at: this.time + ms, run };
        return () => {
          this.timer = null;
        };
      },
    },
  );

  subscribe(): () => void {
    return this.feed.subscribe({
      whole: (active) => this.events.push(`whole ${active.map((one) => one.id)}`),
      changed: (list) => this.events.push(`changed ${list.map((one) => one.id)}`),
    });
  }

  /** Lets pending answers arrive. */
  async settle(): Promise<void> {
    for (let at = 0; at < 20; at += 1) await Promise.resolve();
  }

  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    while (this.timer !== null && this.timer.at <= end) {
      const { at, run } = this.timer;
      this.timer = null;
      this.time = at;
      run();
      await this.settle();
    }
    this.time = end;
  }
}

const page = (seq: number, downloads: Download[], next_cursor?: string): DownloadPage => ({
  downloads,
  total: downloads.length,
  seq,
  next_cursor,
});

test('the feed asks for all that is active, then for what changed', async () => {
  const bench = new Bench();
  bench.answers = [page(7, [job(1, 'downloading')]), page(8, [job(1, 'ready')])];
  bench.subscribe();
  await bench.settle();
  await bench.pass(kBusyMs);
  assert.deepEqual(bench.asked[0], { status: 'active', limit: 200, cursor: undefined });
  assert.deepEqual(bench.asked[1], { since: 7, limit: 200 });
  assert.deepEqual(bench.events, ['whole 1', 'changed 1']);
});

test('it asks each second while jobs run and the tab is seen, else each 15', async () => {
  const bench = new Bench();
  bench.answers = [page(1, [job(1, 'downloading')]), page(1, [])];
  bench.subscribe();
  await bench.settle();
  await bench.pass(5 * kBusyMs);
  assert.equal(bench.asked.length, 6);
  bench.seen = false;
  await bench.pass(kBusyMs);
  await bench.pass(kIdleMs - kBusyMs);
  assert.equal(bench.asked.length, 7);
});

test('paused and finished jobs need no haste', async () => {
  const bench = new Bench();
  bench.answers = [page(1, [job(1, 'paused')]), page(1, [])];
  bench.subscribe();
  await bench.settle();
  assert.equal(bench.feed.pause(), kIdleMs);
});

test('a sequence that went back means another history: all is asked anew', async () => {
  const bench = new Bench();
  bench.answers = [
    page(50, [job(1, 'downloading')]),
    page(3, []),
    page(3, [job(9, 'downloading')]),
  ];
  bench.subscribe();
  await bench.settle();
  await bench.pass(kBusyMs);
  assert.deepEqual(bench.events, ['whole 1', 'whole 9']);
});

test('failures wait 1, 2, 4 and at most 30 seconds, and nothing is lost between', async () => {
  const bench = new Bench();
  bench.answers = [page(5, [job(1, 'downloading')]), new Error('gone')];
  bench.subscribe();
  await bench.settle();
  await bench.pass(kBusyMs);
  const waits: number[] = [];
  for (let at = 0; at < 7; at += 1) {
    waits.push(bench.feed.pause());
    await bench.pass(bench.feed.pause());
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  bench.answers = [page(6, [job(1, 'ready')])];
  await bench.pass(30_000);
  assert.ok(bench.events.length >= 2);
});

test('a long queue is read to its last page', async () => {
  const bench = new Bench();
  bench.answers = [page(5, [job(1, 'queued')], 'more'), page(6, [job(2, 'queued')])];
  bench.subscribe();
  await bench.settle();
  assert.deepEqual(bench.asked[1], { status: 'active', limit: 200, cursor: 'more' });
  assert.deepEqual(bench.events, ['whole 1,2']);
});

test('a change list that was cut off is read on at once', async () => {
  const bench = new Bench();
  const many = Array.from({ length: 200 }, (_, at) => job(at + 1, 'ready'));
  bench.answers = [
    page(5, [job(1, 'downloading')]),
    page(205, many),
    page(206, [job(201, 'ready')]),
  ];
  bench.subscribe();
  await bench.settle();
  await bench.pass(kBusyMs);
  assert.deepEqual(bench.asked[2], { since: 205, limit: 200 });
  assert.equal(bench.events.at(-1), 'changed 201');
});

test('now and then the whole is asked for, so that vanished rows go', async () => {
  const bench = new Bench();
  bench.answers = [page(5, [job(1, 'paused')])];
  bench.subscribe();
  await bench.settle();
  await bench.pass(kFullMs);
  assert.ok(bench.asked.filter((query) => query.status === 'active').length >= 2);
});

test('without subscribers nothing is asked', async () => {
  const bench = new Bench();
  bench.answers = [page(5, [])];
  const leave = bench.subscribe();
  await bench.settle();
  leave();
  await bench.pass(10 * kIdleMs);
  assert.equal(bench.asked.length, 1);
});

test('a poke asks at once, also while an answer is under way', async () => {
  const bench = new Bench();
  bench.answers = [page(5, []), page(5, [])];
  bench.subscribe();
  bench.feed.poke();
  await bench.settle();
  assert.equal(bench.asked.length, 2);
});
