// Builds dist/: bundles with hashed names, writes index.html, gzips each file, checks the size budgets.
//   node build.mjs           once
//   node build.mjs --watch   again on every change, readable output, no budgets
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const watch = process.argv.includes('--watch');

// gz kilobytes (1000 bytes), as people see them in a browser's network panel.
const budgets = {
  'first load, JS': 45,
  'first load, CSS': 12,
  'admin chunk': 40,
};

const options = {
  absWorkingDir: root,
  entryPoints: { main: 'src/main.tsx', style: 'src/styles/index.css' },
  outdir: 'dist/assets',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: !watch,
  sourcemap: watch ? 'inline' : false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

async function bundleTheme() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/theme.ts'],
    bundle: true,
    format: 'iife',
    minify: true,
    write: false,
  });
  return outputFiles[0].contents;
}

async function hashed(name, extension, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const file = `${name}-${hash}.${extension}`;
  await writeFile(join(dist, 'assets', file), bytes);
  return `/assets/${file}`;
}

function outputOf(metafile, entryPoint) {
  const found = Object.entries(metafile.outputs).find(([, out]) => out.entryPoint === entryPoint);
  if (found === undefined) throw new Error(`no output for ${entryPoint}`);
  return found[0];
}

async function writePage(metafile) {
  const page = await readFile(join(root, 'index.html'), 'utf8');
  const places = {
    icon: await hashed('icon', 'svg', await readFile(join(root, 'src/icon.svg'))),
    theme: await hashed('theme', 'js', await bundleTheme()),
    main: `/${outputOf(metafile, 'src/main.tsx').slice('dist/'.length)}`,
    style: `/${outputOf(metafile, 'src/styles/index.css').slice('dist/'.length)}`,
  };
  const filled = page.replace(/%(\w+)%/g, (_, name) => places[name] ?? `%${name}%`);
  const preloads = staticImports(metafile, outputOf(metafile, 'src/main.tsx')).map(
    (file) => `<link rel="modulepreload" href="/${file.slice('dist/'.length)}">\n`,
  );
  await writeFile(
    join(dist, 'index.html'),
    filled.replace('</head>', `${preloads.join('')}</head>`),
  );
}

/** Files that come with an output at once, itself left out. */
function staticImports(metafile, output, seen = new Set()) {
  for (const one of metafile.outputs[output].imports) {
    if (one.kind !== 'import-statement' || seen.has(one.path)) continue;
    seen.add(one.path);
    staticImports(metafile, one.path, seen);
  }
  return [...seen];
}

async function compress(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await compress(path);
    else await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
  }
}

async function gzipped(files) {
  let sum = 0;
  for (const file of files) sum += gzipSync(await readFile(join(root, file)), { level: 9 }).length;
  return sum / 1000;
}

async function checkBudgets(metafile) {
  const main = outputOf(metafile, 'src/main.tsx');
  const first = [main, ...staticImports(metafile, main)];
  const admin = outputOf(metafile, 'src/admin/index.tsx');
  const adminOwn = [admin, ...staticImports(metafile, admin)].filter(
    (file) => !first.includes(file),
  );
  const sizes = {
    'first load, JS': await gzipped(first),
    'first load, CSS': await gzipped([outputOf(metafile, 'src/styles/index.css')]),
    'admin chunk': await gzipped(adminOwn),
  };
  let over = false;
  for (const [what, limit] of Object.entries(budgets)) {
    const size = sizes[what];
    over ||= size > limit;
    const verdict = size > limit ? 'OVER' : 'ok';
    console.log(
      `${what.padEnd(16)} ${size.toFixed(1).padStart(6)} kB gz of ${limit} kB  ${verdict}`,
    );
  }
  if (over) {
    console.error('A size budget is exceeded.');
    process.exitCode = 1;
  }
}

async function build() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(join(dist, 'assets'), { recursive: true });
  const { metafile } = await esbuild.build(options);
  await writePage(metafile);
  await compress(dist);
  await checkBudgets(metafile);
}

async function serveChanges() {
  await mkdir(join(dist, 'assets'), { recursive: true });
  const rewrite = {
    name: 'page',
    setup: (build) => build.onEnd(async ({ metafile }) => metafile && writePage(metafile)),
  };
  const context = await esbuild.context({ ...options, plugins: [rewrite] });
  await context.watch();
}

await (watch ? serveChanges() : build());
