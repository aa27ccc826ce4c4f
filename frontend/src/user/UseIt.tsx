/** How to load a model, one snippet a tool, through each door. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ModelDetail } from '../api/types';
import { t } from '../i18n/en';
import { useKeys } from '../keyboard';
import { type Door, ggufFiles, type SnippetKind, snippetsFor } from '../lib/snippets';
import { Code } from '../ui/Code';
import { copyAndTell } from '../ui/Copy';
import { Select } from '../ui/parts';
import { Tabs } from '../ui/Tabs';

const kDoors: Door[] = ['folder', 'cache', 'hub'];

/** Whoever looks at the page on the machine of the store has the folder at hand. */
const isHere = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host.startsWith('127.');

export function UseIt({ model }: { model: ModelDetail }): JSX.Element | null {
  const ggufs = ggufFiles(model);
  const [gguf, setGguf] = useState(ggufs[0]);
  const [kind, setKind] = useState<SnippetKind | null>(null);
  const [door, setDoor] = useState<Door>(isHere(window.location.hostname) ? 'folder' : 'hub');
  const address = `${window.location.origin}/hf`;
  const snippets = snippetsFor(model, { door, address, gguf });
  const shown = snippets.find((one) => one.kind === kind) ?? snippets[0];
  useKeys({
    c: () => {
      if (shown) void copyAndTell(shown.text);
    },
  });
  if (shown === undefined) return null;
  return (
    <section class="card" aria-labelledby="use-it">
      <Tabs
        label={t('model.use.tabs')}
        value={shown.kind}
        options={snippets.map((one) => ({ value: one.kind, label: one.title }))}
        onChange={setKind}
      >
        {(tabs, panel) => (
          <>
            <header>
              <h2 id="use-it">{t('model.use')}</h2>
              <Select
                class="quiet"
                label={t('model.use.from')}
                value={door}
                options={kDoors.map((one) => ({ value: one, label: t(`model.use.${one}`) }))}
                onChange={setDoor}
              />
              {tabs}
            </header>
            {panel(
              <>
                {model.status === 'downloading' && (
                  <p class="use-note sm muted">{t('model.use.wait')}</p>
                )}
                {shown.kind === 'llamacpp' && ggufs.length > 1 && (
                  <div class="use-note">
                    <Select
                      label={t('model.use.gguf')}
                      value={gguf ?? ''}
                      options={ggufs.map((path) => ({ value: path, label: path }))}
                      onChange={setGguf}
                    />
                  </div>
                )}
                <Code text={shown.text} language={shown.language} label={t('model.use.snippet')} />
              </>,
            )}
          </>
        )}
      </Tabs>
    </section>
  );
}
