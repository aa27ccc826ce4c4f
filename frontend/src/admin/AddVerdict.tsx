/** What is known of the name in the form: here already, on its way, found upstream, or why not. */

import type { JSX } from 'preact';
import type { Preview } from '../api/types';
import { t } from '../i18n/en';
import { humanTask, shortCommit } from '../lib/format';
import type { parseRepoName } from '../lib/repo_name';
import { modelPath } from '../router';
import { modelNamed } from '../state/models';
import { Icon } from '../ui/icons';
import { Chip } from '../ui/parts';
import { kProblem } from './nameProblems';

interface AddVerdictProps {
  /** Of what was sent: it stays until something else is typed. */
  refusal: string;
  /** Of the look that followed the typing by itself. */
  unseen: string;
  typed: string;
  read: ReturnType<typeof parseRepoName>;
  looking: boolean;
  preview: Preview | null;
}

export function AddVerdict(props: AddVerdictProps): JSX.Element | null {
  const { refusal, unseen, typed, read, preview } = props;
  if (refusal !== '') {
    return (
      <span class="row bad-text">
        <Icon name="warning" small />
        {refusal}
      </span>
    );
  }
  if (!read.ok) {
    // While a name is being typed it is often not whole yet; only what can become none is told.
    const hopeless = read.problem === 'not_a_model' || /[\s]/.test(typed.trim());
    if (read.problem === 'empty') return <span class="muted">{t('downloads.add.how')}</span>;
    return hopeless ? <span class="muted">{t(kProblem[read.problem])}</span> : null;
  }
  if (preview !== null) return <Found preview={preview} />;
  const { name, revision } = read.value;
  const known = modelNamed(name);
  if (known !== undefined && known.status !== 'failed') {
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
  if (unseen !== '') {
    return (
      <span class="row warn-text">
        <Icon name="warning" small />
        {unseen}
      </span>
    );
  }
  const fresh =
    revision === undefined
      ? t('downloads.add.fresh', { name })
      : t('downloads.add.freshRevision', { name, revision });
  return (
    <span class="muted">
      {fresh} {props.looking && t('downloads.add.looking')}
    </span>
  );
}

function Found({ preview }: { preview: Preview }): JSX.Element {
  const closed = preview.gated && !preview.accessible;
  const known = modelNamed(preview.model_name);
  const here = known !== undefined && known.status !== 'failed' && known.status !== 'downloading';
  return (
    <span class="chips found">
      <span class={closed ? 'row bad-text' : 'row ok-text'}>
        <Icon name={closed ? 'warning' : 'okCircle'} small />
        {t(closed ? 'preview.closed' : here ? 'preview.foundHere' : 'preview.found')}
      </span>
      <Chip title={preview.commit}>
        {preview.revision} @ {shortCommit(preview.commit)}
      </Chip>
      {preview.canonical_name !== preview.model_name && <Chip>{preview.canonical_name}</Chip>}
      {preview.license !== undefined && <Chip>{preview.license}</Chip>}
      {preview.task !== undefined && <Chip>{humanTask(preview.task)}</Chip>}
      {preview.gated && !closed && <Chip icon="shield">{t('preview.gated')}</Chip>}
    </span>
  );
}
