/**
 * How numbers, sizes, times and names are written in the pages. Pure; the current time is passed in.
 */

const kUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, as the Hub shows sizes: three significant digits from a megabyte up. */
export function bytes(n: number): string {
  if (!Number.isFinite(n) || n < 0) return '';
  let unit = 0;
  let value = n;
  // 999.5 would print as 1000 of the smaller unit, so the step comes just before it.
  while (value >= 999.5 && unit < kUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : unit === 1 ? 1 : 2;
  return `${value.toFixed(digits)} ${kUnits[unit]}`;
}

/** Both figures in the unit of the second one: "8.99 of 14.50 GB" compares at a glance. */
export function bytesOf(done: number, total: number): { done: string; total: string } {
  const whole = bytes(total);
  const [, unit = 'B'] = whole.split(' ');
  const scale = 1000 ** kUnits.indexOf(unit as (typeof kUnits)[number]);
  const digits = unit === 'B' ? 0 : unit === 'kB' || total / scale >= 99.95 ? 1 : 2;
  return {
    // What is tiny beside the whole keeps its own unit: "229 B of 23.94 MB".
    done: done > 0 && done / scale < 0.01 ? bytes(done) : (done / scale).toFixed(digits),
    total: `${(total / scale).toFixed(digits)} ${unit}`,
  };
}

export const speed = (perSecond: number): string => `${bytes(perSecond)}/s`;

/** Whole percent, never 100 before the last byte is there. */
export function percent(done: number, total: number): number {
  if (total <= 0) return 0;
  if (done >= total) return 100;
  return Math.min(99, Math.max(0, Math.floor((done / total) * 100)));
}

const kCount = new Intl.NumberFormat('en');
export const count = (n: number): string => kCount.format(n);

/** "47 s", "19 min", "2 h 5 min", "3 d": one glance, no false precision. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} d`;
}

const kDay = 86_400_000;
const kDayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const kDayMonthYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const kFull = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const kClock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** "just now", "12 min ago", "2 h ago", "yesterday", "3 days ago", then the date. */
export function ago(iso: string | null | undefined, now: number): string {
  const at = parseTime(iso);
  if (at === null) return '';
  const passed = now - at.getTime();
  if (passed < 45_000) return 'just now';
  if (passed < 3_570_000) return `${Math.max(1, Math.round(passed / 60_000))} min ago`;
  const days = Math.round((startOfDay(new Date(now)) - startOfDay(at)) / kDay);
  if (days === 0 || passed < 6 * 3_600_000) return `${Math.round(passed / 3_600_000)} h ago`;
  if (days === 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  const sameYear = at.getFullYear() === new Date(now).getFullYear();
  return (sameYear ? kDayMonth : kDayMonthYear).format(at);
}

export function dateTime(iso: string | null | undefined): string {
  const at = parseTime(iso);
  return at === null ? '' : kFull.format(at);
}

export function clock(iso: string | null | undefined): string {
  const at = parseTime(iso);
  return at === null ? '' : kClock.format(at);
}

/** Today only the time, before that the day as well. */
export function clockOrDay(iso: string | null | undefined, now: number): string {
  const at = parseTime(iso);
  if (at === null) return '';
  if (startOfDay(at) === startOfDay(new Date(now))) return kClock.format(at);
  return `${kDayMonth.format(at)} ${kClock.format(at).slice(0, 5)}`;
}

export function parseTime(iso: string | null | undefined): Date | null {
  if (!iso) return null;
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The part before the first slash keeps its slash, so that owner and name are set apart by weight. */
export function splitName(name: string): { owner: string; name: string } {
  const slash = name.indexOf('/');
  return slash < 0
    ? { owner: '', name }
    : { owner: name.slice(0, slash + 1), name: name.slice(slash + 1) };
}

export function initials(person: string): string {
  const words = person
    .trim()
    .split(/[\s._@-]+/u)
    .filter((word) => word !== '');
  const first = [...(words[0] ?? '')][0] ?? '';
  const second = words.length > 1 ? ([...(words[words.length - 1] ?? '')][0] ?? '') : '';
  const both = second === '' ? [...(words[0] ?? '')].slice(0, 2).join('') : first + second;
  return both.toUpperCase();
}

export const shortHash = (hash: string): string =>
  hash.length <= 12 ? hash : `${hash.slice(0, 4)}…${hash.slice(-4)}`;

export const shortCommit = (commit: string | null | undefined): string =>
  (commit ?? '').slice(0, 7);

/** "text-generation" as a person would say it: "Text generation". */
export function humanTask(task: string | null | undefined): string {
  if (!task) return '';
  const special: Record<string, string> = {
    'automatic-speech-recognition': 'Speech recognition',
    'text2text-generation': 'Text to text',
    'image-text-to-text': 'Image and text to text',
    'text-to-image': 'Text to image',
    'text-to-speech': 'Text to speech',
  };
  const known = Object.hasOwn(special, task) ? special[task] : undefined;
  if (known !== undefined) return known;
  const words = task.replaceAll('-', ' ').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
