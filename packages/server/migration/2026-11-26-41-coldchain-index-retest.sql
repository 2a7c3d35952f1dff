-- Whether a positive sample was tested again is asked for every lot that is shown.
CREATE INDEX ON coldchain.sample (retest_of) WHERE retest_of IS NOT NULL;
