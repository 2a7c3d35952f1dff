-- Who answers for clear text: whoever set it up, changed it or took it up last. Asked at every push.
ALTER TABLE sharing.destination ADD clear_by uuid;
UPDATE sharing.destination d SET clear_by = (
  SELECT actor_id FROM audit.entry e
  WHERE e.object = 'destination:' || d.id AND e.action IN ('sharing.create', 'sharing.change', 'sharing.set-state')
    AND e.detail->>'state' IS DISTINCT FROM 'paused'
  ORDER BY seq DESC LIMIT 1
) WHERE clear;

-- Held: whoever answers for its clear text may not let it out any more; a person decides.
ALTER TABLE sharing.delivery DROP CONSTRAINT delivery_status_check, ADD CONSTRAINT delivery_status_check
  CHECK (status IN ('preparing', 'waiting', 'held', 'acknowledged', 'dead', 'closed'));
DROP INDEX sharing.delivery_destination_id_status_idx;
CREATE INDEX ON sharing.delivery (destination_id, status) WHERE status IN ('preparing', 'waiting', 'held', 'dead');
