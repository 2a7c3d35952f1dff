-- Lines of a recall are worked out of the ledger in the transaction that writes them, and neither lots nor holders are ever deleted:
-- checking each of thousands against them again took longer than writing them.
ALTER TABLE coldchain.recall_line DROP CONSTRAINT recall_line_lot_id_fkey, DROP CONSTRAINT recall_line_holder_id_fkey,
  DROP CONSTRAINT recall_line_to_id_fkey;
