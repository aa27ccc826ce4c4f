/** The form that asks for a model: a name or a pasted address, and how it should come. */

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Download, Preview } from '../api/types';
import { t } from '../i18n/en';
import { bytes } from '../lib/format';
import { parseRepoName, type RepoNameProblem } from '../lib/repo_name';
import { modelPath, query, replaceQuery } from '../router';
import { feed, mergeDownloads } from '../state/downloads';
import { mergeModel, modelNamed } from '../state/models';
import { username } from '../state/prefs';
import { asApiError } from '../state/resource';
import { offline } from '../state/session';
import { health } from '../state/stats';
import { Icon } from '../ui/icons';
import { Select } from '../ui/parts';
import { toast } from '../ui/toasts';
import { explain } from '../user/errors';
import { nextStep } from './jobWords';
import { type Choice, chosenPatterns, kNoChoice, PreviewPanel } from './PreviewPanel';

type Priority = Download['priority'];
const kPriorities: readonly Priority[] = ['high', 'normal', 'low'];

const kProblem: Record<RepoNameProblem, Parameters<typeof t>[0]> = {
  empty: 'downloads.add.empty',
  not_a_model: 'downloads.add.notModel',
  bad_name: 'downloads.add.bad',
  bad_revision: 'downloads.add.badRevision',
};

export function AddDownload(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [revision, setRevision] = useState('');
  const [priority, setPriority] = useState<Priority>('normal');
  const [allow, setAllow] = useState('');
  const [ignore, setIgnore] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState('');

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

  const [preview, setPreview] = useState<Preview | null>(null);
  const [choice, setChoice] = useState<Choice>(kNoChoice);
  const [looking, setLooking] = useState(false);
  const forget = (): void => {
    setProblem('');
    setPreview(null);
    setChoice(kNoChoice);
  };

  const read = parseRepoName(revision.trim() === '' ? typed : `${typed.trim()}@${revision.trim()}`);
  const free = health.data.value?.checks.disk.free_bytes;

  const look = async (): Promise<void> => {
    if (!read.ok) {
      setProblem(t(kProblem[read.problem]));
      field.current?.focus();
      return;
    }
    const { name, revision: wanted } = read.value;
    setLooking(true);
    forget();
    try {
      setPreview(await api.preview({ model_name: name, revision: wanted }));
    } catch (thrown) {
      const error = asApiError(thrown);
      setProblem(`${explain(error)} ${nextStep(error.code, error.message)}`.trim());
    }
    setLooking(false);
  };

  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!read.ok) {
      setProblem(t(kProblem[read.problem]));
      field.current?.focus();
      return;
    }
    const { name, revision: wanted } = read.value;
    const chosen = chosenPatterns(preview, choice);
    setSending(true);
    setProblem('');
    try {
      const answer = await api.addDownload({
        model_name: name,
        revision: wanted,
        priority,
        allow_patterns: patterns(allow, chosen.allow),
        ignore_patterns: patterns(ignore, chosen.ignore),
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
      setProblem(`${explain(error)} ${nextStep(error.code, error.message)}`.trim());
    }
    setSending(false);
  };

  return (
    <section class="card" aria-labelledby="add">
      <header>
        <h2 id="add">{t('downloads.add')}</h2>
        <span class="sm muted wide-only">{t('downloads.add.hint')}</span>
        <span class="row end">
          {free !== undefined && (
            <span class="sm muted num">{t('disk.free', { size: bytes(free) })}</span>
          )}
          {/* Who asks first is on record for good, so it shows before the button is pressed. */}
          <button type="button" class="link sm" popovertarget="who-menu">
            {username.value === '' ? t('who.set') : t('downloads.add.as', { name: username.value })}
          </button>
        </span>
      </header>
      <form class="add" onSubmit={send}>
        <div class="add-line">
          <label class="field grow">
            <Icon name="search" small />
            <span class="sr">{t('downloads.add.name')}</span>
            <input
              ref={field}
              name="model_name"
              placeholder={t('downloads.add.placeholder')}
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              value={typed}
              aria-describedby="add-verdict"
              aria-invalid={problem !== ''}
              onInput={(event) => {
                setTyped(event.currentTarget.value);
                forget();
              }}
            />
          </label>
          <label class="field revision">
            <span class="sm muted">{t('downloads.add.revision')}</span>
            <input
              name="revision"
              placeholder="main"
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              value={revision}
              onInput={(event) => {
                setRevision(event.currentTarget.value);
                forget();
              }}
            />
          </label>
          <Select
            class="tall"
            label={t('downloads.add.priority')}
            value={priority}
            options={kPriorities.map((one) => ({ value: one, label: t(`priority.${one}`) }))}
            onChange={setPriority}
          />
          <button type="button" class="btn tall" disabled={looking || offline.value} onClick={look}>
            {looking ? t('downloads.add.looking') : t('downloads.add.look')}
          </button>
          <button type="submit" class="btn primary tall" disabled={sending || offline.value}>
            <Icon name="download" small />
            {sending ? t('downloads.add.sending') : t('downloads.add.submit')}
          </button>
        </div>
        <p id="add-verdict" role="status" class="verdict sm">
          <Verdict problem={problem} typed={typed} read={read} />
        </p>
        {preview !== null && (
          <PreviewPanel preview={preview} choice={choice} onChange={setChoice} />
        )}
        <details>
          <summary class="sm">{t('downloads.add.only')}</summary>
          <div class="add-patterns">
            <PatternField label={t('downloads.add.allow')} value={allow} onChange={setAllow} />
            <PatternField label={t('downloads.add.ignore')} value={ignore} onChange={setIgnore} />
          </div>
          <p class="sm muted">{t('downloads.add.patterns')}</p>
        </details>
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

/** What pressing the button would mean, told while typing. */
function Verdict(props: {
  problem: string;
  typed: string;
  read: ReturnType<typeof parseRepoName>;
}): JSX.Element | null {
  const { problem, typed, read } = props;
  if (problem !== '') {
    return (
      <span class="row bad-text">
        <Icon name="warning" small />
        {problem}
      </span>
    );
  }
  if (!read.ok) {
    // While a name is being typed it is often not whole yet; only what can become none is told.
    const hopeless = read.problem === 'not_a_model' || /[\s]/.test(typed.trim());
    return hopeless && read.problem !== 'empty' ? (
      <span class="muted">{t(kProblem[read.problem])}</span>
    ) : null;
  }
  const { name, revision } = read.value;
  const known = modelNamed(name);
  if (known === undefined || known.status === 'failed') {
    return (
      <span class="muted">
        {revision === undefined
          ? t('downloads.add.fresh', { name })
          : t('downloads.add.freshRevision', { name, revision })}
      </span>
    );
  }
  return (
    <span class="row ok-text">
      <Icon name="okCircle" small />
      {t(known.status === 'downloading' ? 'downloads.add.queued' : 'downloads.add.here')}
      <a class="link" href={modelPath(name)}>
        {t('downloads.add.hereLink')}
      </a>
    </span>
  );
}
