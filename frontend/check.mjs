// The API's types against its document, then all types, then style. The linter ships one binary a platform;
// where that is missing, style is not checked.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';

const generated = 'src/api/schema.d.ts';
const fresh = 'test/.bundle/schema.d.ts';
mkdirSync('test/.bundle', { recursive: true });
const made = spawnSync(
  'node_modules/.bin/openapi-typescript',
  ['../docs/openapi.json', '--default-non-nullable', 'false', '-o', fresh],
  { encoding: 'utf8' },
);
if (made.status !== 0 || readFileSync(fresh, 'utf8') !== readFileSync(generated, 'utf8')) {
  console.error(made.stderr, `${generated} differs from docs/openapi.json: run "npm run api".`);
  process.exit(1);
}

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
