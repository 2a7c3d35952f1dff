-- The file of a delivery is an export, by a template where the recipient has one: numbered, traced row by row, and so
-- comparable with later corrections. Only JSON lines and tests are made here (file_id).
ALTER TABLE sharing.destination ADD template_id uuid;
ALTER TABLE sharing.delivery ADD template_id uuid, ADD export_id uuid;
