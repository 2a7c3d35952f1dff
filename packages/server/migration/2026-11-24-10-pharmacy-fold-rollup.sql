-- Slots keep sessions that sell on the same day apart. A day that is over needs them no more: housekeeping adds its slots into
-- the first one, so that a question over a month reads one row a county, class and day instead of up to eight.
GRANT DELETE ON pharmacy.rollup_county_day TO vigil_app;
