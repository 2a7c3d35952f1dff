-- The insurance bureau gets what was paid although it was barred, and the stores to be inspected together.
ALTER TABLE sharing.destination DROP CONSTRAINT destination_list_check;
ALTER TABLE sharing.destination ADD CONSTRAINT destination_list_check
  CHECK (list IN ('purchases', 'reimbursements', 'joint-inspections'));
