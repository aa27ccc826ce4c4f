// Types, then style. The linter ships one binary a platform; where it is missing only types are checked.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const biome = 'node_modules/@biomejs/cli-linux-x64/biome';
const steps = [['node_modules/.bin/tsc', '--noEmit']];
if (existsSync(biome)) {
  steps.push([biome, 'check', '--error-on-warnings', ...process.argv.slice(2), '.']);
} else {
  console.log('No linter for this platform: style is not checked.');
}
for (const [command, ...rest] of steps) {
  const { status } = spawnSync(command, rest, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
