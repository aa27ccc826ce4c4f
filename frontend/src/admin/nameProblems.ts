/** What is wrong with a typed name, in words. */

import type { t } from '../i18n/en';
import type { RepoNameProblem } from '../lib/repo_name';

export const kProblem: Record<RepoNameProblem, Parameters<typeof t>[0]> = {
  empty: 'downloads.add.empty',
  not_a_model: 'downloads.add.notModel',
  bad_name: 'downloads.add.bad',
  bad_revision: 'downloads.add.badRevision',
};
