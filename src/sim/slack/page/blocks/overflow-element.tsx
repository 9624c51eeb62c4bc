import { Menu } from '../dialogs/menu.tsx';
import type { Choice } from './acting.ts';
import type { ElementObject } from './model.ts';
import { optionsOf } from './model.ts';

interface Props {
  readonly element: ElementObject;
  readonly busy: boolean;
  readonly onAct: (choice: Choice) => void;
}

/** The three dots of a message, with further actions behind them. */
export function OverflowElement({ element, busy, onAct }: Props) {
  const items = optionsOf(element).map((option) => ({
    label: option.text.text,
    ...(option.description === undefined ? {} : { description: option.description.text }),
    onSelect: () => {
      if (option.url !== undefined && /^https?:\/\//i.test(option.url)) {
        window.open(option.url, '_blank', 'noreferrer,noopener');
      }
      onAct({ selected_option: option });
    },
  }));
  return (
    <Menu label={element.accessibility_label ?? 'More options'} className="button overflow" busy={busy} items={items}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="4" r="1.8" />
        <circle cx="10" cy="10" r="1.8" />
        <circle cx="10" cy="16" r="1.8" />
      </svg>
    </Menu>
  );
}
