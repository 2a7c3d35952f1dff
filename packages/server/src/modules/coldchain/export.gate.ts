/** Whether lot `l` concerns the scope in $1: it came to or is owned from there, or some of it is or was there. */
export const lotConcerns = `(l.path ^@ ANY ($1::text[])
  OR EXISTS (SELECT FROM coldchain.holder c WHERE c.id = l.owner_id AND c.path ^@ ANY ($1::text[]))
  OR EXISTS (SELECT FROM coldchain.balance c WHERE c.lot_id = l.id AND c.path ^@ ANY ($1::text[]))
  OR EXISTS (SELECT FROM coldchain.dispatch c WHERE c.lot_id = l.id AND c.to_path ^@ ANY ($1::text[])))`

/** Where lot `l` stands before the gate: the SQL of `gateOf` in release.domain.ts, for lists that are filtered by it. */
export const gateSql = `(SELECT CASE
    WHEN NOT (l.kind = 'made' OR EXISTS (SELECT FROM coldchain.movement m WHERE m.lot_id = l.id AND m.kind = 'enter')) THEN 'declared'
    WHEN count(*) > 0 AND bool_and(root.releases % 2 = 1) THEN 'released'
    WHEN bool_or(root.releases > 0 AND root.releases % 2 = 0) THEN 'withdrawn'
    WHEN EXISTS (SELECT FROM coldchain.sample s WHERE s.lot_id = l.id AND s.result = 'positive' AND NOT EXISTS (
      SELECT FROM coldchain.sample again WHERE again.retest_of = s.id HAVING count(*) > 0 AND bool_and(again.result = 'negative'))) THEN 'positive'
    ELSE 'testing' END
  FROM coldchain.lot_root k JOIN coldchain.lot root ON root.id = k.root_id WHERE k.lot_id = l.id)`
