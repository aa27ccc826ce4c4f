// Runs the unit tests: bundles test/*.test.ts, then `node --test` on the result.
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, root } from './test/pages/bundle.mjs';

const names = (await readdir(join(root, 'test'))).filter((name) => name.endsWith('.test.ts'));
const files = await bundle(names.map((name) => `test/${name}`));
const run = spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...files], {
  encoding: 'utf8',
  env: { ...process.env, TZ: 'UTC' },
});
const number = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(run.stdout)?.[1] ?? 0);
if (run.status !== 0) console.log(run.stdout, run.stderr);
const failed = number('fail') + number('cancelled');
console.log(`${number('pass')} passed, ${run.status === 0 ? failed : Math.max(1, failed)} failed`);
process.exitCode = run.status ?? 1;
