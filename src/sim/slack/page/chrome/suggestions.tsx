import { useSession } from '../session/session.ts';

interface Props {
  /** Where the reader is. */
  readonly place: string;
  /** There are messages already: the questions take less room. */
  readonly asked: boolean;
  readonly onAsk: (command: string) => void;
}

/** What a first-time visitor can ask, one click each. */
export function Suggestions({ place, asked, onAsk }: Props) {
  const { suggestions } = useSession().state;
  if (suggestions.length === 0) {
    return null;
  }
  return (
    <section className={asked ? 'suggestions suggestions-small' : 'suggestions'} aria-label="Suggested questions">
      <h2>{asked ? 'Ask Kubewhy' : `Welcome to ${place}. What is broken?`}</h2>
      {asked ? null : (
        <p>
          Type <code>/k8s why</code> and a pod or workload, mention <code>@kubewhy why …</code>, or start with one of
          these:
        </p>
      )}
      <ul>
        {suggestions.map((command) => (
          <li key={command}>
            <button type="button" onClick={() => onAsk(command)}>
              {command}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
