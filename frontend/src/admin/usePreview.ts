/** Looks at upstream for the name that is typed, as soon as the typing rests. */

import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Preview } from '../api/types';
import { type Choice, suggestedChoice } from '../lib/choice';
import type { parseRepoName } from '../lib/repo_name';
import { modelNamed } from '../state/models';
import { asApiError } from '../state/resource';
import { explain } from '../user/errors';
import { nextStep } from './jobWords';

const kRestMs = 500;
const kNothing: Choice = { groups: new Set(), quants: new Set() };

interface Seen {
  /** What was looked for: of anything else this says nothing. */
  of: string;
  preview: Preview | null;
  choice: Choice;
  looking: boolean;
  /** Why there is nothing to see. */
  unseen: string;
}
const kBlank: Seen = { of: '', preview: null, choice: kNothing, looking: false, unseen: '' };

interface PreviewState extends Seen {
  choose: (choice: Choice) => void;
  forget: () => void;
}

export function usePreview(read: ReturnType<typeof parseRepoName>): PreviewState {
  const [last, setLast] = useState(kBlank);
  const name = read.ok ? read.value.name : '';
  const revision = read.ok ? read.value.revision : undefined;
  const of = `${name}@${revision ?? ''}`;
  const seen = last.of === of ? last : kBlank;
  useEffect(() => {
    if (name === '' || (revision === undefined && isHere(name))) return;
    let over = false;
    const show = (next: Partial<Seen>): void => {
      if (!over) setLast({ ...kBlank, ...next, of });
    };
    const look = async (): Promise<void> => {
      show({ looking: true });
      try {
        const preview = await api.preview({ model_name: name, revision });
        show({ preview, choice: suggestedChoice(preview) });
      } catch (thrown) {
        const error = asApiError(thrown);
        show({ unseen: `${explain(error)} ${nextStep(error.code, error.message)}`.trim() });
      }
    };
    const timer = setTimeout(() => void look(), kRestMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [of]);
  return {
    ...seen,
    choose: (choice) => setLast({ ...seen, choice }),
    forget: () => setLast(kBlank),
  };
}

function isHere(name: string): boolean {
  const known = modelNamed(name);
  return known !== undefined && known.status !== 'failed';
}
