/** The one module that talks to the API. Answers come typed; every refusal becomes an ApiError. */

import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type {
  Download,
  DownloadRequest,
  Health,
  Model,
  ModelDetail,
  ModelUpdate,
  Preview,
  SettingsAnswer,
  SettingsUpdate,
  Stats,
} from './types';

/** `offline` is ours: no answer arrived at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId = '',
  ) {
    super(message);
  }
}

interface Hooks {
  username(): string;
  /** Told after each call whether the service answered. */
  reached(ok: boolean): void;
}

let hooks: Hooks = { username: () => '', reached: () => {} };
export function connect(next: Hooks): void {
  hooks = next;
}

const client = createClient<paths>({ baseUrl: '', cache: 'no-store' });
client.use({
  onRequest({ request }) {
    const name = hooks.username();
    if (name !== '') request.headers.set('X-Username', headerBytes(name));
    return request;
  },
});

/** Header values are bytes; a name outside Latin-1 travels as its UTF-8 bytes. */
function headerBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function reachable<A>(pending: Promise<A>): Promise<A> {
  try {
    const answer = await pending;
    hooks.reached(true);
    return answer;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    if (thrown instanceof SyntaxError) throw new ApiError(0, 'answer_unreadable', thrown.message);
    hooks.reached(false);
    throw new ApiError(0, 'offline', String(thrown));
  }
}

async function call<T>(pending: Promise<Answer<T>>): Promise<T> {
  const answer = await reachable(pending);
  if (answer.response.ok && answer.data !== undefined) return answer.data;
  throw refusal(answer.error, answer.response);
}

function refusal(body: unknown, response: Response): ApiError {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (key: string): string => (typeof fields[key] === 'string' ? fields[key] : '');
  return new ApiError(
    response.status,
    text('code') || `http_${response.status}`,
    text('error') || response.statusText || `HTTP ${response.status}`,
    text('request_id') || (response.headers.get('X-Request-Id') ?? ''),
  );
}

export interface ModelQuery {
  search?: string;
  name?: string;
  status?: Model['status'];
  task?: string;
  format?: string;
  license?: string;
  min_size?: number;
  max_size?: number;
  sort?: 'name' | 'size_bytes' | 'downloaded_at' | 'last_used_at' | 'total_requests';
  order?: 'asc' | 'desc';
  limit?: number;
  cursor?: string;
}

export interface ModelPage {
  models: Model[];
  total: number;
  next_cursor?: string;
}

export interface DownloadPage {
  downloads: Download[];
  total: number;
  seq: number;
  next_cursor?: string;
}

export interface DownloadQuery {
  since?: number;
  status?: Download['status'] | 'active' | 'finished';
  model_id?: string;
  limit?: number;
  cursor?: string;
}

export interface HealthReport {
  status: Health['status'] | 'failed';
  mount_point: string;
  version: string;
  checks: Health['checks'];
}

export type QueueAction = 'pause' | 'resume' | 'cancel' | 'retry';

export const api = {
  models: (query: ModelQuery, signal?: AbortSignal): Promise<ModelPage> =>
    call(client.GET('/api/models', { params: { query }, signal })),

  model: async (id: string): Promise<ModelDetail> =>
    (await call(client.GET('/api/models/{id}', { params: { path: { id } } }))).model,

  updateModel: async (id: string, body: ModelUpdate): Promise<Model> =>
    (await call(client.PUT('/api/models/{id}', { params: { path: { id } }, body }))).model,

  deleteModel: (id: string): Promise<unknown> =>
    call(client.DELETE('/api/models/{id}', { params: { path: { id } } })),

  addDownload: async (
    body: DownloadRequest,
  ): Promise<{ message: string; model: Model; download?: Download }> =>
    call(client.POST('/api/models/download', { body })),

  preview: async (query: { model_name: string; revision?: string }): Promise<Preview> =>
    (await call(client.GET('/api/preview', { params: { query } }))).preview,

  /** Fetches what is newer upstream; the model stays ready meanwhile. */
  refreshModel: (id: string): Promise<{ model: Model; download?: Download }> =>
    call(client.POST('/api/models/{id}/update', { params: { path: { id } } })),

  deleteRevision: (id: string, commit: string): Promise<unknown> =>
    call(
      client.DELETE('/api/models/{id}/revisions/{commit}', { params: { path: { id, commit } } }),
    ),

  downloads: (query: DownloadQuery): Promise<DownloadPage> =>
    call(client.GET('/api/downloads', { params: { query } })),

  download: async (id: number): Promise<Download> =>
    (await call(client.GET('/api/downloads/{id}', { params: { path: { id } } }))).download,

  act: async (id: number, action: QueueAction): Promise<Download> => {
    const params = { params: { path: { id } } };
    const pending = {
      pause: () => client.POST('/api/downloads/{id}/pause', params),
      resume: () => client.POST('/api/downloads/{id}/resume', params),
      cancel: () => client.POST('/api/downloads/{id}/cancel', params),
      retry: () => client.POST('/api/downloads/{id}/retry', params),
    }[action];
    return (await call(pending())).download;
  },

  startFirst: async (id: number): Promise<Download> =>
    (
      await call(
        client.PATCH('/api/downloads/{id}', { params: { path: { id } }, body: { position: 1 } }),
      )
    ).download,

  settings: (): Promise<SettingsAnswer> => call(client.GET('/api/settings', {})),

  changeSettings: (body: SettingsUpdate): Promise<SettingsAnswer> =>
    call(client.PUT('/api/settings', { body })),

  stats: async (): Promise<Stats> => (await call(client.GET('/api/stats', {}))).stats,

  /** A service that cannot serve says so with 503, and still tells why. */
  health: async (): Promise<HealthReport> => {
    const answer = await reachable(client.GET('/api/health', {}));
    if (answer.data !== undefined) return answer.data;
    const told = answer.error;
    if (told !== undefined && 'checks' in told) {
      return {
        status: 'failed',
        mount_point: told.mount_point,
        version: told.version,
        checks: told.checks,
      };
    }
    throw refusal(told, answer.response);
  },
};

/** A plain link cannot send a header, so the name goes in the query, where the server reads it too. */
export function fileLink(id: string, path: string, username: string): string {
  const where = path.split('/').map(encodeURIComponent).join('/');
  const who = username === '' ? '' : `?username=${encodeURIComponent(username)}`;
  return `/api/models/${encodeURIComponent(id)}/files/${where}${who}`;
}
