/** @jsxImportSource preact */
import { render } from 'preact'
import './public.css'
import { Page } from './Page.tsx'

const told = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''

// The page that checks certificates works without a network once it was opened; codes of boxes are looked up and need one.
if (location.pathname.indexOf('/z/') === 0 && 'serviceWorker' in navigator)
  addEventListener(
    'load',
    () => void navigator.serviceWorker.register('/certificate-sw.js', { scope: '/z/' }).catch(() => undefined),
  )

const root = document.getElementById('root')
if (root) {
  root.textContent = ''
  render(
    <Page path={location.pathname} host={location.host} site={told('vigil-site')} hotline={told('vigil-hotline')} />,
    root,
  )
}
