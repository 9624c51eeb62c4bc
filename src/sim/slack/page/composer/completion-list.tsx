interface Props {
  readonly id: string;
  readonly completions: readonly string[];
  readonly active: number;
  readonly onChoose: (line: string) => void;
}

/** What the typed line may become. The focus stays in the field. */
export function CompletionList({ id, completions, active, onChoose }: Props) {
  return (
    <ul className="completions" role="listbox" id={id} aria-label="Completions">
      {completions.map((line, index) => (
        <li
          key={line}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(line)}
        >
          {line}
        </li>
      ))}
      <li className="completions-hint" role="presentation">
        <kbd>Tab</kbd> completes · <kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Enter</kbd> sends
      </li>
    </ul>
  );
}
