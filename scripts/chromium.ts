import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const PLACES = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/opt/google/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS',
  '/Applications/Chromium.app/Contents/MacOS',
]
const MAC_NAMES = ['Google Chrome', 'Chromium']

/**
 * The path of a Chromium for the browser tests: CHROMIUM_PATH, an installed one, or one that Playwright has downloaded.
 * Throws when CHROMIUM_PATH is set but not executable, so that a typing error does not test another browser.
 */
export function findChromium(): string | undefined {
  const wanted = process.env.CHROMIUM_PATH
  if (wanted !== undefined && wanted !== '') {
    if (isExecutable(wanted)) return wanted
    throw new Error(`CHROMIUM_PATH 指向的文件不可执行：${wanted}`)
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...PLACES].filter((folder) => folder !== '')
  const candidates = [...NAMES, ...MAC_NAMES].flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...candidates, chromium.executablePath()].find(isExecutable)
}

/** Finds Chromium, or installs it when this is root on a Debian-like system; undefined when neither is possible. */
export function ensureChromium(): string | undefined {
  const found = findChromium()
  const packages = [
    ...(found === undefined ? ['chromium'] : []),
    // Without a Chinese font every screenshot shows boxes.
    ...(hasChineseFont() ? [] : ['fonts-noto-cjk']),
  ]
  if (packages.length > 0 && process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) install(packages)
  return findChromium()
}

function install(packages: string[]): void {
  console.log(`正在安装 ${packages.join('、')}（约需一至三分钟）…`)
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  const update = spawnSync('apt-get', ['update', '-q'], options)
  if (update.status !== 0) return
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options)
}

function hasChineseFont(): boolean {
  const list = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return list.status === 0 && list.stdout.trim() !== ''
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

if (import.meta.main) {
  const path = ensureChromium()
  if (path === undefined) {
    console.error(
      '未找到 Chromium。请执行 sudo apt-get install chromium fonts-noto-cjk，或用 CHROMIUM_PATH 指定浏览器后重试。',
    )
    process.exit(1)
  }
  console.log(`浏览器：${path}`)
}
