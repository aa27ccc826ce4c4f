// Serves dist/ as nginx does (same policy, same fallbacks) and the store in memory under /api.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

export const kContentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'";

const kTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** `state.store` may be replaced between tests. */
export async function startServer(dist, state) {
  const server = createServer(async (request, response) => {
    try {
      await answer(dist, state, request, response);
    } catch (thrown) {
      response.writeHead(500).end(String(thrown));
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

async function answer(dist, state, request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.startsWith('/api/')) return answerApi(state, request, response, url);
  const asset = url.pathname.startsWith('/assets/');
  const file = join(dist, asset ? url.pathname : 'index.html');
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return response.writeHead(404).end();
  response.writeHead(200, {
    'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': kContentPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': asset ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(bytes);
}

async function answerApi(state, request, response, url) {
  if (state.delayMs > 0) await new Promise((done) => setTimeout(done, state.delayMs));
  if (state.store.broken === 'gone') return response.destroy();
  let text = '';
  for await (const piece of request) text += piece;
  const raw = request.headers['x-username'];
  const username = raw ? Buffer.from(raw, 'latin1').toString('utf8') : 'anonymous';
  const body = text === '' ? {} : JSON.parse(text);
  const { status, body: told } = state.store.handle(request.method, url, body, username);
  response.writeHead(status, {
    'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(told));
}
