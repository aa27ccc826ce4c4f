/** Splits a snippet into pieces with a colour each. Only what our own snippets contain is known. */

export type TokenKind = 'plain' | 'keyword' | 'string' | 'comment';
export interface Token {
  kind: TokenKind;
  text: string;
}

const kPattern = {
  python: /(#[^\n]*)|("(?:\\.|[^"\\])*")|\b(from|import|as|def|return|for|in|with)\b/g,
  javascript: /(\/\/[^\n]*)|("(?:\\.|[^"\\])*")|\b(from|import|const|await)\b/g,
  shell: /(#[^\n]*)|('(?:[^']|'\\'')*')|(?<=^|\n)(vllm|hf|llama-cli|llama-server|export)\b/g,
};

export function highlight(text: string, language: keyof typeof kPattern): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(kPattern[language])) {
    if (match.index > at) tokens.push({ kind: 'plain', text: text.slice(at, match.index) });
    const kind = match[1] !== undefined ? 'comment' : match[2] !== undefined ? 'string' : 'keyword';
    tokens.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) tokens.push({ kind: 'plain', text: text.slice(at) });
  return tokens;
}
