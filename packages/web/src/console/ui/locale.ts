import type { ConfigProviderProps } from 'antd'
import * as packed from 'antd/es/locale/zh_CN.js'

type Locale = NonNullable<ConfigProviderProps['locale']>

// The package declares CommonJS and ships a module: the compiler sees one wrapping more than the bundler does.
const outer: unknown = packed.default
const inner = (outer as { default?: Locale }).default

/** Chinese texts of Ant Design. */
export const locale: Locale = inner ?? (outer as Locale)
