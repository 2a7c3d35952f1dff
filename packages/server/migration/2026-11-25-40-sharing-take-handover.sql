-- Persons handed over to a community or a CDC are sent at once, each sheet as a delivery of its own.
ALTER TABLE sharing.destination DROP CONSTRAINT destination_list_check;
ALTER TABLE sharing.destination ADD CONSTRAINT destination_list_check
  CHECK (list IN ('purchases', 'reimbursements', 'joint-inspections', 'followups'));
ALTER TABLE sharing.destination DROP CONSTRAINT destination_kind_check;
ALTER TABLE sharing.destination ADD CONSTRAINT destination_kind_check
  CHECK (kind IN ('province', 'digital-office', 'medical-insurance', 'community', 'cdc', 'other'));
ALTER TABLE sharing.delivery DROP CONSTRAINT delivery_kind_check;
ALTER TABLE sharing.delivery ADD CONSTRAINT delivery_kind_check CHECK (kind IN ('scheduled', 'manual', 'handover', 'test'));
ALTER TABLE sharing.delivery ADD sheet_id uuid, ADD CHECK ((sheet_id IS NOT NULL) = (kind = 'handover'));
CREATE INDEX ON sharing.delivery (sheet_id, id) WHERE sheet_id IS NOT NULL;
