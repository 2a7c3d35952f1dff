/** @jsxImportSource preact */
import { render } from 'preact'
import './public.css'
import { Page } from './Page.tsx'

const told = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''

const root = document.getElementById('root')
if (root) {
  root.textContent = ''
  render(
    <Page path={location.pathname} host={location.host} site={told('vigil-site')} hotline={told('vigil-hotline')} />,
    root,
  )
}
