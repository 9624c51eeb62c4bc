import type { Choice } from './acting.ts';
import type { ElementObject } from './model.ts';
import { BlockText } from './text.tsx';

interface Props {
  readonly element: ElementObject;
  readonly busy: boolean;
  readonly onAct: (choice: Choice) => void;
}

/** A button; its value stays with the stand-in, which takes it from the message that it stored. */
export function ButtonElement({ element, busy, onAct }: Props) {
  const { text, style = 'default', url, accessibility_label: label } = element;
  const open = () => {
    if (url !== undefined && /^https?:\/\//i.test(url)) {
      window.open(url, '_blank', 'noreferrer,noopener');
    }
    onAct({});
  };
  return (
    <button type="button" className={`button button-${style}`} aria-label={label} aria-busy={busy} onClick={open}>
      {text === undefined ? (label ?? '') : <BlockText text={text} />}
    </button>
  );
}
