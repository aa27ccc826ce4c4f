// Starts the real service, stores models, and lets unmodified clients read them through the hub door. Ends with one
// line: N passed, M failed.
import { startService } from '../../frontend/test/live/service.mjs';
import { cacheView } from './cache_view.mjs';
import { huggingfaceHub } from './huggingface_hub_js.mjs';
import { llamaCpp } from './llama_cpp.mjs';
import { push } from './push.mjs';
import { pullThrough } from './pull_through.mjs';
import { pythonClient } from './python_client.mjs';

const service = await startService();
let passed = 0;
let failed = 0;

async function test(name, body) {
  try {
    await body();
    passed += 1;
  } catch (thrown) {
    failed += 1;
    console.error(`FAILED: ${name}\n  ${thrown.stack}`);
  }
}

async function store(name) {
  const answer = await fetch(`${service.url}/api/models/download`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model_name: name, wait: true }),
  });
  if (answer.status !== 200) throw new Error(`${name} is not stored: ${answer.status}`);
}

try {
  const repos = ['test/tiny', 'test/odd-names', 'test/many-files', 'test/sharded'];
  for (const name of repos) await store(name);
  const door = `${service.url}/hf`;
  await pullThrough({ test, door });
  for (const suite of [huggingfaceHub, pythonClient, llamaCpp]) await suite({ test, door });
  await cacheView({ test, service, door, repos });
  await push({ test, door });
} finally {
  await service.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
