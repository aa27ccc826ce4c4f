import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { highlight } from '../src/lib/highlight';
import {
  type Door,
  ggufFiles,
  pythonString,
  type SnippetModel,
  sha256sums,
  shellWord,
  snippetsFor,
} from '../src/lib/snippets';

function model(more: Partial<SnippetModel> = {}): SnippetModel {
  return {
    name: 'google/flan',
    path: '/mnt/models/google_flan',
    task: 'text-generation',

    files: [{ path: 'config.json' }, { path: 'model.safetensors' }],
    ...more,
  };
}
const kinds = (one: SnippetModel): string[] =>
  snippetsFor(one, { door: 'folder' }).map((snippet) => snippet.kind);
const kDoors: Door[] = ['folder', 'cache', 'hub'];
const kDoor = 'http://models.lab:5000/hf';
const overNetwork = (one: SnippetModel, kind: string, gguf?: string): string =>
  snippetsFor(one, { door: 'hub', address: kDoor, gguf }).find((snippet) => snippet.kind === kind)
    ?.text ?? '';
const text = (one: SnippetModel, kind: string, gguf?: string): string =>
  snippetsFor(one, { door: 'folder', gguf }).find((snippet) => snippet.kind === kind)?.text ?? '';

test('a language model loads from its folder', () => {
  assert.equal(
    text(model(), 'transformers'),
    `from transformers import AutoModelForCausalLM, AutoTokenizer

path = "/mnt/models/google_flan"
tokenizer = AutoTokenizer.from_pretrained(path)
model = AutoModelForCausalLM.from_pretrained(path, dtype="auto", device_map="auto")`,
  );
});

test('over the network it loads by its name through the door', () => {
  assert.equal(
    overNetwork(model(), 'transformers'),
    `import os

# before the first import of a library that reads it
os.environ["HF_ENDPOINT"] = "http://models.lab:5000/hf"

from transformers import AutoModelForCausalLM, AutoTokenizer

name = "google/flan"
tokenizer = AutoTokenizer.from_pretrained(name)
model = AutoModelForCausalLM.from_pretrained(name, dtype="auto", device_map="auto")`,
  );
  assert.equal(
    overNetwork(model(), 'hf'),
    'export HF_ENDPOINT=http://models.lab:5000/hf\nhf download google/flan',
  );
});

test('a revision other than main is named, where the tool can take one', () => {
  const files = [{ path: 'x-Q4.gguf' }, { path: 'x.safetensors' }];
  const pinned = model({ revision: 'refs/pr/1', files });
  assert.match(overNetwork(pinned, 'hf'), /hf download google\/flan --revision refs\/pr\/1$/);
  assert.match(overNetwork(pinned, 'vllm'), / --revision refs\/pr\/1$/);
  assert.match(
    overNetwork(pinned, 'transformers'),
    /from_pretrained\(name, revision="refs\/pr\/1"\)/,
  );
  assert.equal(overNetwork(pinned, 'llamacpp'), '');
  assert.match(
    overNetwork(model({ files }), 'llamacpp'),
    /--hf-repo google\/flan --hf-file x-Q4\.gguf/,
  );
});

test('the cache view is read offline, by name', () => {
  const cached = (kind: string): string =>
    snippetsFor(model({ revision: 'v1' }), { door: 'cache' }).find((one) => one.kind === kind)
      ?.text ?? '';
  assert.equal(
    cached('huggingface_hub'),
    `import os

# before the first import of a library that reads them
os.environ["HF_HUB_CACHE"] = "/mnt/models/.modelkeep/hf-cache"
os.environ["HF_HUB_OFFLINE"] = "1"

from huggingface_hub import snapshot_download

folder = snapshot_download("google/flan", revision="v1")`,
  );
  assert.match(cached('vllm'), /^export HF_HUB_CACHE=\S+\/hf-cache HF_HUB_OFFLINE=1\nvllm serve /);
});

test('a browser or node loads onnx through the door', () => {
  const files = [{ path: 'config.json' }, { path: 'onnx/model.onnx' }];
  assert.equal(
    overNetwork(model({ files, revision: 'v1' }), 'transformers.js'),
    `import { env, pipeline } from "@huggingface/transformers";

env.remoteHost = "http://models.lab:5000/hf/";
const run = await pipeline("text-generation", "google/flan", { revision: "v1" });`,
  );
});

test('the command line says the same, word for word', async () => {
  const cases = JSON.parse(await readFile(join(process.cwd(), '../tests/snippets.json'), 'utf8'));
  assert.ok(cases.length > 5);
  for (const { model: one, through, snippets } of cases) {
    assert.deepEqual(snippetsFor(one, through), snippets, JSON.stringify(one));
  }
});

test('vllm serves the folder under the name that clients know', () => {
  assert.equal(
    text(model(), 'vllm').split('\n').at(-1),
    'vllm serve /mnt/models/google_flan --served-model-name google/flan',
  );
});

test('llama.cpp is offered for gguf files only, with the chosen file', () => {
  const files = [{ path: 'x-Q4.gguf' }, { path: 'x-Q8.gguf' }];
  const one = model({ files });
  assert.deepEqual(kinds(one), ['llamacpp', 'path']);
  assert.match(text(one, 'llamacpp'), /llama-cli -m \/mnt\/models\/google_flan\/x-Q4\.gguf/);
  assert.match(text(one, 'llamacpp', 'x-Q8.gguf'), /x-Q8\.gguf/);
  assert.doesNotMatch(kinds(model()).join(), /llamacpp/);
});

test('a split gguf is named by its first part', () => {
  const files = [1, 2, 3].map((part) => ({ path: `q/x-0000${part}-of-00003.gguf` }));
  assert.deepEqual(ggufFiles(model({ files })), ['q/x-00001-of-00003.gguf']);
});

test('each kind of model gets its own library', () => {
  assert.deepEqual(kinds(model({ library: 'diffusers', task: 'text-to-image' })), [
    'diffusers',
    'path',
  ]);
  assert.deepEqual(kinds(model({ library: 'sentence-transformers', task: 'feature-extraction' })), [
    'sentence-transformers',
    'transformers',
    'path',
  ]);
  assert.match(text(model({ task: 'fill-mask' }), 'transformers'), /AutoModelForMaskedLM/);
  assert.match(text(model({ task: 'constructor' }), 'transformers'), /AutoModel,/);
});

test('no path can end a string or a word early', () => {
  assert.equal(pythonString('a"\\\n'), '"a\\"\\\\\\x0a"');
  assert.equal(shellWord('/plain/path-1.0'), '/plain/path-1.0');
  assert.equal(shellWord("it's; rm -rf $HOME"), `'it'\\''s; rm -rf $HOME'`);
  assert.equal(shellWord('~/x'), "'~/x'");
  assert.equal(shellWord(''), "''");
});

test('checksums are in the form that sha256sum reads', () => {
  const files = [{ path: 'a', sha256: 'aa' }, { path: 'b' }, { path: 'c d', sha256: 'cc' }];
  assert.equal(sha256sums(files), 'aa  a\ncc  c d\n');
});

test('colours change nothing about the text', () => {
  const files = [{ path: 'x.safetensors' }, { path: 'onnx/model.onnx' }];
  const all = kDoors.flatMap((door) => snippetsFor(model({ files }), { door, address: kDoor }));
  for (const snippet of all) {
    const pieces = highlight(snippet.text, snippet.language);
    assert.equal(pieces.map((piece) => piece.text).join(''), snippet.text);
    assert.ok(snippet.kind === 'path' || pieces.some((piece) => piece.kind === 'keyword'));
  }
});
