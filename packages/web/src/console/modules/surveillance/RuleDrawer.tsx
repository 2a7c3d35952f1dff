import { useQuery } from '@tanstack/react-query'
import type { Rule, RuleVersion } from '@vigil/contract'
import { Alert, Button, Descriptions, Drawer } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { GradeMark } from '../../ui/GradeMark.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { BacktestPanel } from './BacktestPanel.tsx'
import { adviceOf, coverage, detectorNames, detectorNotes, moves } from './words.ts'

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.rules })

function StateButton({ rule, version }: { readonly rule: Rule; readonly version: number | null }) {
  const { id, name, revision } = rule
  const pause = version === null
  return (
    <ConfirmButton
      label={pause ? t('停用') : t('启用第 {version} 版', { version })}
      title={pause ? t('停用 {name}', { name }) : t('启用 {name} 第 {version} 版', { name, version })}
      button={{ danger: pause }}
      onConfirm={() => call('surveillance.activate', { params: { id }, body: { version, revision } })}
      onDone={refresh}
    >
      <p>
        {pause
          ? t('停用后不再按此规则判断，也不再产生新的预警；可随时重新启用。')
          : t('启用后按这一版重新计算各单位的状态，几分钟内完成。')}
      </p>
    </ConfirmButton>
  )
}

function Settings({ version }: { readonly version: RuleVersion }) {
  const { settings, note } = version
  const { grades } = settings
  return (
    <Descriptions
      column={1}
      bordered
      size="small"
      items={[
        {
          key: 'detector',
          label: t('监测方法'),
          children: (
            <>
              {detectorNames[settings.detector]}
              <div className="muted">{detectorNotes[settings.detector]}</div>
            </>
          ),
        },
        { key: 'what', label: t('监测范围'), children: coverage(settings) },
        {
          key: 'grades',
          label: t('预警等级'),
          children: (
            <div className="in-line">
              {(['blue', 'yellow', 'orange', 'red'] as const).map((grade) => (
                <span key={grade} className="in-line">
                  <GradeMark grade={grade} /> {t('≥ {value}', { value: grades[grade] })}
                </span>
              ))}
              <span className="muted">{t('（标准差）')}</span>
            </div>
          ),
        },
        {
          key: 'budget',
          label: t('误报预算'),
          children: t('每区县每周不超过 {budget} 次', { budget: settings.budget }),
        },
        {
          key: 'least',
          label: t('判断条件'),
          children: t('至少超出预期 {excess} 笔；已报告药店占平日销量 {share}% 以上；学习最近 {days} 天', {
            excess: settings.minExcess,
            share: Math.round(settings.minCompleteness * 100),
            days: settings.historyDays,
          }),
        },
        ...(settings.maxAgeDays === undefined
          ? []
          : [
              {
                key: 'age',
                label: t('适用范围'),
                children: t('只判断开始登记不满 {days} 天的单位', { days: settings.maxAgeDays }),
              },
            ]),
        { key: 'note', label: t('说明'), children: note || '—' },
        { key: 'by', label: t('制定'), children: `${version.createdBy} · ${formatTime(version.createdAt)}` },
      ]}
    />
  )
}

/** One rule: what it says, all its versions, and the back-test of each. */
export function RuleDrawer({
  rule,
  onClose,
  onEdit,
}: {
  readonly rule: Rule | undefined
  readonly onClose: () => void
  readonly onEdit: () => void
}) {
  const can = useCan()
  const [chosen, setChosen] = useState<number>()
  const query = useQuery({
    queryKey: [...keys.rules, rule?.id, rule?.revision],
    queryFn: () => call('surveillance.rule', { params: { id: rule!.id } }),
    enabled: rule !== undefined,
    refetchInterval: ({ state }) =>
      state.data?.versions.some(({ backtest }) => moves(backtest?.state)) ? 1000 : false,
  })
  const shown = chosen ?? rule?.current.version
  const version = query.data?.versions.find((one) => one.version === shown)
  const manage = can('rule.manage')
  return (
    <Drawer
      open={rule !== undefined}
      onClose={onClose}
      afterOpenChange={(open) => {
        if (!open) setChosen(undefined)
      }}
      size={760}
      title={rule?.name ?? t('监测规则')}
      extra={manage ? <Button onClick={onEdit}>{t('修改')}</Button> : null}
    >
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {rule && !query.data && !query.error ? <Loading /> : null}
      {rule && version ? (
        <div className="stack">
          {adviceOf(rule) ? <Alert type="warning" showIcon title={adviceOf(rule)} /> : null}
          <nav className="in-line" aria-label={t('版本')}>
            {query.data?.versions.map((one) => (
              <Button
                key={one.version}
                size="small"
                type={one.version === shown ? 'primary' : 'default'}
                aria-pressed={one.version === shown}
                onClick={() => setChosen(one.version)}
              >
                {t('第 {version} 版', { version: one.version })}
                {one.version === rule.activeVersion ? t('（启用中）') : ''}
              </Button>
            ))}
          </nav>
          <div className="in-line">
            {rule.activeVersion === version.version ? (
              <Mark tone="good">{t('启用中')}</Mark>
            ) : (
              <Mark>{t('未启用')}</Mark>
            )}
            {manage && rule.activeVersion === version.version ? <StateButton rule={rule} version={null} /> : null}
            {manage && rule.activeVersion !== version.version ? (
              <StateButton rule={rule} version={version.version} />
            ) : null}
          </div>
          <Settings version={version} />
          <BacktestPanel rule={rule} version={version} />
        </div>
      ) : null}
    </Drawer>
  )
}
