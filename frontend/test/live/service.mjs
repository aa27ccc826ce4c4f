// The real service with the stand-in hub behind it, on free ports and a fresh mount; or one that runs already.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../pages/bundle.mjs';
import { until } from '../pages/harness.mjs';

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function binaries() {
  const folders = [
    process.env.MODELKEEP_BIN,
    ...['dev', 'release'].map((one) => join(root, '..', 'build', one, 'bin')),
  ];
  return folders.find(
    (one) => one && existsSync(join(one, 'modelkeepd')) && existsSync(join(one, 'standin_hub')),
  );
}

function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', done);
    child.kill('SIGTERM');
  });
}

async function firstLine(child) {
  let text = '';
  for await (const piece of child.stdout) {
    text += piece;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n')).trim();
  }
  throw new Error('the stand-in hub ended before it listened');
}

/** `{ url, hub, stop }`; `hub` is where the stand-in takes orders. */
export async function startService() {
  const running = process.env.MODELKEEP_URL;
  if (running) {
    const url = running.replace(/\/+$/, '');
    const health = await (await fetch(`${url}/api/health`)).json();
    return { url, hub: health.checks.upstream.endpoint, stop: async () => {} };
  }
  const folder = binaries();
  if (folder === undefined)
    throw new Error('no modelkeepd and standin_hub below build/; build them, or set MODELKEEP_URL');
  const mount = await mkdtemp(join(tmpdir(), 'modelkeep-live-'));
  const hubProcess = spawn(
    join(folder, 'standin_hub'),
    ['--catalog', 'test', '--exit-with-parent'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const hub = await firstLine(hubProcess);
  const port = await freePort();
  const log = [];
  const service = spawn(join(folder, 'modelkeepd'), ['run'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      MODELS_MOUNT_POINT: mount,
      MODELKEEP_LISTEN: `127.0.0.1:${port}`,
      MODELKEEP_WEB_ROOT: join(root, 'dist'),
      HF_ENDPOINT: hub,
      HF_TOKEN: '',
      HUGGINGFACE_TOKEN: '',
    },
  });
  service.stderr.on('data', (piece) => log.push(piece));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await stopped(service);
    await stopped(hubProcess);
    await rm(mount, { recursive: true, force: true });
  };
  try {
    await until('the service answers', async () => (await fetch(`${url}/api/health`)).ok, 30_000);
  } catch (thrown) {
    await stop();
    throw new Error(`${thrown.message}\n${Buffer.concat(log)}`);
  }
  return { url, hub, stop };
}
