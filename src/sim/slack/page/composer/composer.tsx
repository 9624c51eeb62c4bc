import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { CompletionList } from './completion-list.tsx';
import { useCompletions } from './use-completions.ts';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  /** The text of the field, kept outside so that suggestions can fill it. */
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Whether slash commands work here. */
  readonly commands: boolean;
  readonly onSend: (text: string) => void;
}

/** Where a message or command is typed. Enter sends, Shift+Enter begins a line, Tab completes, Escape closes the list. */
export function Composer({ label, placeholder, text, onText, commands, onSend }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [active, setActive] = useState(-1);
  const { completions, clear } = useCompletions(text, commands);
  useEffect(() => setActive(-1), [completions]);
  const open = completions.length > 0;
  const choose = (line: string) => {
    onText(line);
    setActive(-1);
    field.current?.focus();
  };
  const send = () => {
    if (text.trim() !== '') {
      clear();
      onSend(text.trim());
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const done = handleKey(event, { completions, active, setActive, clear, choose, send });
    if (done) {
      event.preventDefault();
    }
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {open ? <CompletionList id={id} completions={completions} active={active} onChoose={choose} /> : null}
      <textarea
        ref={field}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={id}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        rows={Math.min(8, text.split('\n').length)}
        placeholder={placeholder}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" className="send" aria-label="Send" disabled={text.trim() === ''}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M2.5 3l15.5 7-15.5 7 2-7z" fill="currentColor" />
        </svg>
      </button>
    </form>
  );
}

interface Keys {
  readonly completions: readonly string[];
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly clear: () => void;
  readonly choose: (line: string) => void;
  readonly send: () => void;
}

/** Whether the key was used up. */
function handleKey(event: KeyboardEvent, keys: Keys): boolean {
  const { key, shiftKey, nativeEvent } = event;
  if (nativeEvent.isComposing) {
    return false;
  }
  if (keys.completions.length > 0 && handleListKey(event, keys)) {
    return true;
  }
  if (key === 'Enter' && !shiftKey) {
    keys.send();
    return true;
  }
  return false;
}

function handleListKey({ key, shiftKey }: KeyboardEvent, keys: Keys): boolean {
  const { completions, active, setActive, clear, choose } = keys;
  switch (key) {
    case 'ArrowDown':
      setActive((active + 1) % completions.length);
      return true;
    case 'ArrowUp':
      setActive((active <= 0 ? completions.length : active) - 1);
      return true;
    case 'Escape':
      clear();
      return true;
    case 'Tab':
      if (!shiftKey) {
        choose(completions[Math.max(active, 0)] ?? '');
      }
      return !shiftKey;
    case 'Enter':
      if (active >= 0) {
        choose(completions[active] ?? '');
      }
      return active >= 0;
    default:
      return false;
  }
}
