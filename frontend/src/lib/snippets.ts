/** How to load a model, in the words of each tool: from its folder, from the cache view, or over the network. Every
 * snippet works as it stands. The words are docs/snippets.json, from which the command line makes the same ones. */

import words from '../../../docs/snippets.json';

export interface SnippetModel {
  name: string;
  path: string;
  revision?: string;
  task?: string;
  library?: string;
  files: { path: string }[];
}

/** The doors of the store; a snippet goes through one. */
export type Door = 'folder' | 'cache' | 'hub';

export type SnippetKind = string;

export interface Snippet {
  kind: SnippetKind;
  title: string;
  language: 'python' | 'shell' | 'javascript';
  text: string;
}

export interface Through {
  door: Door;
  /** Where Hub clients are answered. */
  address?: string;
  /** Of several files that llama.cpp could open. */
  gguf?: string;
}

/** Files that llama.cpp opens: of a split model only the first part, since it finds the others itself. */
export function ggufFiles(model: SnippetModel): string[] {
  return model.files
    .map((file) => file.path)
    .filter((path) => /\.gguf$/i.test(path))
    .filter((path) => !/-of-\d{5}\.gguf$/i.test(path) || /-00001-of-\d{5}\.gguf$/i.test(path));
}

export function snippetsFor(model: SnippetModel, through: Through): Snippet[] {
  const facts = factsOf(model);
  const holds = (condition: string): boolean =>
    condition.startsWith('!') ? !facts.has(condition.slice(1)) : facts.has(condition);
  const values = valuesFor(model, through);
  return words.snippets
    .filter((one) => one.doors.includes(through.door) && one.when.every(holds))
    .map((one) => ({
      kind: one.kind,
      title: one.title,
      language: one.language as Snippet['language'],
      text: one.lines
        .flatMap((line) => (line === '@before' ? words.doors[through.door].before : [line]))
        .map((line) => filled(line, values))
        .join('\n'),
    }));
}

/** What is so of a model, in the words that `when` uses. */
function factsOf(model: SnippetModel): Set<string> {
  const names = model.files.map((file) => file.path.toLowerCase());
  const weights = names.some((name) => /\.(safetensors|bin|pt|pth|h5|msgpack)$/.test(name));
  const facts = new Set<string>();
  const note = (fact: string, is: boolean): void => {
    if (is) facts.add(fact);
  };
  note('weights', weights);
  note('weights or nothing', weights || names.length === 0);
  note('diffusers', model.library === 'diffusers' || names.includes('model_index.json'));
  note(
    'sentence',
    model.library === 'sentence-transformers' ||
      names.includes('config_sentence_transformers.json'),
  );
  note('generates', ['', 'text-generation', 'image-text-to-text'].includes(model.task ?? ''));
  note('gguf', ggufFiles(model).length > 0);
  note(
    'onnx',
    names.some((name) => name.endsWith('.onnx')),
  );
  note('full name', model.name.includes('/'));
  note('main', isMain(model));
  return facts;
}

const isMain = (model: SnippetModel): boolean =>
  model.revision === undefined || model.revision === '' || model.revision === 'main';

/** The store's cache folder lies beside the models' folders. */
const cacheOf = (model: SnippetModel): string =>
  `${model.path.slice(0, model.path.lastIndexOf('/'))}/.modelkeep/hf-cache`;

function valuesFor(model: SnippetModel, through: Through): Map<string, string> {
  const ggufs = ggufFiles(model);
  const gguf = ggufs.find((path) => path === through.gguf) ?? ggufs[0] ?? '';
  const address = through.address ?? '';
  const revision = isMain(model) ? '' : (model.revision ?? '');
  const task = model.task ?? '';
  const tasks: Record<string, { model: string; reader: string }> = words.tasks;
  const loads = (Object.hasOwn(tasks, task) ? tasks[task] : undefined) ?? {
    model: 'AutoModel',
    reader: 'AutoTokenizer',
  };
  const values = new Map<string, string>([
    ['path:py', pythonString(model.path)],
    ['path:sh', shellWord(model.path)],
    ['name:py', pythonString(model.name)],
    ['name:sh', shellWord(model.name)],
    ['gguf:sh', shellWord(gguf)],
    ['gguf path:sh', shellWord(`${model.path}/${gguf}`)],
    ['door:py', pythonString(address)],
    ['door/:py', pythonString(`${address}/`)],
    ['door:sh', shellWord(address)],
    ['cache:py', pythonString(cacheOf(model))],
    ['cache:sh', shellWord(cacheOf(model))],
    ['task:py', pythonString(task === '' ? 'feature-extraction' : task)],
    ['revision:py', revision === '' ? '' : `, revision=${pythonString(revision)}`],
    ['revision:sh', revision === '' ? '' : ` --revision ${shellWord(revision)}`],
    ['revision:js', revision === '' ? '' : `, { revision: ${pythonString(revision)} }`],
    ['loader', loads.model],
    ['reader', loads.reader],
    ['reads', loads.reader === 'AutoTokenizer' ? 'tokenizer' : 'processor'],
    ['placed', loads.model === 'AutoModelForCausalLM' ? ', dtype="auto", device_map="auto"' : ''],
  ]);
  const { variable, source, more } = words.doors[through.door];
  values.set('variable', variable);
  values.set('source', filled(source, values));
  values.set('more', filled(more, values));
  return values;
}

/** `{word}` by its value; any other brace stays. */
const filled = (line: string, values: Map<string, string>): string =>
  line.replace(/\{([a-z/ :]+)\}/g, (whole, word: string) => values.get(word) ?? whole);

/** A Python string literal: nothing in a path may end the string early. */
export function pythonString(text: string): string {
  const body = text.replace(/[\\"\p{Cc}]/gu, (one) => {
    if (one === '\\' || one === '"') return `\\${one}`;
    return `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${body}"`;
}

/** A word for a POSIX shell: quoted as soon as it has anything but the plain characters. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./~-]+$/.test(text) && !text.startsWith('~')) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The file that `sha256sum -c` reads. */
export function sha256sums(files: readonly { path: string; sha256?: string }[]): string {
  return files
    .filter((file) => file.sha256 !== undefined)
    .map((file) => `${file.sha256}  ${file.path}\n`)
    .join('');
}
