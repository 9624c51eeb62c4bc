import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

/** One line of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly description?: string;
  readonly onSelect: () => void;
}

interface Props {
  /** Read aloud for the button. */
  readonly label: string;
  readonly className: string;
  readonly busy?: boolean;
  readonly items: readonly MenuItem[];
  /** What the button shows. */
  readonly children: ReactNode;
}

/** A button with a menu: arrows move, Enter chooses, Escape closes and goes back to the button. */
export function Menu({ label, className, busy = false, items, children }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  };
  useOutsideClick(root, open, () => setOpen(false));
  useEffect(() => {
    if (open) {
      root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    }
  }, [open]);
  return (
    <div className="menu" ref={root}>
      <button
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-busy={busy}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open ? (
        <div
          className="menu-items"
          role="menu"
          id={id}
          aria-label={label}
          onKeyDown={(event) => moveInMenu(event, close)}
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              {item.label}
              {item.description === undefined ? null : <small>{item.description}</small>}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function moveInMenu(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % entries.length,
    ArrowUp: (at - 1 + entries.length) % entries.length,
    Home: 0,
    End: entries.length - 1,
  };
  const target = targets[event.key];
  if (target !== undefined) {
    event.preventDefault();
    entries[target]?.focus();
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    event.stopPropagation();
    close();
  }
}

function useOutsideClick(root: { readonly current: HTMLElement | null }, active: boolean, onOutside: () => void): void {
  useEffect(() => {
    if (!active) {
      return undefined;
    }
    const listen = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) {
        onOutside();
      }
    };
    document.addEventListener('pointerdown', listen);
    return () => document.removeEventListener('pointerdown', listen);
  });
}
