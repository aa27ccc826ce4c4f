// Starts the real service with the stand-in hub behind it and runs contract.mjs against it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startService } from '../../frontend/test/live/service.mjs';

const { url, stop } = await startService();
const contract = spawnSync(process.execPath, [fileURLToPath(new URL('contract.mjs', import.meta.url))], {
  stdio: 'inherit',
  env: { ...process.env, MODELKEEP_URL: url, MODELKEEP_CONTRACT_MODEL: 'test/tiny' },
});
await stop();
process.exitCode = contract.status ?? 1;
