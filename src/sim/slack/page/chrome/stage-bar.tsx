import type { PageProgress } from '../../page-api.ts';
import { useSession } from '../session/session.ts';
import { placeHash } from './place.ts';

/** What the visitor can make happen besides typing, and how far it is. Choosing something leads to where it shows. */
export function StageBar({ channel }: { readonly channel: string }) {
  const { state, deliver } = useSession();
  const { stage } = state;
  if (stage === undefined) {
    return null;
  }
  const there = state.channels.find(({ id }) => id === stage.channel);
  const target = placeHash({ kind: 'channel', channel: stage.channel });
  const here = channel === stage.channel;
  const link = <a href={target}>#{there?.name ?? stage.channel}</a>;
  const choose = async (offer: string) => {
    const answer = await deliver('play', { offer });
    if (answer.ok && !here) {
      location.hash = target;
    }
  };
  return (
    <section className="stage" aria-label={stage.title}>
      <strong>{stage.title}</strong>
      {stage.offers.map(({ id, label, enabled }) => (
        <button key={id} type="button" className="button" disabled={!enabled} onClick={() => void choose(id)}>
          {label}
        </button>
      ))}
      {stage.command === undefined ? null : <code>{stage.command}</code>}
      {stage.progress === undefined ? (
        <span className="stage-hint">
          {stage.hint} {here ? 'this channel' : link}
        </span>
      ) : (
        <Progress progress={stage.progress} />
      )}
      {stage.progress === undefined || here ? null : link}
    </section>
  );
}

function Progress({ progress: { text, done, total, failed } }: { readonly progress: PageProgress }) {
  return (
    <span className="stage-progress" role="status" data-failed={failed}>
      {done < total && !failed ? <progress max={total} value={done} aria-label={text} /> : null}
      {text}
    </span>
  );
}
