-- A positive result may be tested again: by another sample, for a reason.
ALTER TABLE coldchain.sample
  ADD retest_of uuid REFERENCES coldchain.sample,
  ADD retest_reason text NOT NULL DEFAULT '',
  ADD CHECK ((retest_of IS NULL) = (retest_reason = ''));
