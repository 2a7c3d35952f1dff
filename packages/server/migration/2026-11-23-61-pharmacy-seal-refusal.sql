-- Whom a sale was refused to, sealed under the key of its month: gone when the month is shredded.
ALTER TABLE pharmacy.refusal ADD COLUMN document_type text;
ALTER TABLE pharmacy.refusal ADD COLUMN key_month text;
ALTER TABLE pharmacy.refusal ADD COLUMN sealed bytea;
-- Refusals of one order, newest first.
CREATE INDEX refusal_reason_idx ON pharmacy.refusal (reason_code, id);
CREATE INDEX refusal_store_idx ON pharmacy.refusal (store_code, id);
