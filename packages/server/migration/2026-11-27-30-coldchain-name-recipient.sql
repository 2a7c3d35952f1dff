-- For whom an exit certificate was issued; null: for the lot, whoever takes of it. A buyer sees what was issued to itself, and the newest
-- of those that name nobody.
ALTER TABLE coldchain.certificate ADD COLUMN to_id uuid REFERENCES coldchain.holder;
