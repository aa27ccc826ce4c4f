/** The admin's pages, loaded when one of them is opened. */

import type { JSX } from 'preact';
import { route } from '../router';
import { AdminShell } from './AdminShell';
import { Downloads } from './Downloads';
import { ModelsAdmin } from './ModelsAdmin';
import { Overview } from './Overview';

export function Admin(): JSX.Element {
  const at = route.value;
  const section = at.page === 'admin' ? at.section : 'overview';
  return (
    <AdminShell section={section}>
      {section === 'overview' && <Overview />}
      {section === 'downloads' && <Downloads />}
      {section === 'models' && <ModelsAdmin />}
    </AdminShell>
  );
}
