// Bundles TypeScript of the tests, so that node runs it as it is.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export async function bundle(entryPoints) {
  const outdir = join(root, 'test/.bundle');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outbase: '.',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  return entryPoints.map((file) => join(outdir, file.replace(/\.tsx?$/, '.mjs')));
}

export async function load(file) {
  const [bundled] = await bundle([file]);
  return import(pathToFileURL(bundled).href);
}
