import { TreeSelect } from 'antd'
import { useMemo } from 'react'
import { t } from '../../text.ts'
import type { AreaIndex } from '../kernel/areas.ts'

interface Option {
  value: string
  title: string
  path: string
  children?: Option[]
}

function optionsOf(index: AreaIndex): Option[] {
  const build = (code: string, above: string): Option => {
    const name = index.byCode.get(code)?.name ?? code
    const path = above ? `${above} › ${name}` : name
    const below = index.childrenOf.get(code)
    return {
      value: code,
      title: name,
      path,
      ...(below ? { children: below.map((child) => build(child.code, path)) } : {}),
    }
  }
  return index.roots.map(({ code }) => build(code, ''))
}

/** Chooses an area of the own subtree; searched by name or code, and shown with its path. */
export function AreaPicker({
  areas,
  value,
  onChange,
  label = t('区划'),
  id,
  className = 'area-select',
}: {
  readonly areas: AreaIndex
  readonly value?: string | undefined
  readonly onChange?: (code: string) => void
  readonly label?: string
  readonly id?: string
  readonly className?: string
}) {
  const options = useMemo(() => optionsOf(areas), [areas])
  return (
    <TreeSelect<string, Option>
      {...(id ? { id } : {})}
      className={className}
      aria-label={label}
      treeData={options}
      value={(value ?? null) as string}
      onChange={(code) => onChange?.(code)}
      treeNodeLabelProp="path"
      showSearch={{
        filterTreeNode: (input, node) => `${node.title}${node.value}`.toUpperCase().includes(input.toUpperCase()),
      }}
      treeDefaultExpandedKeys={areas.roots.map(({ code }) => code)}
      popupMatchSelectWidth={320}
      placeholder={t('选择区划')}
    />
  )
}
