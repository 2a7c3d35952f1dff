import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { keys } from '../../kernel/query.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'

export interface GrantValues {
  roleCode: string
  areaCode: string
  storeCode?: string
}

/** Grants as the contract takes them: an empty store is left out. */
export const grantsOf = (grants: readonly GrantValues[]): GrantValues[] =>
  grants.map(({ roleCode, areaCode, storeCode }) => ({
    roleCode,
    areaCode,
    ...(storeCode?.trim() ? { storeCode: storeCode.trim().toUpperCase() } : {}),
  }))

/** Form list `grants`: role, area and, if limited to one, the store. */
export function GrantFields() {
  const areas = useAreas()
  const roles = useQuery({ queryKey: keys.roles, queryFn: () => call('role.list') })
  return (
    <Form.List name="grants">
      {(fields, { add, remove }) => (
        <fieldset className="items">
          <legend>{t('授权')}</legend>
          {fields.map((field) => (
            <div key={field.key} className="grant-row">
              <Form.Item name={[field.name, 'roleCode']} rules={[{ required: true, message: t('请选择角色') }]}>
                <Select
                  aria-label={t('角色')}
                  placeholder={t('角色')}
                  loading={roles.isPending}
                  options={roles.data?.items.map(({ code, name }) => ({ value: code, label: name })) ?? []}
                />
              </Form.Item>
              <Form.Item name={[field.name, 'areaCode']} rules={[{ required: true, message: t('请选择区划') }]}>
                <AreaPicker areas={areas} className="wide" />
              </Form.Item>
              <Form.Item
                name={[field.name, 'storeCode']}
                rules={[{ pattern: /^[0-9A-Za-z-]{3,24}$/, message: t('编号不正确') }]}
              >
                <Input
                  aria-label={t('药店或经营主体编号（选填）')}
                  placeholder={t('药店或经营主体编号（选填）')}
                  maxLength={24}
                />
              </Form.Item>
              <Button disabled={fields.length === 1} onClick={() => remove(field.name)}>
                {t('删除')}
              </Button>
            </div>
          ))}
          <Button disabled={fields.length >= 20} onClick={() => add({ areaCode: areas.roots[0]?.code })}>
            {t('加一项授权')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}
