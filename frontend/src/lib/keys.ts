/** Single keys and two-key sequences ("g" then "d"), read apart from the page so that they can be tested. */

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** How long "g" waits for its second key. */
export const kSequenceMs = 1200;

export class KeySequence {
  private pending: { key: string; at: number } | null = null;

  /** The command name, such as "j" or "g d"; null when the press means nothing (yet). */
  press(event: KeyPress, now: number): string | null {
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const open = this.pending;
    this.pending = null;
    if (open !== null && now - open.at <= kSequenceMs) return `${open.key} ${key}`;
    if (key === 'g') {
      this.pending = { key, at: now };
      return null;
    }
    return key;
  }
}
