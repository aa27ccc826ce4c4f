/** Copies text. On plain http, where browsers hide the clipboard, an old way still works. */

import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t } from '../i18n/en';
import { Icon } from './icons';
import { toast } from './toasts';

export async function copyText(text: string): Promise<boolean> {
  try {
    if (window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused, for instance without focus: the old way may still do.
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const opener = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'sr';
  // Inside an open dialog only its own children can take the focus.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
  return done;
}

/** Copies and says so in a toast: for keys, where no button is at hand. */
export async function copyAndTell(text: string): Promise<void> {
  toast((await copyText(text)) ? t('action.copied') : t('action.copyFailed'));
}

interface CopyButtonProps {
  text: () => string;
  label: string;
  class?: string;
  children?: ComponentChildren;
  told?: string;
}

export function CopyButton({
  text,
  label,
  class: extra = '',
  children,
  told,
}: CopyButtonProps): JSX.Element {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const copy = async (): Promise<void> => {
    if (!(await copyText(text()))) {
      toast(t('action.copyFailed'));
      return;
    }
    if (told !== undefined) toast(told);
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 1_800);
  };
  const icon = <Icon name={copied ? 'check' : 'copy'} small />;
  if (children === undefined) {
    return (
      <button
        type="button"
        class={`btn small icon ghost ${extra}`}
        aria-label={copied ? t('action.copied') : label}
        title={label}
        onClick={copy}
      >
        {icon}
      </button>
    );
  }
  return (
    <button type="button" class={`btn small ${extra}`} onClick={copy}>
      {icon}
      {copied ? t('action.copied') : children}
    </button>
  );
}
