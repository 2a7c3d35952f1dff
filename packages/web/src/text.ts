import i18next from 'i18next'

/**
 * The message catalogue of all screens. The Chinese text itself is the key, so that code reads as the screen does; another
 * language is a table from these texts, given to `useLanguage` before the first screen is drawn.
 */
const catalogue = i18next.createInstance({
  lng: 'zh-CN',
  fallbackLng: false,
  initAsync: false,
  // A text is a sentence, not a path: it may hold dots and colons.
  keySeparator: false,
  nsSeparator: false,
  returnEmptyString: false,
  // The frameworks of the screens escape what they draw.
  interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
})
void catalogue.init()

/**
 * A text of the catalogue in the language of the screen.
 * @param text Chinese, with places for values in braces: `共 {count} 家`
 */
export const t = (text: string, values?: Readonly<Record<string, string | number>>): string =>
  values ? catalogue.t(text, { ...values }) : catalogue.t(text)

/** Puts a language in place of Chinese. @param texts translations by their Chinese text; what is missing stays Chinese */
export function useLanguage(language: string, texts: Readonly<Record<string, string>>): void {
  catalogue.addResourceBundle(language, 'translation', texts)
  void catalogue.changeLanguage(language)
}
