/**
 * Alerts of a period with what the figures need, one row each; `$1` and `$2` are the first and last day of opening, `$3` the
 * subtrees asked for, `$4` the present. `counties` counts those of them where the alert's own units lie.
 */
export const responseRows = `SELECT a.id, a.grade, a.opened_at, a.due_at, a.answered_at, a.finding, a.state,
    date_trunc('week', a.opened_at AT TIME ZONE 'Asia/Shanghai')::date AS week,
    extract(epoch FROM a.answered_at - a.opened_at) / 60 AS minutes,
    a.answered_at IS NOT NULL OR a.due_at <= $4 AS due, a.answered_at <= a.due_at AS in_time,
    (SELECT array_agg(DISTINCT u.county) FROM alert.unit u WHERE u.alert_id = a.id AND u.path ^@ ANY ($3::text[])) AS counties
  FROM alert.alert a
  WHERE a.state <> 'merged' AND a.opened_at >= ($1::date)::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND a.opened_at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND EXISTS (SELECT FROM alert.unit u WHERE u.alert_id = a.id AND u.path ^@ ANY ($3::text[]))`

/** Columns of the figures over rows of `responseRows`; a median is that of the answered ones. */
export const responseFigures = `count(*)::int AS alerts, count(minutes)::int AS answered,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS median, percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes) AS p90,
  (count(*) FILTER (WHERE in_time))::float8 / nullif(count(*) FILTER (WHERE due), 0) AS in_time,
  count(finding)::int AS judged, (count(*) FILTER (WHERE finding = 'true'))::int AS found_true`

/** Groups by what a table of the figures is broken down; `key` and `name` of each row. */
export const responseGroups = {
  county: {
    from: `unnest(r.counties) AS g(key)`,
    key: 'g.key',
    name: `(SELECT name FROM area.area WHERE code = g.key)`,
  },
  grade: { from: null, key: 'r.grade', name: 'r.grade' },
  week: { from: null, key: 'r.week::text', name: 'r.week::text' },
  rule: {
    from: `LATERAL (SELECT DISTINCT rule_id || ' ' || rule_version AS key, rule_name || ' 第 ' || rule_version || ' 版' AS name
      FROM alert.signal s WHERE s.alert_id = r.id AND s.grade IS NOT NULL) g`,
    key: 'g.key',
    name: 'g.name',
  },
} as const

export type ResponseGroup = keyof typeof responseGroups

/** The whole table: one row for each group. */
export function responseTable(by: ResponseGroup): string {
  const { from, key, name } = responseGroups[by]
  return `SELECT ${key} AS key, max(${name}) AS name, ${responseFigures}
    FROM (${responseRows}) r${from ? `, ${from}` : ''} GROUP BY ${key} ORDER BY ${key}`
}
