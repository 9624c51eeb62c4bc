import { useSession } from '../session/session.ts';

/** What went wrong with something the reader did, as Slack says it. */
export function Notices({ channel }: { readonly channel: string }) {
  const { notices, dismiss } = useSession();
  const here = notices.filter((notice) => notice.channel === undefined || notice.channel === channel);
  return (
    <div className="notices" role="alert">
      {here.map((notice) => (
        <p key={notice.id}>
          <strong>Slackbot</strong> <small>Only visible to you</small>
          <br />
          {notice.text}
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(notice)}>
            ✕
          </button>
        </p>
      ))}
    </div>
  );
}
