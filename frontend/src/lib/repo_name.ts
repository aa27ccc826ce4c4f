/**
 * What was typed or pasted into "add a download", read as a repo name and a revision.
 * The same rule as the server's, so that a name it would refuse is told before anything is sent.
 */

export interface RepoName {
  name: string;
  revision?: string;
}

export type RepoNameProblem = 'empty' | 'not_a_model' | 'bad_name' | 'bad_revision';
export type RepoNameResult =
  | { ok: true; value: RepoName }
  | { ok: false; problem: RepoNameProblem };

const kPart = /^(?=.{1,96}$)[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/;
const kRevision = /^[A-Za-z0-9._/+-]{1,255}$/;

export function validRepoName(name: string): boolean {
  const parts = name.split('/');
  if (parts.length > 2) return false;
  if (name.includes('..') || name.includes('--') || /\.git$/i.test(name)) return false;
  return parts.every((part) => kPart.test(part));
}

export function validRevision(revision: string): boolean {
  if (!kRevision.test(revision) || revision.includes('..') || revision.endsWith('.')) return false;
  return revision
    .split('/')
    .every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** Accepts `name`, `owner/name`, `owner/name@revision` and addresses of a model page on a hub. */
export function parseRepoName(typed: string): RepoNameResult {
  const text = typed.trim();
  if (text === '') return { ok: false, problem: 'empty' };
  const address =
    /^(?:https?:\/\/|(?=(?:www\.)?(?:huggingface\.co|hf\.co)\/))([^/?#]+)\/([^?#]*)/i.exec(text);
  const found = address ? fromPath(address[2] ?? '') : fromShort(text.replace(/^hf:\/\//i, ''));
  if (found === null) return { ok: false, problem: 'not_a_model' };
  if (!validRepoName(found.name)) return { ok: false, problem: 'bad_name' };
  if (found.revision !== undefined && !validRevision(found.revision)) {
    return { ok: false, problem: 'bad_revision' };
  }
  return { ok: true, value: found };
}

function fromShort(text: string): RepoName | null {
  const at = text.indexOf('@');
  if (at < 0) return { name: text };
  return { name: text.slice(0, at), revision: text.slice(at + 1) };
}

function fromPath(path: string): RepoName | null {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const first = parts[0];
  if (first === undefined || ['datasets', 'spaces', 'docs', 'papers'].includes(first)) return null;
  const kinds = ['tree', 'blob', 'resolve', 'commit'];
  // A model without an owner has the kind as its second part, every other as its third.
  const kindAt = kinds.includes(parts[1] ?? '') ? 1 : 2;
  const name = parts.slice(0, kindAt).join('/');
  const kind = parts[kindAt];
  const revision = parts[kindAt + 1];
  if (kind !== undefined && kinds.includes(kind) && revision !== undefined)
    return { name, revision };
  return { name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
