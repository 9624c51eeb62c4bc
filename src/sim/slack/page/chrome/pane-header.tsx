import type { ReactNode } from 'react';

interface Props {
  readonly title: ReactNode;
  readonly about?: string;
  /** Opens the list of channels on a small screen. */
  readonly onMenu?: () => void;
  readonly onClose?: () => void;
}

/** The line above a channel, thread or Home. */
export function PaneHeader({ title, about, onMenu, onClose }: Props) {
  return (
    <header className="pane-header">
      {onMenu === undefined ? null : (
        <button type="button" className="icon-button menu-button" aria-label="Channels" onClick={onMenu}>
          ☰
        </button>
      )}
      <h1>{title}</h1>
      {about === undefined ? null : <p>{about}</p>}
      {onClose === undefined ? null : (
        <button type="button" className="icon-button" aria-label="Close the thread" onClick={onClose}>
          ✕
        </button>
      )}
    </header>
  );
}
