// Page tests in Chromium against the store in memory. Words after `--` choose tests by name.
import { flowTests } from './flows.mjs';
import { runAll } from './harness.mjs';
import { screenTests } from './screens.mjs';

await runAll([...flowTests, ...screenTests]);
