/** How to load a model, in the words of each tool: from its folder, or over the network. Every snippet works as it stands. */

export interface SnippetModel {
  name: string;
  path: string;
  revision?: string;
  task?: string;
  library?: string;
  files: { path: string }[];
}

export type SnippetKind =
  | 'transformers'
  | 'diffusers'
  | 'sentence-transformers'
  | 'vllm'
  | 'llamacpp'
  | 'hf'
  | 'path';

export interface Snippet {
  kind: SnippetKind;
  title: string;
  language: 'python' | 'shell';
  text: string;
}

/** Files that llama.cpp opens: of a split model only the first part, since it finds the others itself. */
export function ggufFiles(model: SnippetModel): string[] {
  return model.files
    .map((file) => file.path)
    .filter((path) => /\.gguf$/i.test(path))
    .filter((path) => !/-of-\d{5}\.gguf$/i.test(path) || /-00001-of-\d{5}\.gguf$/i.test(path));
}

/** With a `door`, where Hub clients are answered, by name through it; else from the folder. */
export function snippetsFor(model: SnippetModel, gguf?: string, door?: string): Snippet[] {
  const made: Snippet[] = [];
  const from = door === undefined ? folder(model) : network(model, door);
  const names = model.files.map((file) => file.path.toLowerCase());
  const hasWeights = names.some((name) => /\.(safetensors|bin|pt|pth|h5|msgpack)$/.test(name));
  const isDiffusers = model.library === 'diffusers' || names.includes('model_index.json');
  const isSentence =
    model.library === 'sentence-transformers' ||
    names.includes('config_sentence_transformers.json');
  if (isDiffusers) made.push(diffusers(from));
  if (isSentence) made.push(sentenceTransformers(from));
  if (!isDiffusers && (hasWeights || model.files.length === 0))
    made.push(transformers(model, from));
  if (!isDiffusers && hasWeights && generates(model.task))
    made.push(door === undefined ? vllm(model) : vllmByName(model, door));
  const ggufs = ggufFiles(model);
  const chosen = ggufs.find((path) => path === gguf) ?? ggufs[0];
  if (chosen !== undefined && door === undefined) made.push(llamaCpp(model, chosen));
  if (chosen !== undefined && door !== undefined && llamaFinds(model)) {
    made.push(llamaCppByName(model, chosen, door));
  }
  made.push(door === undefined ? plainPath(model) : hfDownload(model, door));
  return made;
}

/** What Python code says before its imports, how it names the model, and what goes into each call with the name. */
interface Source {
  before: string[];
  name: string;
  variable: string;
  more: string;
}

const folder = (model: SnippetModel): Source => ({
  before: [],
  name: pythonString(model.path),
  variable: 'path',
  more: '',
});

const network = (model: SnippetModel, door: string): Source => ({
  before: [
    'import os',
    '',
    '# before the first import of a library that reads it',
    `os.environ["HF_ENDPOINT"] = ${pythonString(door)}`,
    '',
  ],
  name: pythonString(model.name),
  variable: 'name',
  more: isMain(model) ? '' : `, revision=${pythonString(model.revision ?? '')}`,
});

const isMain = (model: SnippetModel): boolean =>
  model.revision === undefined || model.revision === '' || model.revision === 'main';

/** llama.cpp takes full names only, and of a repo only what main is. */
const llamaFinds = (model: SnippetModel): boolean => isMain(model) && model.name.includes('/');

const shellRevision = (model: SnippetModel): string =>
  isMain(model) ? '' : ` --revision ${shellWord(model.revision ?? '')}`;

const generates = (task: string | undefined): boolean =>
  task === undefined || ['', 'text-generation', 'image-text-to-text'].includes(task);

const kTaskClass: Record<string, { model: string; reader: string }> = {
  'text-generation': { model: 'AutoModelForCausalLM', reader: 'AutoTokenizer' },
  'text2text-generation': { model: 'AutoModelForSeq2SeqLM', reader: 'AutoTokenizer' },
  translation: { model: 'AutoModelForSeq2SeqLM', reader: 'AutoTokenizer' },
  summarization: { model: 'AutoModelForSeq2SeqLM', reader: 'AutoTokenizer' },
  'fill-mask': { model: 'AutoModelForMaskedLM', reader: 'AutoTokenizer' },
  'text-classification': { model: 'AutoModelForSequenceClassification', reader: 'AutoTokenizer' },
  'token-classification': { model: 'AutoModelForTokenClassification', reader: 'AutoTokenizer' },
  'question-answering': { model: 'AutoModelForQuestionAnswering', reader: 'AutoTokenizer' },
  'image-classification': {
    model: 'AutoModelForImageClassification',
    reader: 'AutoImageProcessor',
  },
  'object-detection': { model: 'AutoModelForObjectDetection', reader: 'AutoImageProcessor' },
  'automatic-speech-recognition': { model: 'AutoModelForSpeechSeq2Seq', reader: 'AutoProcessor' },
  'image-text-to-text': { model: 'AutoModelForImageTextToText', reader: 'AutoProcessor' },
};

