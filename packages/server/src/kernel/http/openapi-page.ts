import type { OpenApiDocument, Operation } from './openapi.ts'

const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)
const schemaBlock = (title: string, schema: unknown) =>
  `<details><summary>${title}</summary><pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`

function section(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters
    .map(
      (p) =>
        `<tr><td><code>${escapeHtml(p.name)}</code></td><td>${p.in}</td><td>${p.required ? 'required' : ''}</td><td><code>${escapeHtml(JSON.stringify(p.schema))}</code></td></tr>`,
    )
    .join('')
  const body = operation.requestBody ? schemaBlock('Request body', operation.requestBody.content) : ''
  return `<section id="${operation.operationId}"><h3><b class="${method}">${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary)} — <i>${operation['x-permission']}</i></p>
${parameters ? `<table>${parameters}</table>` : ''}${body}${schemaBlock('Responses', operation.responses)}</section>`
}

/** A readable page of the API: no script, so that it opens anywhere. */
export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const groups = Map.groupBy(operations, ({ operation }) => operation.tags[0]!)
  const nav = [...groups]
    .map(
      ([tag, list]) =>
        `<li><b>${tag}</b><ul>${list.map(({ operation }) => `<li><a href="#${operation.operationId}">${operation.operationId}</a></li>`).join('')}</ul></li>`,
    )
    .join('')
  const main = [...groups]
    .map(
      ([tag, list]) =>
        `<h2>${tag}</h2>${list.map(({ method, path, operation }) => section(method, path, operation)).join('')}`,
    )
    .join('')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Vigil 守望 API</title>
<style>body{font:16px/1.6 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:16rem 1fr;color:#12211f}nav{padding:1.5rem;background:#f2f6f5;height:100vh;overflow:auto;position:sticky;top:0;box-sizing:border-box}nav ul{list-style:none;padding-left:.6rem;margin:0}main{padding:1.5rem 2.5rem;max-width:60rem;min-width:0}h3 b{font-size:.75em;padding:.15em .5em;border-radius:.3em;color:#fff;background:#0b5f59}h3 b.delete{background:#a3302a}h3 b.get{background:#24598c}pre{background:#f2f6f5;padding:1rem;overflow:auto;font-size:13px}table{border-collapse:collapse;font-size:14px;width:100%}td{border-top:1px solid #d9e3e1;padding:.3rem .6rem;vertical-align:top;word-break:break-word}a{color:#0b5f59}@media(max-width:760px){body{display:block}nav{position:static;height:auto}main{padding:1rem}}</style>
<nav><b>Vigil 守望 API</b><p><a href="/api/openapi.json">openapi.json</a></p><ul>${nav}</ul></nav><main><h1>Vigil 守望 API</h1>
<p>Sign in with a session cookie, or send <code>Authorization: Bearer vgl_…</code>. Errors are RFC 9457 problem documents whose <code>errors</code> name each field by JSON pointer.</p>${main}</main></html>`
}
