import type { ThemeConfig } from 'antd'

/** Colours of the product in one place; charts and style sheet take them from here or from the CSS variables of the same name. */
export const ink = {
  brand: '#0b5f59',
  brandDeep: '#0a3b38',
  text: '#1b2625',
  muted: '#56645f',
  line: '#dde5e2',
  ground: '#f3f6f5',
  up: '#a8400c',
  down: '#1d5d91',
  danger: '#b3261e',
} as const

/** One colour, one symbol and one dash per drug class: readable without colour, and for the colour-blind. */
export const classMarks = {
  antipyretic: { color: '#b4540a', symbol: 'circle', dash: 'solid' },
  cough: { color: '#0b5f59', symbol: 'rect', dash: [6, 3] },
  antibiotic: { color: '#3a4fa0', symbol: 'triangle', dash: [2, 2] },
  antiviral: { color: '#8a2a6a', symbol: 'diamond', dash: [10, 3, 2, 3] },
} as const

const family =
  '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",system-ui,-apple-system,"Segoe UI",sans-serif'

export const theme: ThemeConfig = {
  token: {
    colorPrimary: ink.brand,
    colorLink: ink.brand,
    colorLinkHover: '#0e7a72',
    colorInfo: ink.brand,
    colorSuccess: '#1b6b3a',
    colorWarning: '#9a5b00',
    colorError: ink.danger,
    // Derived from colours as dark as these, grounds come out muddy and dim the text on them.
    colorPrimaryBg: '#e3f0ed',
    colorPrimaryBgHover: '#d5e8e4',
    colorInfoBg: '#e3f0ed',
    colorInfoBorder: '#a9cfc8',
    colorSuccessBg: '#eaf5ee',
    colorSuccessBorder: '#a6d0b4',
    colorWarningBg: '#fdf5e6',
    colorWarningBorder: '#e2c48c',
    colorErrorBg: '#fdefee',
    colorErrorBorder: '#e8b0ab',
    colorText: ink.text,
    colorTextSecondary: ink.muted,
    colorTextTertiary: '#5f6d68',
    colorTextDescription: ink.muted,
    colorTextPlaceholder: '#66736f',
    colorBorder: '#c3cfcb',
    colorBorderSecondary: ink.line,
    colorBgLayout: ink.ground,
    borderRadius: 5,
    fontFamily: family,
    fontSize: 14,
    controlHeight: 34,
    wireframe: false,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
  },
  components: {
    Table: {
      headerBg: '#f0f4f3',
      headerColor: ink.muted,
      headerSplitColor: 'transparent',
      cellPaddingBlockMD: 9,
      cellPaddingInlineMD: 12,
      rowHoverBg: '#f0f7f5',
      fontSize: 13,
    },
    Card: { headerFontSize: 15, bodyPadding: 18, headerHeight: 48 },
    Tag: { defaultBg: '#eef3f1', defaultColor: ink.text },
    Form: { itemMarginBottom: 18, verticalLabelPadding: '0 0 4px' },
    Descriptions: { labelBg: '#f5f8f7' },
  },
}
