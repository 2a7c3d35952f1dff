import type { ReactNode } from 'react'

const shapes: Record<string, ReactNode> = {
  overview: <path d="M3 17h14M5 14V9m4 5V4m4 10v-7m4 7v-3" />,
  purchase: <path d="M5 2.5h10v15l-2.5-1.6L10 17.5l-2.5-1.6L5 17.5zM7.5 7h5M7.5 10.5h5" />,
  store: <path d="M3 8l1.5-5h11L17 8M4 8v9h12V8M3 8h14M8 17v-5h4v5" />,
  opening: <path d="M4 17V4h9v13M2.5 17h15M13 6.5h3V17M10 10.500v.01" />,
  staff: (
    <path d="M8 2.5h4M8.500 2.5v6.500l-4 7a1.2 1.2 0 0 0 1 1.800h9a1.2 1.2 0 0 0 1-1.800l-4-7V2.5M6.500 12.500h7" />
  ),
  drug: <path d="M4.5 11.5l7-7a2.8 2.8 0 0 1 4 4l-7 7a2.8 2.8 0 0 1-4-4zM8 8l4 4" />,
  duty: <path d="M4 4h12v13H4zM7 2.5v3m6-3v3M7 11l2 2 4-4" />,
  clinic: <path d="M3 8l7-5 7 5v9H3zM10 9v5M7.5 11.5h5" />,
  area: <path d="M10 2.5v4M10 6.5H4v4m6-4h6v4M2 10.5h4v4H2zm6 0h4v4H8zm6 0h4v4h-4zM10 6.5v4" />,
  party: <path d="M3 17V7h6v10M9 17V3h8v14M2 17h16M5.5 10h1m-1 3h1M12 6.5h2m-2 3h2m-2 3h2" />,
  export: <path d="M10 3v9m-3.5-3.5L10 12l3.5-3.5M3.5 13v3.5h13V13" />,
  template: <path d="M3 4h14v12H3zM3 8h14M8 8v8M8 12h9" />,
  sharing: <path d="M17 3L9 11M17 3l-5 14-3-6-6-3z" />,
  followup: (
    <path d="M8 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.5 16.5c.5-3.2 2.5-4.7 5.5-4.7 1 0 1.9.2 2.6.5M12 15l2 2 4-4.5" />
  ),
  account: <path d="M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.5 17c.6-3.4 3-5 6.5-5s5.9 1.6 6.5 5" />,
  audit: <path d="M4 3h9l3 3v11H4zM7 8h6m-6 3h6m-6 3h4" />,
  vault: <path d="M7 9.5V6.5a3 3 0 0 1 6 0v3M4.5 9.5h11v7.5h-11zM10 12.5v2" />,
  menu: <path d="M3 5.5h14M3 10h14M3 14.5h14" />,
  inbox: <path d="M3 11l2-7h10l2 7v5.5H3zM3 11h4l1 2h4l1-2h4" />,
  down: <path d="M5 7.5l5 5 5-5" />,
  forward: <path d="M7.5 5l5 5-5 5" />,
  columns: <path d="M3 4h14v12H3zM8 4v12m4.5-12v12" />,
  reveal: (
    <path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z" />
  ),
  upload: <path d="M10 13V4M6.5 7.5L10 4l3.5 3.5M3.5 13v3.5h13V13" />,
  print: <path d="M6 7V3h8v4M6 14H3V7h14v7h-3M6 11.5h8V17H6z" />,
  refresh: <path d="M16 6v4h-4M4 14v-4h4M15.5 10A5.5 5.5 0 0 0 6 6.2M4.5 10a5.5 5.5 0 0 0 9.5 3.8" />,
  view: <path d="M5 3h10v14l-5-3.8L5 17z" />,
  role: <path d="M10 2.5l6.5 2.3c0 6-2 9.7-6.5 12.7-4.5-3-6.5-6.7-6.5-12.7zM7 9.5l2.2 2.2L13 8" />,
  key: <path d="M7 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM9.5 9.5L16.5 3M13 6l2.5 2.5" />,
  stop: <path d="M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM4.8 4.8l10.4 10.4" />,
  check: <path d="M5 3h10v14H5zM8 2h4v2.5H8zM7.5 10.5l2 2 3.5-4" />,
  match: <path d="M3 5h9m-9 4h6m-6 4h4M14 8.5v8m-3-3l3 3 3-3" />,
  scan: <path d="M10 10h.01M6.5 10a3.5 3.5 0 1 1 3.5 3.5M3 10a7 7 0 1 1 7 7" />,
  rule: <path d="M3 6h14M3 14h14M7 4v4M13 12v4" />,
  alert: <path d="M10 3l7.5 13.5h-15zM10 8v4.5m0 2v.5" />,
  clock: <path d="M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 5.5V10l3 2" />,
  bell: <path d="M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3" />,
  conduct: (
    <path d="M10 2.5l6.5 2.300c0 6-2 9.700-6.500 12.700-4.500-3-6.500-6.700-6.500-12.700zM10 6.500v5M10 14v.01" />
  ),
  cold: <path d="M10 2.5v15M3.5 6.2l13 7.6M16.5 6.2l-13 7.6M7.5 3.500l2.500 2 2.500-2M7.500 16.500l2.500-2 2.500 2" />,
  plus: <path d="M10 4v12M4 10h12" />,
}

export type IconName = keyof typeof shapes

/** Line icon, 20 × 20, in the colour of the text; says nothing to a screen reader. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="icon"
    >
      {shapes[name]}
    </svg>
  )
}

/** The sign of the product. */
export function Sign({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" fill="none" stroke="currentColor">
      <path
        d="M32 6c11 8 18 10 24 10 0 22-8 34-24 42C16 50 8 38 8 16c6 0 13-2 24-10z"
        strokeWidth="4.5"
        strokeLinejoin="round"
      />
      <path d="M32 20v24M20 32h24" strokeWidth="5.5" strokeLinecap="round" />
    </svg>
  )
}
