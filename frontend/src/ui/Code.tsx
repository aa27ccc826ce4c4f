/** A snippet with its colours and a copy button. Text goes in as text, piece by piece. */

import type { JSX } from 'preact';
import { t } from '../i18n/en';
import { highlight } from '../lib/highlight';
import type { Snippet } from '../lib/snippets';
import { CopyButton } from './Copy';

export function Code(props: {
  text: string;
  language: Snippet['language'];
  label: string;
}): JSX.Element {
  return (
    <div class="code-box">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus */}
      <section class="code" tabIndex={0} aria-label={props.label}>
        <code>
          {highlight(props.text, props.language).map((token, at) => (
            <span key={at} class={token.kind === 'plain' ? undefined : token.kind}>
              {token.text}
            </span>
          ))}
        </code>
      </section>
      <CopyButton text={() => props.text} label={t('action.copy')} class="on-code">
        {t('action.copy')}
      </CopyButton>
    </div>
  );
}
