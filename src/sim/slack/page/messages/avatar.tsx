import type { PageUser } from '../../page-api.ts';

const COLORS = ['#8d4b9e', '#2f7d6b', '#b3541e', '#3b5fa4', '#9c3d54', '#54722f'] as const;

/** The picture of an account: a sign for the bot, the initial for a person. */
export function Avatar({ user }: { readonly user: PageUser | undefined }) {
  if (user?.is_bot === true) {
    return (
      <svg className="avatar" viewBox="0 0 36 36" aria-hidden="true">
        <rect width="36" height="36" rx="5" fill="#326ce5" />
        <path
          d="M18 6.5l9.5 4.7 2.3 10.2-6.5 8.2H12.7l-6.5-8.2L8.5 11.2z"
          fill="none"
          stroke="#fff"
          strokeWidth="1.8"
        />
        <path
          d="M14.3 15.4a3.7 3.7 0 1 1 5.3 3.7c-1.2.6-1.6 1.2-1.6 2.4M18 25v.1"
          fill="none"
          stroke="#fff"
          strokeWidth="2.4"
          strokeLinecap="round"
        />
      </svg>
    );
  }
  const name = user?.real_name ?? '?';
  return (
    <svg className="avatar" viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="5" fill={COLORS[name.length % COLORS.length]} />
      <text x="18" y="24" fill="#fff" fontSize="17" fontWeight="700" textAnchor="middle">
        {name.charAt(0).toUpperCase()}
      </text>
    </svg>
  );
}