function transformers(model: SnippetModel, from: Source): Snippet {
  const known = Object.hasOwn(kTaskClass, model.task ?? '')
    ? kTaskClass[model.task ?? '']
    : undefined;
  const { model: loader, reader } = known ?? { model: 'AutoModel', reader: 'AutoTokenizer' };
  const variable = reader === 'AutoTokenizer' ? 'tokenizer' : 'processor';
  const extra = loader === 'AutoModelForCausalLM' ? ', dtype="auto", device_map="auto"' : '';
  return {
    kind: 'transformers',
    title: 'transformers',
    language: 'python',
    text: [
      ...from.before,
      `from transformers import ${loader}, ${reader}`,
      '',
      `${from.variable} = ${from.name}`,
      `${variable} = ${reader}.from_pretrained(${from.variable}${from.more})`,
      `model = ${loader}.from_pretrained(${from.variable}${from.more}${extra})`,
    ].join('\n'),
  };
}

function diffusers(from: Source): Snippet {
  return {
    kind: 'diffusers',
    title: 'diffusers',
    language: 'python',
    text: [
      ...from.before,
      'from diffusers import DiffusionPipeline',
      '',
      `pipeline = DiffusionPipeline.from_pretrained(${from.name}${from.more})`,
    ].join('\n'),
  };
}

function sentenceTransformers(from: Source): Snippet {
  return {
    kind: 'sentence-transformers',
    title: 'sentence-transformers',
    language: 'python',
    text: [
      ...from.before,
      'from sentence_transformers import SentenceTransformer',
      '',
      `model = SentenceTransformer(${from.name}${from.more})`,
      'vectors = model.encode(["a sentence", "another one"])',
    ].join('\n'),
  };
}

function vllm(model: SnippetModel): Snippet {
  return {
    kind: 'vllm',
    title: 'vLLM',
    language: 'shell',
    text: [
      '# answers on port 8000 under the name that clients know',
      `vllm serve ${shellWord(model.path)} --served-model-name ${shellWord(model.name)}`,
    ].join('\n'),
  };
}

function vllmByName(model: SnippetModel, door: string): Snippet {
  return {
    kind: 'vllm',
    title: 'vLLM',
    language: 'shell',
    text: [
      `export HF_ENDPOINT=${shellWord(door)}`,
      `vllm serve ${shellWord(model.name)}${shellRevision(model)}`,
    ].join('\n'),
  };
}

function hfDownload(model: SnippetModel, door: string): Snippet {
  return {
    kind: 'hf',
    title: 'hf download',
    language: 'shell',
    text: [
      `export HF_ENDPOINT=${shellWord(door)}`,
      `hf download ${shellWord(model.name)}${shellRevision(model)}`,
    ].join('\n'),
  };
}

function llamaCppByName(model: SnippetModel, file: string, door: string): Snippet {
  const where = `--hf-repo ${shellWord(model.name)} --hf-file ${shellWord(file)}`;
  return {
    kind: 'llamacpp',
    title: 'llama.cpp',
    language: 'shell',
    text: [
      `export HF_ENDPOINT=${shellWord(door)}`,
      `llama-cli ${where}`,
      '',
      '# or serve it',
      `llama-server ${where} --port 8080`,
    ].join('\n'),
  };
}

function llamaCpp(model: SnippetModel, file: string): Snippet {
  const path = shellWord(`${model.path}/${file}`);
  return {
    kind: 'llamacpp',
    title: 'llama.cpp',
    language: 'shell',
    text: [
      '# talk to it',
      `llama-cli -m ${path}`,
      '',
      '# or serve it',
      `llama-server -m ${path} --port 8080`,
    ].join('\n'),
  };
}

function plainPath(model: SnippetModel): Snippet {
  return { kind: 'path', title: 'Path', language: 'shell', text: shellWord(model.path) };
}

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
