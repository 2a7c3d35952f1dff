-- How far a sheet has come that is sent by itself; none for one that is given by hand.
ALTER TABLE followup.sheet
  ADD delivery text CHECK (delivery IN ('waiting', 'refused', 'received')),
  ADD delivery_error text;
