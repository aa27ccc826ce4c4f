/** Something fetched: what came last stays on screen while it is fetched again or when that fails. */

import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { ApiError } from '../api/client';

export interface Resource<T> {
  data: ReadonlySignal<T | null>;
  error: ReadonlySignal<ApiError | null>;
  loading: ReadonlySignal<boolean>;
  /** When `data` came, in milliseconds; 0 before that. */
  at: ReadonlySignal<number>;
  load(): Promise<void>;
}

export function resource<T>(fetch: () => Promise<T>): Resource<T> {
  const data = signal<T | null>(null);
  const error = signal<ApiError | null>(null);
  const loading = signal(false);
  const at = signal(0);
  let latest = 0;

  const load = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    loading.value = true;
    try {
      const got = await fetch();
      if (mine !== latest) return;
      batch(() => {
        data.value = got;
        error.value = null;
        at.value = Date.now();
        loading.value = false;
      });
    } catch (thrown) {
      if (mine !== latest) return;
      batch(() => {
        error.value = asApiError(thrown);
        loading.value = false;
      });
    }
  };
  return { data, error, loading, at, load };
}

export function asApiError(thrown: unknown): ApiError {
  return thrown instanceof ApiError ? thrown : new ApiError(0, 'page_fault', String(thrown));
}
