/** The admin's pages, loaded when one of them is opened. */

import type { JSX } from 'preact';

export function Admin(): JSX.Element {
  return <main id="content" tabIndex={-1} />;
}
