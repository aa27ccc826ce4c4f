/**
 * The live feed of downloads. It polls what changed since the last answer: each second while jobs run and
 * the tab is seen, each 15 seconds otherwise. The page only sees `subscribe`.
 */

import type { DownloadPage, DownloadQuery } from './client';
import type { Download } from './types';

export const kBusyMs = 1_000;
export const kIdleMs = 15_000;
/** A full look now and then finds rows that went away, which "what changed" cannot tell. */
export const kFullMs = 60_000;
const kPage = 200;
const kMostPages = 50;

export interface FeedClock {
  now(): number;
  /** Returns what cancels it. */
  after(ms: number, run: () => void): () => void;
}

export interface FeedEvents {
  /** Everything unfinished; what is not in it is unfinished no more. */
  whole(active: Download[]): void;
  /** Rows that changed, finished ones included. */
  changed(downloads: Download[]): void;
}

export interface FeedSource {
  downloads(query: DownloadQuery): Promise<DownloadPage>;
  visible(): boolean;
}

export const isActive = (download: Download): boolean =>
  !['ready', 'failed', 'cancelled'].includes(download.status);

/** Whether bytes or states may move by themselves: what is paused does not. */
const isRunning = (download: Download): boolean =>
  isActive(download) && download.status !== 'paused';

export class DownloadFeed {
  private seq: number | null = null;
  private fullAt = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private running = new Set<number>();
  private subscribers = new Set<FeedEvents>();
  private cancelTimer: (() => void) | null = null;
  private polling = false;
  private again = false;

  constructor(
    private readonly source: FeedSource,
    private readonly clock: FeedClock,
  ) {}

  subscribe(events: FeedEvents): () => void {
    this.subscribers.add(events);
    if (this.subscribers.size === 1) void this.poll();
    return () => {
      this.subscribers.delete(events);
      if (this.subscribers.size === 0) this.stop();
    };
  }

  /** Ask at once: after an action, or when the tab is seen again. */
  poke(): void {
    if (this.subscribers.size === 0) return;
    if (this.polling) this.again = true;
    else void this.poll();
  }

  private stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  private async poll(): Promise<void> {
    this.stop();
    this.polling = true;
    try {
      await this.ask();
      this.failures = 0;
    } catch {
      this.failures += 1;
    }
    this.polling = false;
    if (this.subscribers.size === 0) return;
    if (this.again) {
      this.again = false;
      void this.poll();
      return;
    }
    this.cancelTimer = this.clock.after(this.pause(), () => void this.poll());
  }

  /** Until the next question. After failures 1, 2, 4 ... 30 seconds. */
  pause(): number {
    if (this.failures > 0) return Math.min(30_000, 1_000 * 2 ** (this.failures - 1));
    return this.running.size > 0 && this.source.visible() ? kBusyMs : kIdleMs;
  }

  private async ask(): Promise<void> {
    const since = this.seq;
    if (since === null || this.clock.now() - this.fullAt >= kFullMs) return this.askWhole();
    const { downloads, seq } = await this.source.downloads({ since, limit: kPage });
    // A smaller number than before means another history: a restored backup, or a new store.
    if (seq < since) return this.askWhole();
    this.seq = seq;
    if (downloads.length > 0) this.tell((events) => events.changed(downloads));
    this.note(downloads);
    // A full answer was cut off; its number says where the rest begins.
    if (downloads.length >= kPage && seq > since) return this.ask();
  }

  private async askWhole(): Promise<void> {
    const downloads: Download[] = [];
    let seq: number | null = null;
    let cursor: string | undefined;
    for (let page = 0; page < kMostPages; page += 1) {
      const answer = await this.source.downloads({ status: 'active', limit: kPage, cursor });
      downloads.push(...answer.downloads);
      // The first answer's number: what changed while the others were read comes again next time.
      seq ??= answer.seq;
      cursor = answer.next_cursor;
      if (cursor === undefined) break;
    }
    this.seq = seq;
    this.fullAt = this.clock.now();
    this.running.clear();
    this.tell((events) => events.whole(downloads));
    this.note(downloads);
  }

  private note(downloads: Download[]): void {
    for (const download of downloads) {
      if (isRunning(download)) this.running.add(download.id);
      else this.running.delete(download.id);
    }
  }

  private tell(say: (events: FeedEvents) => void): void {
    for (const events of this.subscribers) say(events);
  }
}
