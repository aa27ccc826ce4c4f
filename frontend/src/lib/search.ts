/** Finds models among those the page already holds: prefix before inside, name before tags. */

export interface Searchable {
  name: string;
  task?: string | null;
  tags?: readonly string[];
  downloaded_by?: string | null;
}

/** The lower the better; null when the model does not match every word. */
export function rank(model: Searchable, query: string): number | null {
  const words = query
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  let worst = 0;
  for (const word of words) {
    const found = rankWord(model, word);
    if (found === null) return null;
    worst = Math.max(worst, found);
  }
  return worst;
}

function rankWord(model: Searchable, word: string): number | null {
  const name = model.name.toLowerCase();
  if (name.startsWith(word)) return 0;
  if (name.slice(name.indexOf('/') + 1).startsWith(word)) return 0;
  if (name.includes(word)) return 1;
  const task = (model.task ?? '').toLowerCase();
  if (task.includes(word) || task.replaceAll('-', ' ').includes(word)) return 2;
  if ((model.tags ?? []).some((tag) => tag.toLowerCase().includes(word))) return 2;
  if ((model.downloaded_by ?? '').toLowerCase().startsWith(word)) return 3;
  return null;
}

/** Matches in their given order within a rank, so that the chosen sort still shows. */
export function search<T extends Searchable>(models: readonly T[], query: string): T[] {
  if (query.trim() === '') return [...models];
  const found: { model: T; rank: number; at: number }[] = [];
  models.forEach((model, at) => {
    const ranked = rank(model, query);
    if (ranked !== null) found.push({ model, rank: ranked, at });
  });
  found.sort((a, b) => a.rank - b.rank || a.at - b.at);
  return found.map((entry) => entry.model);
}
