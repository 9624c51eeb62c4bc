import type { ReactNode } from 'react';

const RED = '#e01e5a';
const GREEN = '#2eb67d';
const ORANGE = '#f2952f';
const YELLOW = '#ecb22e';
const BLUE = '#36a3d9';
const GREY = '#868686';
const WHITE = '#ffffff';

/** Drawn here, because a machine may have no font for them; everything else is left to the fonts. */
const PICTURES: Readonly<Record<string, ReactNode>> = {
  red_circle: disc(RED),
  large_orange_circle: disc(ORANGE),
  large_yellow_circle: disc(YELLOW),
  large_green_circle: disc(GREEN),
  large_blue_circle: disc(BLUE),
  white_circle: disc('#dddddd'),
  white_check_mark: badge(GREEN, 'M5.2 10.4l3.2 3.2 6.4-7'),
  heavy_check_mark: stroke(GREEN, 'M3.5 10.5l4.2 4.3 8.8-9.6'),
  x: stroke(RED, 'M4 4l12 12M16 4L4 16'),
  no_entry_sign: ring(RED, 'M4.5 4.5l11 11'),
  octagonal_sign: <path fill={RED} d="M6 1.5h8L18.5 6v8L14 18.5H6L1.5 14V6z" />,
  grey_question: stroke(GREY, 'M6 6.5a4 4 0 1 1 5.7 4.2c-1.3.7-1.7 1.2-1.7 2.6M10 16.8v.2'),
  question: stroke(RED, 'M6 6.5a4 4 0 1 1 5.7 4.2c-1.3.7-1.7 1.2-1.7 2.6M10 16.8v.2'),
  warning: (
    <>
      <path fill={YELLOW} d="M10 1.5l9 16.5H1z" />
      <path stroke="#1d1c1d" strokeWidth="2" strokeLinecap="round" d="M10 7.5v4.7M10 15.2v.1" />
    </>
  ),
  lock: (
    <>
      <path fill="none" stroke={GREY} strokeWidth="2.2" d="M6 9V6a4 4 0 0 1 8 0v3" />
      <rect fill={YELLOW} x="3.5" y="8.5" width="13" height="10" rx="2" />
    </>
  ),
  hourglass: glass(),
  hourglass_flowing_sand: glass(),
  mag: (
    <>
      <circle cx="8.5" cy="8.5" r="5.5" fill="#cfe8f5" stroke={GREY} strokeWidth="2" />
      <path stroke={GREY} strokeWidth="2.8" strokeLinecap="round" d="M13 13l5 5" />
    </>
  ),
  arrow_right: badge(BLUE, 'M4.5 10h10M10.5 5.8l4.2 4.2-4.2 4.2'),
  rotating_light: (
    <>
      <path fill={RED} d="M5 14.5V10a5 5 0 0 1 10 0v4.5z" />
      <rect fill={GREY} x="3" y="14.5" width="14" height="3.5" rx="1.2" />
      <path stroke={RED} strokeWidth="1.8" strokeLinecap="round" d="M10 1.2v1.6M3.6 3.8l1.2 1.2M16.4 3.8l-1.2 1.2" />
    </>
  ),
  information_source: badge(BLUE, 'M10 9v5M10 5.8v.1'),
};

/** An emoji by its short name; read aloud by that name. */
export function Emoji({ name, fallback }: { readonly name: string; readonly fallback: string }) {
  const picture = PICTURES[name];
  if (picture === undefined) {
    return (
      <span role="img" aria-label={name.replaceAll('_', ' ')}>
        {fallback}
      </span>
    );
  }
  return (
    <svg className="emoji" viewBox="0 0 20 20" fill="none" role="img" aria-label={name.replaceAll('_', ' ')}>
      {picture}
    </svg>
  );
}

function disc(color: string): ReactNode {
  return <circle cx="10" cy="10" r="8.5" fill={color} />;
}

function badge(color: string, path: string): ReactNode {
  return (
    <>
      <rect x="1" y="1" width="18" height="18" rx="4" fill={color} />
      <path d={path} stroke={WHITE} strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" />
    </>
  );
}

function ring(color: string, path: string): ReactNode {
  return (
    <>
      <circle cx="10" cy="10" r="7.8" stroke={color} strokeWidth="2.6" />
      <path d={path} stroke={color} strokeWidth="2.6" />
    </>
  );
}

function stroke(color: string, path: string): ReactNode {
  return <path d={path} stroke={color} strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />;
}

function glass(): ReactNode {
  return (
    <>
      <path fill={YELLOW} d="M6.5 5.5h7L10 9.8zM10 11.5l4 5.5H6z" />
      <path stroke={GREY} strokeWidth="2" strokeLinecap="round" d="M4.5 2h11M4.5 18h11" />
      <path
        stroke={GREY}
        strokeWidth="1.5"
        d="M5.8 2.5c0 4 4.2 5 4.2 7.5s-4.2 3.5-4.2 7.5M14.2 2.5c0 4-4.2 5-4.2 7.5s4.2 3.5 4.2 7.5"
      />
    </>
  );
}
