/** @jsxImportSource preact */
const paths = {
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  delete: 'M9 6h11v12H9l-6-6 6-6zM12.5 9.5l5 5M17.5 9.5l-5 5',
  edit: 'M4 20h4L19 9l-4-4L4 16v4zM13 7l4 4',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 016 0v3',
  minus: 'M6 12h12',
  phone: 'M5 4h4l1.5 5-2 1.5a12 12 0 005 5l1.5-2 5 1.5v4a1.5 1.5 0 01-1.6 1.5A16 16 0 013.5 5.6 1.5 1.5 0 015 4z',
  place: 'M12 21s7-6.2 7-11.500a7 7 0 10-14 0C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 100-5 2.5 2.5 0 000 5z',
  plus: 'M12 6v12M6 12h12',
  print: 'M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z',
  scan: 'M4 8V5a1 1 0 011-1h3M16 4h3a1 1 0 011 1v3M20 16v3a1 1 0 01-1 1h-3M8 20H5a1 1 0 01-1-1v-3M4 12h16',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM16.2 16.200L21 21',
  sync: 'M20 11a8 8 0 00-14.5-3.500L4 9M4 4v5h5M4 13a8 8 0 0014.5 3.500L20 15M20 20v-5h-5',
  warn: 'M12 4L2.5 20h19L12 4zM12 10v5M12 17.500v.01',
  bell: 'M6 16V11a6 6 0 1112 0v5l1.5 2h-15L6 16zM10 20.500a2 2 0 004 0',
  box: 'M12 3l8 4.500v9L12 21l-8-4.500v-9L12 3zM4 7.500l8 4.500 8-4.500M12 12v9',
  cold: 'M12 3v18M4.200 7.500l15.600 9M19.800 7.500l-15.600 9M9.500 4.500L12 7l2.500-2.500M9.500 19.500L12 17l2.500 2.500',
  file: 'M7 3h7l5 5v13H7V3zM14 3v5h5M10 13h6M10 17h6',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4v-9z',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  truck: 'M3 6h11v10H3V6zM14 10h4l3 3v3h-7v-6zM7 19a2 2 0 100-4 2 2 0 000 4zM17 19a2 2 0 100-4 2 2 0 000 4z',
  user: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4.500 20.500a7.500 7.500 0 0115 0',
} as const

export type IconName = keyof typeof paths

/** A line icon of 24 units; it stands beside words and says nothing to a screen reader. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
