/** The form that asks for a model: a name or a pasted address, what of it to take, and how soon. */

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Download } from '../api/types';
import { t } from '../i18n/en';
import { patternsOf } from '../lib/choice';
import { parseRepoName } from '../lib/repo_name';
import { modelPath, query, replaceQuery } from '../router';
import { feed, mergeDownloads } from '../state/downloads';
import { mergeModel } from '../state/models';
import { username } from '../state/prefs';
import { asApiError } from '../state/resource';
import { offline } from '../state/session';
import { Icon } from '../ui/icons';
import { Select } from '../ui/parts';
import { toast } from '../ui/toasts';
import { explain } from '../user/errors';
import { AddVerdict } from './AddVerdict';
import { nextStep } from './jobWords';
import { kProblem } from './nameProblems';
import { PreviewFiles } from './PreviewFiles';
import { fits, PreviewSum } from './PreviewSum';
import { usePreview } from './usePreview';

type Priority = Download['priority'];
const kPriorities: readonly Priority[] = ['high', 'normal', 'low'];

export function AddDownload(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [revision, setRevision] = useState('');
  const [priority, setPriority] = useState<Priority>('normal');
  const [allow, setAllow] = useState('');
  const [ignore, setIgnore] = useState('');
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState('');

  // "?add" and "?add=name" come from links elsewhere; the address is clean again afterwards.
  const asked = query.value.get('add');
  useEffect(() => {
    if (asked === null) return;
    if (asked !== '') setTyped(asked);
    field.current?.focus();
    const rest = new URLSearchParams(query.value);
    rest.delete('add');
    replaceQuery(rest);
  }, [asked]);

  const read = parseRepoName(revision.trim() === '' ? typed : `${typed.trim()}@${revision.trim()}`);
  const { preview, choice, choose, looking, unseen, forget } = usePreview(read);
  const chosen = preview === null ? { allow: [], ignore: [] } : patternsOf(preview, choice);
  const nothing = preview !== null && choice.groups.size === 0;
  const mustWait = preview !== null && !fits(preview, choice);

  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!read.ok) {
      setRefusal(t(kProblem[read.problem]));
      field.current?.focus();
      return;
    }
    if (chosen === null || nothing) {
      setRefusal(t(nothing ? 'preview.nothing' : 'preview.tooMany'));
      return;
    }
    const { name, revision: wanted } = read.value;
    setSending(true);
    setRefusal('');
    try {
      const answer = await api.addDownload({
        model_name: name,
        revision: wanted,
        priority,
        allow_patterns: patterns(allow, chosen.allow),
        ignore_patterns: patterns(ignore, chosen.ignore),
        when_full: mustWait ? 'wait' : undefined,
      });
      mergeModel(answer.model);
      if (answer.download) mergeDownloads([answer.download]);
      if (answer.download && answer.model.status !== 'ready') {
        toast(t('downloads.added', { name }));
      } else {
        const link = { href: modelPath(name), label: t('downloads.add.hereLink') };
        toast(t(answer.download ? 'downloads.added' : 'downloads.was', { name }), link);
      }
      feed.poke();
      setTyped('');
      setRevision('');
      forget();
      field.current?.focus();
    } catch (thrown) {
      const error = asApiError(thrown);
      setRefusal(`${explain(error)} ${nextStep(error.code, error.message)}`.trim());
    }
    setSending(false);
  };

  return (
    <section class="card" aria-labelledby="add">
      <header>
        <h2 id="add">{t('downloads.add')}</h2>
        <span class="sm muted wide-only">{t('downloads.add.hint')}</span>
        {/* Who asks first is on record for good, so it shows before the button is pressed. */}
        <button type="button" class="link sm end" popovertarget="who-menu">
          {username.value === '' ? t('who.set') : t('downloads.add.as', { name: username.value })}
        </button>
      </header>
      <form class="add" onSubmit={send}>
        <div class="add-what">
          <div class="field tall">
            <Icon name="search" small />
            <input
              ref={field}
              name="model_name"
              aria-label={t('downloads.add.name')}
              placeholder={t('downloads.add.placeholder')}
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              value={typed}
              aria-describedby="add-verdict"
              aria-invalid={refusal !== ''}
              onInput={(event) => {
                setTyped(event.currentTarget.value);
                setRefusal('');
              }}
            />
            <input
              class="revision"
              name="revision"
              aria-label={t('downloads.add.revision')}
              title={t('downloads.add.revision')}
              placeholder="main"
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              value={revision}
              onInput={(event) => {
                setRevision(event.currentTarget.value);
                setRefusal('');
              }}
            />
          </div>
          <div id="add-verdict" role="status" class="verdict sm">
            <AddVerdict {...{ refusal, unseen, typed, read, looking, preview }} />
          </div>
          {preview !== null && <PreviewFiles preview={preview} choice={choice} onChange={choose} />}
          <details>
            <summary class="sm">{t('downloads.add.only')}</summary>
            <div class="add-patterns">
              <PatternField label={t('downloads.add.allow')} value={allow} onChange={setAllow} />
              <PatternField label={t('downloads.add.ignore')} value={ignore} onChange={setIgnore} />
            </div>
            <p class="sm muted">{t('downloads.add.patterns')}</p>
          </details>
        </div>
        <div class="add-sum">
          <PreviewSum preview={preview} choice={choice} />
          <div class="add-go">
            <button type="submit" class="btn primary grow" disabled={sending || offline.value}>
              <Icon name="download" small />
              {t(
                sending
                  ? 'downloads.add.sending'
                  : mustWait
                    ? 'downloads.add.wait'
                    : 'downloads.add.submit',
              )}
            </button>
            <Select
              label={t('downloads.add.priority')}
              value={priority}
              options={kPriorities.map((one) => ({ value: one, label: t(`priority.${one}`) }))}
              onChange={setPriority}
            />
          </div>
        </div>
      </form>
    </section>
  );
}

function patterns(typed: string, chosen: readonly string[]): string[] | undefined {
  const list = [...typed.split(/[\s,]+/).filter((one) => one !== ''), ...chosen];
  return list.length === 0 ? undefined : list;
}

function PatternField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span class="sm muted nowrap">{props.label}</span>
      <input
        class="mono"
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        value={props.value}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
    </label>
  );
}
