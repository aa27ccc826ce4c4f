/** What is ticked in a preview, how much that is, and the patterns that ask for just that. */

interface Amount {
  file_count: number;
  size_bytes: number;
  stored_bytes: number;
}

export interface Offer {
  groups: readonly (Amount & {
    format?: string;
    duplicate_of?: string;
    files: readonly { path: string }[];
  })[];
  quants: readonly (Amount & { pattern: string })[];
  suggested_ignore_patterns: readonly string[];
}

/** Groups by their place in the offer; quantizations by their pattern. */
export interface Choice {
  groups: ReadonlySet<number>;
  quants: ReadonlySet<string>;
}

export interface Patterns {
  allow: string[];
  ignore: string[];
}

/** The API takes no more in one request. */
const kMostPatterns = 100;

export const hasQuants = (offer: Offer, group: number): boolean =>
  offer.quants.length > 1 && offer.groups[group]?.format === 'gguf';

/** Everything but what is there in a better format too. */
export function suggestedChoice(offer: Offer): Choice {
  const groups = new Set<number>();
  for (const [at, group] of offer.groups.entries()) {
    if (group.duplicate_of === undefined) groups.add(at);
  }
  return { groups, quants: new Set(offer.quants.map((quant) => quant.pattern)) };
}

export function withGroup(offer: Offer, choice: Choice, group: number, on: boolean): Choice {
  const groups = new Set(choice.groups);
  if (on) groups.add(group);
  else groups.delete(group);
  if (!hasQuants(offer, group)) return { ...choice, groups };
  return { groups, quants: new Set(on ? offer.quants.map((quant) => quant.pattern) : []) };
}

/** The group is taken as soon as one quantization of it is. */
export function withQuant(
  choice: Choice,
  group: number,
  quant: { pattern: string },
  on: boolean,
): Choice {
  const quants = new Set(choice.quants);
  if (on) quants.add(quant.pattern);
  else quants.delete(quant.pattern);
  const groups = new Set(choice.groups);
  if (quants.size > 0) groups.add(group);
  else groups.delete(group);
  return { groups, quants };
}

export function amountOf(offer: Offer, choice: Choice): Amount {
  const sum = { file_count: 0, size_bytes: 0, stored_bytes: 0 };
  const add = (one: Amount): void => {
    sum.file_count += one.file_count;
    sum.size_bytes += one.size_bytes;
    sum.stored_bytes += one.stored_bytes;
  };
  for (const at of choice.groups) {
    const group = offer.groups[at];
    if (group === undefined) continue;
    if (!someQuants(offer, choice, at)) add(group);
    else for (const quant of offer.quants) if (choice.quants.has(quant.pattern)) add(quant);
  }
  return sum;
}

const someQuants = (offer: Offer, choice: Choice, group: number): boolean =>
  hasQuants(offer, group) && choice.quants.size < offer.quants.length;

/** Null when it would take more patterns than a request may have. */
export function patternsOf(offer: Offer, choice: Choice): Patterns | null {
  const paths = (wanted: (group: number) => boolean): string[] =>
    offer.groups.flatMap((group, at) => (wanted(at) ? group.files.map((file) => file.path) : []));
  const taken = (at: number): boolean => choice.groups.has(at);
  const partial = (at: number): boolean => taken(at) && someQuants(offer, choice, at);

  if (offer.groups.some((_, at) => partial(at))) {
    const whole = (at: number): boolean => taken(at) && !partial(at);
    const rest = naming(
      paths(whole),
      paths((at) => !whole(at)),
    );
    return checked({ allow: [...choice.quants, ...rest], ignore: [] });
  }
  const usual = offer.groups.every((group, at) => taken(at) === (group.duplicate_of === undefined));
  if (usual) return { allow: [], ignore: [...offer.suggested_ignore_patterns] };
  return checked({
    allow: [],
    ignore: naming(
      paths((at) => !taken(at)),
      paths(taken),
    ),
  });
}

const checked = (patterns: Patterns): Patterns | null =>
  patterns.allow.length + patterns.ignore.length > kMostPatterns ? null : patterns;

/** Patterns for these files and none of the others: by ending where that is enough, else by name. */
function naming(files: readonly string[], others: readonly string[]): string[] {
  const elsewhere = new Set(others.map(ending));
  const made = new Set<string>();
  for (const path of files) {
    const end = ending(path);
    made.add(end !== '' && !elsewhere.has(end) ? `*${end}` : literal(path));
  }
  return [...made];
}

const ending = (path: string): string => /[^/](\.[A-Za-z0-9]+)$/.exec(path)?.[1] ?? '';

/** What means something in a pattern stands for itself as "any one character". */
const literal = (path: string): string => path.replace(/[*?[\]\\]/g, '?');
